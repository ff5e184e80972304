#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The targets operands and bigprobe. What operands fires it also writes to a log of its
# own, in a build for that; its operands are read by readelf.

load helpers

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR"
}

# build OUTPUT VARIANT [CC [FLAG...]] - as `bpfhol start` does
build() {
	local output=$1 variant=$2 compiler=${3:-gcc}
	"$compiler" -std=gnu11 -D_GNU_SOURCE -Wall -Werror -g -O1 -fno-inline -DVARIANT="$variant" \
		"${@:4}" -I "$KIT/targets/lib" -o "$output" "$KIT/targets/operands.c" \
		"$BIN/libtarget.a"
}

# logged VARIANT [CC] - the same, with a log of its own
logged() {
	LOGGED=$BATS_TEST_TMPDIR/logged.$1
	[ -f "$LOGGED" ] || build "$LOGGED" "$1" "${2:-gcc}" -include "$KIT/tests/sdt_log.h"
}

# start_logged SEED - sets TARGET and LOG; back when a round is over
start_logged() {
	LOG=$LOGGED.$1
	rm -f "$LOG"
	SDT_LOG=$LOG "$LOGGED" < <(echo "$1") >/dev/null 2>&1 3>&- &
	TARGET=$!
	ends_with_test "$TARGET"
	wait_for 5 -p "$TARGET" round_over
}

round_over() { [ "$(grep -c '^global' "$LOG")" -ge 4 ]; }

# rounds_over N - are so many complete? The next one's marker tells.
rounds_over() { grep -q "^round \[$(($1 + 1))\]" "$LOG"; }

# first PROBE - the arguments of its first firing, by the log
first() { sed -n "s/^$1 \(\[.*\]\) operands .*/\1/p" "$LOG" | head -n 1; }

# operands PROGRAM PROBE
operands() {
	readelf -n "$1" | awk -v probe="$2" '$1 == "Name:" { on = $2 == probe }
		on && sub(/^ *Arguments: */, "") { sub(/ *$/, ""); print }'
}

# live VARIANT SEED - the answers to the live questions, one a line
live() {
	logged "$1"
	start_logged "$2"
	kill "$TARGET"
	first numbers | jq '.[2]'
	first text | jq -r '"\(map(type == "string") | index(true)) \(.[] | strings)"'
	sed -n 's/^global \["south",\(.*\)\].*/\1/p' "$LOG" | head -n 1
}

@test "gcc at -O1: a probe for each kind of operand, in every variant" {
	for variant in $(seq 0 15) 16 37 63; do
		build operands "$variant"
		run operands operands constant
		assert_output -- "-4@\$$variant -4@\$118"
		run operands operands field
		assert_output --regexp '^4@[1-9][0-9]*\(%r..\)$'
		run operands operands element
		assert_output --regexp '^-[12]@%d[lx] -?([248])@[1-9][0-9]*\(%r..,%r..,\1\)$'
		run operands operands numbers
		assert_output --regexp \
			'^-1@%[^ ]* 1@%[^ ]* -8@%[^ ]* 8@%[^ ]* -4@%[^ ]* 4@%[^ ]* -2@8\(%rsp\) 2@16\(%rsp\)$'
		run operands operands text
		assert_equal "$(wc -w <<<"$output")" 4
		assert_equal "$(grep -o ' *8@%r[a-z]*' <<<"$output" | wc -l)" 3
		run operands operands global
		assert_output --regexp '^8@%r.. -4@reading\(%rip\)$'
		[ "$(readelf -n operands | grep -c Provider:)" = 7 ]
	done
}

@test "each of the first 16 variants has another operand, and text comes in four places" {
	for compiler in gcc clang; do
		need_cmd "$compiler"
		for variant in $(seq 0 15); do
			build operands "$variant" "$compiler"
			operands operands element
		done | sort -u >seen
		# clang copies it to the stack first, so that only its size can differ there.
		case $compiler in
		gcc) assert_equal "$(wc -l <seen)" 16 ;;
		clang) [ "$(wc -l <seen)" -ge 4 ] ;;
		esac
	done
	for variant in 0 16 32 48; do
		logged "$variant"
		start_logged 3
		kill "$TARGET"
		first text | jq 'map(type == "string") | index(true)'
	done | sort -u >seen
	assert_equal "$(cat seen)" $'0\n1\n2\n3'
}

@test "make's own has variant 0" {
	run operands "$BIN/operands" constant
	assert_output -- '-4@$0 -4@$118'
}

