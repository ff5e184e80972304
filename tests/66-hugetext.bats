#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The target hugetext and its lab. Second witnesses are the bytes of the file, the mappings
# of the process, gdb, and a build that logs its own firings.

load helpers
load labs

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR"
}

# moved PID - "START END" of each anonymous mapping that may be executed, one a stretch
moved() {
	local start end
	sed -nE 's/^([0-9a-f]+)-([0-9a-f]+) r-xp 00000000 00:00 0 *$/\1 \2/p' "/proc/$1/maps" |
		while read -r start end; do
			for ((start = 0x$start; start < 0x$end; start += 0x200000)); do
				printf '%x\n' $start
			done
		done
}

base() { sed -n '1s/-.*//p' "/proc/$1/maps"; }

# at FILE ADDRESS SIZE - its bytes
at() { dd if="$1" bs=1 skip=$(($2)) count=$(($3)) status=none | od -An -v -tx1; }

# stretch PID START - the section of that stretch: "OFFSET SIZE"
stretch() {
	readelf -SW "$BIN/hugetext" | sed 's/^ *\[ *[0-9]*\]//' |
		awk -v at="$(printf '%016x' $((0x$2 - 0x$(base "$1"))))" '$3 == at {print "0x" $4, "0x" $5}'
}

# answers SEED [PID] - what the lab's witness says
answers() {
	TMP=$BATS_TEST_TMPDIR "$KIT/labs/11-hugetext/witness" "$1" "$(($1 + 1))" "${2:-}"
}

value() { sed -n "s/^$1=//p" "$2"; }

# anonymous PID STEP - is its function in memory that is no file's?
anonymous() {
	local at start
	at=$((0x$(base "$1") + 0x$(nm "$BIN/hugetext" | sed -n "s/ t $2$//p")))
	for start in $(moved "$1"); do
		((0x$start <= at && at < 0x$start + 0x200000)) && return
	done
	return 1
}

@test "two stretches of text are moved, byte by byte as the file has them" {
	need_root
	start_target hugetext 1
	run -0 moved "$TARGET_PID"
	assert_equal "${#lines[@]}" 2
	for start in "${lines[@]}"; do
		read -r offset size < <(stretch "$TARGET_PID" "$start")
		[ $((size)) -gt 16 ]
		assert_equal "$(at "/proc/$TARGET_PID/mem" "0x$start" "$size")" \
			"$(at "$BIN/hugetext" "$offset" "$size")"
	done
}

@test "which stretches, and which step is silent, the seed says" {
	for seed in $(seq 1 12); do
		start_target hugetext "$seed"
		moved "$TARGET_PID" | while read -r start; do
			printf '%x\n' $((0x$start - 0x$(base "$TARGET_PID")))
		done | xargs >>pairs
		kill "$TARGET_PID"
	done
	[ "$(sort -u pairs | wc -l)" -ge 4 ] || fail "$(cat pairs)"
	assert_equal "$(xargs -n 1 <pairs | sort -u | xargs)" '200000 400000 600000 800000'
}

@test "the kernel is asked for large pages, and the small file does not show their size" {
	[ -d /sys/kernel/mm/transparent_hugepage ] || cannot "needs transparent huge pages"
	start_target hugetext 2
	flags=$(awk '/ r-xp 00000000 00:00 0 *$/ {on = 1} on && /^VmFlags/ {print; on = 0}' \
		"/proc/$TARGET_PID/smaps")
	[ -n "$flags" ]
	run ! grep -vw hg <<<"$flags"
	[ "$(du -k "$BIN/hugetext" | cut -f1)" -lt 1000 ]
}

# lives PID - has it begun another round since?
lives() {
	local before
	before=$(cat "$HEARTBEAT")
	went_on() { [ "$(cat "$HEARTBEAT")" != "$before" ]; }
	wait_for 5 -p "$1" went_on
}

# silent_but_taken FILE - the steps that taken tells of in these events and that do not fire
silent_but_taken() {
	jq -rs '(map(select(.name == "taken") | .args[0]) - map(.name)) | unique | .[]' "$1"
}

@test "started by a tracer that is there from the first instruction, it lives" {
	need_root
	need_bpf
	need_cmd jq
	answers 3 >answers
	run -0 --separate-stderr usdt trace -c "$BIN/hugetext" -d 4 -F json -o events \
		'bakery:*' < <(echo 3)
	[ "$(grep -c '"name":"round"' events)" -ge 2 ]
	assert_equal "$(silent_but_taken events)" "$(value silent answers)"
	assert_equal "$(jq -rs 'map(select(.name == "taken" and .args[0] == "'"$(value silent answers)"'")
		| .args[1]) | unique | join(" ")' events)" "$(value times answers)"
}

