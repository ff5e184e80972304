#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The target mapper. Its second witness is a build that logs its own firings; semaphores
# are read, and raised as older tools do, in /proc/PID/mem, at the address nm tells.

load helpers

setup_file() {
	export LOGGED=$BATS_FILE_TMPDIR/mapper
	gcc -std=gnu11 -D_GNU_SOURCE -g -O1 -fno-inline -D_SDT_HAS_SEMAPHORES=1 \
		-I "$KIT/targets/lib" -include "$KIT/tests/sdt_log.h" -o "$LOGGED" \
		"$KIT/targets/mapper.c" "$BIN/libtarget.a"
}

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR"
}

# semaphore PID NAME - where it is in that process
semaphore() {
	local base
	base=$(head -n 1 "/proc/$1/maps")
	echo $((0x${base%%-*} + 0x$(nm "/proc/$1/exe" | sed -n "s/ . mapper_$2_semaphore$//p")))
}

value() { # PID NAME
	dd if="/proc/$1/mem" bs=1 skip="$(semaphore "$1" "$2")" count=2 status=none |
		od -An -tu2 | tr -d ' '
}

reads() { # PID NAME VALUE
	[ "$(value "$1" "$2")" = "$3" ]
}

raise() { # PID NAME
	printf '\1\0' | dd of="/proc/$1/mem" bs=1 seek="$(semaphore "$1" "$2")" conv=notrunc \
		status=none
}

# logged SEED LOG [NAME...] - the log of three rounds and a bit, with these semaphores
# raised in the first; ends the program again
logged() {
	local seed=$1 log=$2 name pid
	shift 2
	SDT_LOG=$log "$LOGGED" < <(echo "$seed") >/dev/null 3>&- &
	pid=$!
	ends_with_test "$pid"
	wait_for 5 -p "$pid" test -s "$log"
	for name; do raise "$pid" "$name"; done
	four_markers() { [ "$(grep -c '^round ' "$log")" -ge 4 ]; }
	wait_for 10 -p "$pid" four_markers
	kill "$pid"
}

# whole_round LOG [N] - all that fires between the marker of the Nth round and the next
whole_round() {
	awk -v n="${2:-2}" '/^round / {at++; next} at == n' "$1"
}

# witness SEED OTHER FILE - what the lab's witness says of them
witness() {
	mkdir -p "$BATS_TEST_TMPDIR/witness.$1"
	TMP=$BATS_TEST_TMPDIR/witness.$1 "$KIT/labs/06-enabled/witness" "$1" "$2" >"$3"
}

# said FILE NAME... - the values of these names, in a line
said() {
	local file=$1 name
	shift
	for name; do sed -n "s/^$name=//p" "$file"; done | xargs
}

@test "one probe in three locations, each with the same semaphore and the same operands" {
	run readelf -n "$BIN/mapper"
	assert_equal "$(grep -c 'Name: large_map$' <<<"$output")" 3
	assert_equal "$(grep -A 1 'Name: large_map$' <<<"$output" | grep -o 'Semaphore: .*' |
		sort | uniq -c | awk '{print $1, $3}')" \
		"3 0x$(nm "$BIN/mapper" | sed -n 's/ . mapper_large_map_semaphore$//p')"
	assert_equal "$(grep -A 2 'Name: large_map$' <<<"$output" |
		grep -cE 'Arguments: 8@[^ ]+ -4@[^ ]+$')" 3
}

@test "every semaphore but one has its bytes in the file" {
	run nm "$BIN/mapper"
	assert_equal "$(grep -c '_semaphore$' <<<"$output")" 9
	assert_equal "$(sed -n 's/.* [bB] mapper_\(.*\)_semaphore$/\1/p' <<<"$output")" compact
	assert_equal "$(grep -c ' D mapper_.*_semaphore$' <<<"$output")" 8
}

@test "the kernel raises a semaphore once a location, whoever traces, and lowers it again" {
	need_root
	need_bpf
	start_target mapper 21
	pid=$TARGET_PID
	reads "$pid" large_map 0
	attach -p "$pid" large_map
	first=$TRACER
	reads "$pid" large_map 3
	attach -p "$pid" large_map
	second=$TRACER
	reads "$pid" large_map 3
	attach -p "$pid" '*'
	for probe in round call_start call_end walks unmap advise refused; do
		reads "$pid" "$probe" 1
	done
	reads "$pid" large_map 3
	reads "$pid" compact 0
	kill "$first" "$TRACER"
	wait "$first" "$TRACER" || true
	reads "$pid" walks 0
	reads "$pid" large_map 3
	kill "$second"
	wait "$second" || true
	reads "$pid" large_map 0
}