@test "nothing stands between the probe and the copy of the registers" {
	for compiler in gcc clang; do
		need_cmd "$compiler"
		for flags in -O0 -O1 -O2; do
			build operands 22 "$compiler" -fno-inline "$flags"
			address=$(readelf -n operands | awk '/Name: element/ { on = 1 }
				on && /Location:/ { sub(/0x0*/, "", $2); sub(",", "", $2); print $2; exit }')
			run -0 objdump -d --no-show-raw-insn "--start-address=0x$address" \
				"--stop-address=$((0x$address + 16))" operands
			# clang -O0 jumps from each macro to the next.
			assert_equal "$(sed -n 's/^ *[0-9a-f]*:\t//p' <<<"$output" |
				sed 's/,.*//; s/  */ /g; /^jmp/d' | head -n 2)" $'nop\nmov %rax'
		done
	done
}

# whole REGISTER - the name of all of %bl, %dx, %sil, %r12w
whole() {
	local name=${1#%}
	case $name in
	r*) echo "${name%[bwd]}" ;;
	?[lx]) echo "r${name%[lx]}x" ;;
	*) echo "r${name%l}" ;;
	esac
}

# read_picture ADDRESS SIZE SIGN - what stands there; SIGN is "-" or nothing
read_picture() {
	local address=$1 size=$2 sign=$3 word value
	word=$(awk -v at="$(printf '0x%x:' $((address & ~7)))" '$1 == at { print $2 }' "$PICTURE")
	[ -n "$word" ] || return 1
	value=$((word >> 8 * (address & 7)))
	[ "$size" = 8 ] || value=$((value & (1 << 8 * size) - 1))
	if [ "$sign" = - ] && [ "$size" != 8 ] && ((value >> (8 * size - 1))); then
		value=$((value - (1 << 8 * size)))
	fi
	echo $value
}

@test "the operand, read by hand in the picture, gives what the program's log says" {
	need_cmd clang
	for compiled in 'gcc 0' 'gcc 1' 'gcc 2' 'gcc 3' 'gcc 62' 'clang 33' 'clang 30'; do
		read -r compiler variant <<<"$compiled"
		logged "$variant" "$compiler"
		start_logged $((variant + 100))
		PICTURE=$(find "/proc/$TARGET/fd" -lname '*memfd:stop.txt*')
		KIT=$KIT BIN=$BIN TMP=$BATS_TEST_TMPDIR "$KIT/labs/03-arguments/witness" \
			$((variant + 100)) 7 "$TARGET" >values
		operand=$(sed -n 's/^operand=//p' values) size=${operand%%@*}
		address=$(sed -n 's/^address=//p' values)
		value=$(read_picture "$address" "${size#-}" "${size%%[0-9]*}")
		assert_equal "$value" "$(first element | jq '.[1]')"
		# And the other one: the lowest bytes of gcc's register, always below zero.
		low=$(first element | jq '.[0]')
		read -r operand _ < <(operands "$LOGGED" element)
		word=$(awk -v name="$(whole "${operand#*@}")" '$1 == name { print $2 }' "$PICTURE")
		case $operand in
		-1@%*) assert_equal $(((word & 0xff) - 0x100)) "$low" ;;
		-2@%*) assert_equal $(((word & 0xffff) - 0x10000)) "$low" ;;
		*) assert_equal "$compiler" clang ;;
		esac
		kill "$TARGET"
	done
}