@test "started while a tracer waits for it, it lives, and has no breakpoint in moved text" {
	need_root
	need_bpf
	need_cmd jq
	answers 4 >answers
	attach "$BIN/hugetext:bakery:*"
	start_target hugetext 4
	lives "$TARGET_PID"
	rounds() { [ "$(grep -c '"name":"round"' events)" -ge 3 ]; }
	wait_for 10 -p "$TRACER" rounds
	for start in $(moved "$TARGET_PID"); do
		read -r offset size < <(stretch "$TARGET_PID" "$start")
		assert_equal "$(at "/proc/$TARGET_PID/mem" "0x$start" "$size")" \
			"$(at "$BIN/hugetext" "$offset" "$size")"
	done
	kill -INT "$TRACER"
	wait_for 5 gone "$TRACER"
	assert_equal "$(silent_but_taken events)" "$(value silent answers)"
	lives "$TARGET_PID"
}

@test "a copy of what is in memory would have brought breakpoints along" {
	need_root
	need_bpf
	sed 's|^static ssize_t read_text(|static ssize_t unused(|' \
		"$KIT/targets/lib/huge_text.c" >copying.c
	sed -i 's|^void hugify(|static char copy[0x1000];\
static ssize_t read_text(char *start, size_t size)\
{\
	memcpy(start, copy, size);\
	return size;\
}\
&|; s|^	if (moved_count == STRETCHES|	memcpy(copy, start, size);\n&|' copying.c
	gcc "${CFLAGS[@]}" -w -o copying "$KIT/targets/hugetext.c" copying.c "$BIN/libtarget.a"
	run -124 timeout 3 ./copying < <(echo 3)
	attach ./copying:bakery:'*'
	run ./copying < <(echo 3)
	assert_equal "$status" $((128 + 5)) # SIGTRAP
	kill -INT "$TRACER"
}

@test "gdb, which writes its breakpoints into memory, hears what is silent" {
	need_root
	need_cmd gdb
	start_target hugetext 5
	answers 5 "$TARGET_PID" >answers
	silent=$(value silent answers)
	anonymous "$TARGET_PID" "$silent"
	run -0 gdb -batch -p "$TARGET_PID" -ex "break -probe-stap bakery:$silent" -ex continue
	assert_output --partial "Breakpoint 1, $silent ()"
	lives "$TARGET_PID"
}

# hits OPTION... - how many usdt counts in a second
hits() {
	usdt count -d 1 "$@" 2>/dev/null | awk '/in all/ {print $1}'
}

@test "what else the chapter says of silence: writable text, a file that was replaced" {
	need_root
	need_bpf
	test_target patched
	for how in never open shut; do
		./patched $how 3>&- &
		ends_with_test $!
		wait_for 5 is_program $! ./patched
		count=$(hits -p $! work)
		if [ $how = open ]; then
			assert_equal "$count" 0
		else
			[ "$count" -gt 10 ]
		fi
		kill $!
	done
	./patched never 3>&- &
	ends_with_test $!
	wait_for 5 is_program $! ./patched
	cp patched new
	mv new patched
	assert_equal "$(hits ./patched:work)" 0
	[ "$(hits -p $! work)" -gt 10 ]
}

@test "every round has the same firings, in another order" {
	answers 6 >answers # compiles it
	SDT_LOG=log ./hugetext-logging < <(echo 6) >/dev/null 3>&- &
	ends_with_test $!
	begun() { [ "$(grep -c '^round ' log)" -ge 4 ]; }
	wait_for 10 -p $! begun
	awk '$1 == "round" {r++; next} {print $1, $2 > "round." r}' log
	for round in 1 2 3; do
		sort round.$round >sorted.$round
	done
	cmp sorted.1 sorted.2
	cmp sorted.1 sorted.3
	run ! cmp -s round.1 round.2
	assert_equal "$(grep -c '^taken ' round.1)" 7
	awk '$1 == "round" {if (last) print ($NF - last) / 1e6; last = $NF}' log | sort -n |
		awk 'NR == 1 && ($1 < 900 || $1 > 2000) {exit 1}'
}