@test "bpftrace has the kernel raise it too, and gdb does it itself" {
	need_root
	need_bpf
	need_cmd bpftrace gdb
	start_target mapper 22
	bpftrace -p "$TARGET_PID" -e "usdt:$BIN/mapper:mapper:large_map { @ = count(); }" \
		>/dev/null 2>&1 3>&- &
	ends_with_test $!
	wait_for 20 -p $! reads "$TARGET_PID" large_map 3
	kill $!
	wait_for 5 reads "$TARGET_PID" large_map 0
	# Also the one that the kernel cannot: it writes where the process has it.
	run timeout 30 gdb -p "$TARGET_PID" -batch -ex 'break -probe-stap mapper:compact' \
		-ex continue
	assert_output --regexp 'Breakpoint 1, .*main'
}

@test "what nobody traces is not worked out, and what is guarded does not fire" {
	log=$BATS_TEST_TMPDIR/log
	logged 23 "$log"
	assert_equal "$(whole_round "$log" | cut -d' ' -f1 | sort | uniq -c | xargs)" \
		"20 call_end 20 call_start 20 walks"
	assert_equal "$(sed -n 's/^walks \[.*,\(.*\)\] .*/\1/p' "$log" | sort -u)" 0
}

@test "traced, every call works it out once; each round is like the other" {
	log=$BATS_TEST_TMPDIR/log
	logged 24 "$log" large_map unmap advise refused
	expected="20 advise 20 call_end 20 call_start 20 large_map 20 unmap 20 walks"
	for n in 2 3; do
		assert_equal "$(whole_round "$log" "$n" | cut -d' ' -f1 | sort | uniq -c | xargs)" \
			"$expected"
		whole_round "$log" "$n" | grep '^large_map' | cut -d' ' -f1-4 | sort \
			>"$BATS_TEST_TMPDIR/$n"
	done
	cmp "$BATS_TEST_TMPDIR/2" "$BATS_TEST_TMPDIR/3"
	# From all three places, and no size and no number of pages twice.
	assert_equal "$(cut -d' ' -f4 "$BATS_TEST_TMPDIR/2" | sort -u | wc -l)" 3
	assert_equal "$(grep -o '\[.*,' "$BATS_TEST_TMPDIR/2" | sort -u | wc -l)" 20
	assert_equal "$(grep -o ',.*\]' "$BATS_TEST_TMPDIR/2" | sort -u | wc -l)" 20
	assert_equal "$(whole_round "$log" | sed -n 's/^walks \[\(.*\),\(.*\)\] .*/\1-\2/p' | bc |
		sort -u | wc -l)" 1
}

@test "a semaphore in .bss does work for who writes into the process" {
	log=$BATS_TEST_TMPDIR/log
	logged 25 "$log" compact
	assert_equal "$(grep -c '^compact ' "$log")" 3
	run ! grep '^refused' "$log"
}

@test "the tracer and the program's own log say the same" {
	need_root
	need_bpf
	log=$BATS_TEST_TMPDIR/log
	logged 26 "$log" large_map
	start_target mapper 26
	usdt trace -p "$TARGET_PID" -n 60 -F json large_map 2>/dev/null >"$BATS_TEST_TMPDIR/events"
	diff <(sed -n 's/.*"args":\(\[.*\]\)}$/\1/p' "$BATS_TEST_TMPDIR/events" | sort -u) \
		<(whole_round "$log" | sed -n 's/^large_map \(.*]\) .*/\1/p' | sort)
}