# by_hand - what is right for arguments.address, of the program that bpfhol started
by_hand() {
	local running operand address size
	running=$(bpfhol pid arguments)
	kept() { [ -s "/proc/$running/fd/3" ]; }
	wait_for 5 kept
	PICTURE=/proc/$running/fd/3
	KIT=$KIT BIN=$BIN TMP=$BATS_TEST_TMPDIR "$KIT/labs/03-arguments/witness" 1 2 "$running" >values
	operand=$(sed -n 's/^operand=//p' values) size=${operand%%@*}
	address=$(sed -n 's/^address=//p' values)
	echo "$address $(read_picture "$address" "${size#-}" "${size%%[0-9]*}")"
}

@test "an address that passed holds, although the next start has another" {
	bpfhol start arguments
	first=$(by_hand)
	run -0 bpfhol answer arguments.address "$first"
	run bpfhol check arguments
	assert_line 'arguments.address: pass'
	refute_output --partial 'that holds'
	bpfhol stop
	bpfhol start arguments
	second=$(by_hand)
	assert_not_equal "$second" "$first"
	run -77 bpfhol check arguments
	assert_line 'arguments.address: pass'
	assert_output --partial 'It passed, and that holds.'
	# An answer that is new is another matter.
	run -1 bpfhol answer -j arguments.address "$first"
	assert_output --partial 'Each start has a picture of its own'
	run -0 bpfhol answer arguments.address "$second"
	bpfhol stop
}

@test "the picture: sixteen registers, then words in order from the stack pointer; sealed" {
	start_target operands 4
	picture=/proc/$TARGET_PID/fd/3
	run cat "$picture"
	assert_equal "$(sed -n 's/^\(r[a-z0-9]*\) 0x[0-9a-f]*$/\1/p' <<<"$output" | tr '\n' ' ')" \
		"rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 "
	rsp=$(sed -n 's/^rsp //p' <<<"$output")
	words=$((${#lines[@]} - 16))
	[ $words -ge 8 ] && [ $words -le 64 ]
	for i in $(seq 0 $((words - 1))); do
		assert_regex "${lines[$((16 + i))]}" "^$(printf '0x%x' $((rsp + 8 * i))): 0x[0-9a-f]{16}$"
	done
	run bash -c "echo rax 0x0 >$picture"
	assert_failure
	before=$(cat "$picture") beat=$(cat "$HEARTBEAT")
	beaten() { [ "$(cat "$HEARTBEAT")" != "$beat" ]; }
	wait_for 5 -p "$TARGET_PID" beaten
	assert_equal "$(cat "$picture")" "$before"
}

# traces SEED - what would lead to it, as the picture shows numbers: the seed itself, what
# seed_mix() makes of it at first, and what it could be run backwards from
traces() {
	local n x y z
	printf '0x%x\n' "$1"
	for n in $(seq 1 128); do
		x=$(($1 + n * 0x9e3779b97f4a7c15))
		y=$(((x ^ x >> 30 & 0x3ffffffff) * 0xbf58476d1ce4e5b9))
		y=$(((y ^ y >> 27 & 0x1fffffffff) * 0x94d049bb133111eb))
		z=$(((x ^ x >> 33 & 0x7fffffff) * 0xff51afd7ed558ccd))
		z=$(((z ^ z >> 33 & 0x7fffffff) * 0xc4ceb9fe1a85ec53))
		printf '0x%x\n' "$x" $((y ^ y >> 31 & 0x1ffffffff)) $((z ^ z >> 33 & 0x7fffffff))
	done
}

@test "the picture does not lead to the seed" {
	need_cmd clang
	traces 1234567890123456789 >traces
	for compiled in gcc\ {0..15} 'gcc 20' 'gcc 41' 'gcc 62' 'clang 1' 'clang 2' 'clang 63'; do
		read -r compiler variant <<<"$compiled"
		build operands "$variant" "$compiler"
		./operands < <(echo 1234567890123456789) >/dev/null 2>&1 3>&- &
		ends_with_test $!
		kept() { [ -s "/proc/$1/fd/3" ]; }
		wait_for 5 kept $!
		sed 's/.* 0x0*/0x/' "/proc/$!/fd/3" >shown
		kill $!
		[ "$(wc -l <shown)" -ge 24 ]
		run grep -nxFf traces shown
		assert_failure 1
	done
}

@test "a draw leaves nothing of the seed in the registers, but for what was drawn" {
	need_cmd gdb
	traces 1234567890123456789 >traces
	echo 1234567890123456789 >seed
	gdb -batch -ex 'break seed_mix' -ex 'run <seed' -ex finish -ex 'info registers' \
		"$BIN/operands" >said 2>&1
	awk '$1 ~ /^r[a-z0-9]+$/ && $1 != "rip" && $1 != "rax" { print $2 }' said >shown
	assert_equal "$(wc -l <shown)" 15
	run grep -nxFf traces shown
	assert_failure 1
}

@test "every round has the same firings, and their values but for element and field" {
	logged 5
	start_logged 8
	wait_for 8 -p "$TARGET" rounds_over 3
	kill "$TARGET"
	for n in 1 2 3; do
		awk -v n="$n" '$1 == "round" { on = $2 == "[" n "]"; next } on' "$LOG" >round
		# A pointer is the same all the time, too.
		sed 's/ operands .*//' round | sort >round.$n
		assert_equal "$(cut -d' ' -f1 round.$n | uniq -c | tr -s ' \n' ' ')" \
			" 1 constant 1 element 1 field 4 global 1 numbers 1 text "
		sed -i '/^element\|^field/d' round.$n
	done
	cmp round.1 round.2
	cmp round.1 round.3
	assert_equal "$(grep -c '^element' "$LOG")" "$(grep '^element' "$LOG" | cut -d' ' -f2 | sort -u | wc -l)"
}

@test "of 20 seeds no live answer occurs more than three times" {
	for seed in $(seq 1 20); do live 9 "$seed" >"live.$seed"; done
	for question in 1 2 3; do
		for seed in $(seq 1 20); do sed -n "${question}p" "live.$seed"; done >all
		assert_equal "$(wc -l <all)" 20
		most=$(sort all | uniq -c | sort -rn | awk 'NR == 1 { print $1 }')
		[ "$most" -le 3 ]
	done
}

@test "one seed gives the same each time" {
	first=$(live 3 77)
	assert_equal "$(wc -l <<<"$first")" 3
	assert_equal "$(live 3 77)" "$first"
}

@test "the live answers are not in strings, argv, environ, maps, open files or the heartbeat" {
	{ read -r balance; read -r _ text; read -r south; } < <(live 0 15)
	start_target operands 15
	proc=/proc/$TARGET_PID
	{
		strings -a "$BIN/operands"
		tr '\0' '\n' <"$proc/cmdline"
		tr '\0' '\n' <"$proc/environ"
		cat "$proc/maps" "$proc/status" "$proc/stat" "$proc/comm"
		ls -l "$proc/fd" "$proc/cwd" "$proc/exe"
		cat "$HEARTBEAT" "$BATS_TEST_TMPDIR/operands.log" "$proc/fd/3"
	} >seen
	hex() { printf '%08x' $(($1 & 0xffffffff)); }
	for word in $text; do
		run grep -e "$word" seen
		assert_failure 1
	done
	run grep -e "${balance#-}" -e "$(hex "$balance")" -e "$south" -e "$(hex "$south")" seen
	assert_failure 1
}

@test "the tracer and the program's own log say the same" {
	need_root
	need_bpf
	{ read -r balance; read -r which text; read -r south; } < <(live 0 14)
	start_target operands 14
	usdt trace -p "$TARGET_PID" -d 3 -F json '*' >events 2>/dev/null
	assert_equal "$(arguments events | sed -n 's/^numbers \[-\?[0-9]*,[0-9]*,\(-\?[0-9]*\),.*/\1/p' | sort -u)" "$balance"
	assert_equal "$(arguments events | sed -n 's/^text //p' | jq -r ".[$which]" | sort -u)" "$text"
	assert_equal "$(arguments events | sed -n 's/^global \["south",\(.*\)\]/\1/p' | sort -u)" "$south"
}

@test "the variable that is handed over is 0 whenever the program sleeps" {
	need_cmd gdb
	start_target operands 2
	wait_for 5 -p "$TARGET_PID" grep -q '^State:[[:space:]]S' "/proc/$TARGET_PID/status"
	run gdb -batch -p "$TARGET_PID" -ex 'print reading'
	assert_line '$1 = 0'
}

@test "SIGTERM ends them at once, and there is a heartbeat" {
	for program in operands bigprobe; do
		start_target "$program" 1
		assert_regex "$(cat "$HEARTBEAT")" '^(rounds|ticks) [0-9]{10}$'
		kill -TERM "$TARGET_PID"
		wait_for 1 gone "$TARGET_PID"
	done
}

@test "bigprobe: one probe, a hyphen in its provider, the time's seconds" {
	run readelf -n "$BIN/bigprobe"
	assert_line --regexp '^ *Provider: clock-app$'
	assert_line --regexp '^ *Name: bigprobe$'
	assert_line --regexp '^ *Arguments: -8@[^ ]*$'
	assert_equal "$(grep -c Provider: <<<"$output")" 1
	need_root
	need_bpf
	start_target bigprobe
	before=$(date +%s)
	usdt trace -p "$TARGET_PID" -n 2 -F json 'clock-app:bigprobe' >events 2>/dev/null
	{ read -r first; read -r second; } < <(jq '.args[0]' events)
	[ "$first" -ge "$before" ] && [ "$second" -le "$(date +%s)" ]
	[ "$second" -gt "$first" ]
}

@test "started by hand, without a seed, operands takes a random one and says so" {
	run -124 timeout 0.5 "$BIN/operands" </dev/null
	assert_line --regexp '^operands: running as PID [0-9]+, a round a second; Ctrl-C ends it$'
	assert_line 'operands: no seed on standard input: took a random one'
	run -124 timeout 0.5 "$BIN/bigprobe" </dev/null
	assert_output --regexp '^bigprobe: running as PID [0-9]+, one tick a second; Ctrl-C ends it$'
}