@test "of 20 seeds no live answer occurs more than three times" {
	jobs=()
	answers 100 >/dev/null # compiles what the others use
	for seed in $(seq 1 2 20); do
		answers "$seed" >"values.$seed" 3>&- &
		jobs+=($!)
	done
	for job in "${jobs[@]}"; do
		wait "$job"
	done
	for seed in $(seq 1 2 20); do
		sed -n 's/^silent=//p; s/^times=//p' "values.$seed" | xargs
		sed -n 's/^other-silent=//p; s/^other-times=//p' "values.$seed" | xargs
	done | sort | uniq -c | sort -rn >often
	[ "$(awk '{n += $1} END {print n}' often)" = 20 ]
	[ "$(awk 'NR == 1 {print $1}' often)" -le 3 ] || fail "$(cat often)"
}

@test "the mapping is another one each time it starts" {
	for _ in 1 2 3; do
		start_target hugetext 7
		moved "$TARGET_PID" | head -n 1 >>starts
		kill "$TARGET_PID"
	done
	[ "$(sort -u starts | wc -l)" -ge 2 ]
}

@test "nothing of it in argv, environ, open files or the heartbeat; SIGTERM ends it at once" {
	start_target hugetext 8
	answers 8 >answers
	proc=/proc/$TARGET_PID
	{
		tr '\0' '\n' <"$proc/cmdline"
		tr '\0' '\n' <"$proc/environ"
		ls -l "$proc/fd"
		cat "$HEARTBEAT"
	} >seen
	run -1 grep -w "$(value silent answers)" seen
	assert_regex "$(cat "$HEARTBEAT")" '^rounds [0-9]{10}$'
	used=$(awk '{print $14 + $15}' "$proc/stat")
	[ "$used" -le 30 ]
	kill -TERM "$TARGET_PID"
	wait_for 1 gone "$TARGET_PID"
}

@test "a truth that wants a name told says what it lacks" {
	mkdir -p kit/bin kit/labs
	cp "$BIN/grade" kit/bin/
	cp -rL "$KIT/labs/11-hugetext" kit/labs/
	sed -i '0,/ by: arg0/s// by: location/' kit/labs/11-hugetext/lab.yaml
	run -99 kit/bin/grade < <(ask hugetext silent 'x 1')
	assert_output --partial 'truth silent needs an argument that tells names'
	sed -i '0,/          then: bakery:taken/s///' kit/labs/11-hugetext/lab.yaml
	run -99 kit/bin/grade < <(ask hugetext silent 'x 1')
	assert_output --partial 'truth silent needs a probe that comes then'
}

# revealed QUESTION COMMAND - what that command of the reveal prints, NAME filled in
revealed() {
	bpfhol reveal "hugetext.$1" | awk -v command="$2" '
		index($0, command) { on = 1 } /^[^ ]/ { on = 0 } on && !index($0, command) && /^ {10}[a-z]/ { on = 0 } on' |
		sed "s/sudo //; s/NAME/$3/" >how
	bash how 2>said
}

@test "what is revealed leads to the right answers" {
	need_root
	need_bpf
	need_cmd gdb
	run -0 bpfhol start hugetext
	pid=$(bpfhol pid hugetext)
	run -1 bpfhol answer hugetext.silent bake 1000
	run -1 bpfhol answer hugetext.mapping 1000
	revealed silent 'usdt count' | sed -n 's/.*bakery://p' >fires
	revealed silent 'usdt trace' | sed -n 's/.*arg0="\(.*\)" arg1=\(.*\)/\1 \2/p' | sort -u |
		grep -vwFf fires >silent
	assert_equal "$(wc -l <silent)" 1
	run -0 bpfhol answer hugetext.silent "$(cat silent)"
	name=$(cut -d' ' -f1 silent)
	address=$(revealed mapping 'usdt list' "$name" | sed -n 's/.*address \(0x[^,]*\),.*/\1/p')
	start=$(revealed mapping maps | while IFS='- ' read -r from to _; do
		[ -n "${base:-}" ] || base=$from
		((0x$from <= 0x$base + address && 0x$base + address < 0x$to)) && echo "$from" || true
	done)
	gdb=$(revealed mapping gdb "$name" | sed -n "s/^stap.* $name *\(0x[0-9a-f]*\) .*/\1/p")
	assert_equal $((gdb)) $((0x$(base "$pid") + address))
	run -0 bpfhol answer hugetext.mapping "$start"
}