@test "one seed gives the same each time, and of 20 no answer fits more than three" {
	cd "$BATS_TEST_TMPDIR"
	for seed in $(seq 1 2 19); do
		witness "$seed" $((seed + 1)) "$seed" 3>&- &
		[ $((seed % 5)) != 0 ] || wait
	done
	wait
	for seed in $(seq 1 2 19); do
		said "$seed" size pages off on
		said "$seed" other-size other-pages other-off other-on
	done >all
	assert_equal "$(cut -d' ' -f1,2 all | sort -u | wc -l)" 20
	# Of the two times together, with the tolerance there is.
	awk '{off[NR] = $3; on[NR] = $4}
		function near(a, b) {return a > b * 0.85 && a < b * 1.15}
		END {for (i = 1; i <= NR; i++) {
			for (n = j = 0; ++j <= NR;) n += near(off[i], off[j]) && near(on[i], on[j])
			if (n > most) most = n}
			if (NR != 20 || most > 3) exit 1}' all
	witness 7 7 again
	assert_equal "$(said again size pages other-size other-pages)" \
		"$(said 7 size pages size pages)"
}

@test "the answers are not in strings, argv, environ, maps, open files or the heartbeat" {
	witness 27 28 "$BATS_TEST_TMPDIR/27"
	read -r size pages < <(said "$BATS_TEST_TMPDIR/27" size pages)
	[ "$size" -gt 0 ] && [ "$pages" -gt 0 ]
	start_target mapper 27
	proc=/proc/$TARGET_PID
	{
		strings -a "$BIN/mapper"
		tr '\0' '\n' <"$proc/cmdline"
		tr '\0' '\n' <"$proc/environ"
		cat "$proc/maps" "$proc/status" "$proc/comm"
		ls -l "$proc/fd" "$proc/cwd" "$proc/exe"
		cat "$HEARTBEAT" "$BATS_TEST_TMPDIR/mapper.log"
	} >"$BATS_TEST_TMPDIR/seen"
	run grep -iwE "$size|$(printf '%x' "$size")" "$BATS_TEST_TMPDIR/seen"
	assert_failure 1
}

@test "what a call takes is not measured while somebody else has it work" {
	need_root
	need_bpf
	start_target mapper 30
	attach -p "$TARGET_PID" unmap
	question="{\"lab\":\"enabled\",\"question\":\"cost\",\"answer\":\"1 2\",\"pid\":$TARGET_PID}"
	run -77 grade <<<"$question"
	assert_output --partial 'mapper:unmap is up'
	kill "$TRACER"
	wait "$TRACER" || true
	run -1 grade <<<"$question"
}

@test "a number that a tool has written into is not held against the answer" {
	need_root
	need_bpf
	local pid tracer
	start_target mapper 17
	pid=$TARGET_PID
	ask() { printf '{"lab":"enabled","question":"semaphore","answer":"%s","pid":%d}\n' "$1" "$pid"; }
	# Somebody who has the kernel raise it makes no difference.
	usdt trace -q -p "$pid" large_map >/dev/null 2>&1 3>&- &
	tracer=$!
	ends_with_test "$tracer"
	wait_for 5 -p "$tracer" reads "$pid" large_map 3
	run -0 grade < <(ask '3 3')
	kill -INT "$tracer"
	wait_for 5 reads "$pid" large_map 0
	raise "$pid" large_map
	for answer in '3 3' '4 4'; do
		run -77 grade < <(ask "$answer")
		assert_output --partial 'has written into the semaphore'
	done
}

@test "it leaves the processor alone" {
	start_target mapper 28
	ticks() { awk '{print $14 + $15}' "/proc/$TARGET_PID/stat"; }
	beats() { grep -oE '[1-9][0-9]*$' "$HEARTBEAT"; }
	before=$(ticks) from=$(beats)
	later() { [ "$(beats)" -ge $((from + 60)) ]; }
	wait_for 10 -p "$TARGET_PID" later
	[ $(($(ticks) - before)) -le 20 ] # hundredths of a second, of about three
}

@test "a heartbeat in one line; SIGTERM ends it at once; by hand it draws a seed" {
	start_target mapper 29
	assert_regex "$(cat "$HEARTBEAT")" '^calls [0-9]{10}$'
	kill -TERM "$TARGET_PID"
	wait_for 1 gone "$TARGET_PID"
	run -124 timeout 0.5 "$BIN/mapper" </dev/null
	assert_line --regexp '^mapper: running as PID [0-9]+, twenty regions a second; Ctrl-C ends it$'
	assert_line 'mapper: no seed on standard input: took a random one'
}
