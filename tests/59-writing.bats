#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The header folly_sdt.h, and the targets parcels, shelf and scale, which learners put
# probes into. What readelf and nm say of a file, and the program's own words, are one
# witness; builds that log their firings another; for C++ and assembler it is gdb.

load helpers
load labs

LAB=$KIT/labs/08-writing

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR"
}

# folly COMPILER [FLAG...] - build tests/targets/folly.c as ./folly, out of both its files
folly() {
	"$@" -w -I "$KIT/targets/include" -c -o one.o "$KIT/tests/targets/folly.c" &&
		"$@" -w -I "$KIT/targets/include" -DOTHER -c -o other.o "$KIT/tests/targets/folly.c" &&
		"$1" -o folly one.o other.o
}

# logged SOURCE - a build of it that logs its firings, as ./logged
logged() {
	gcc "${CFLAGS[@]}" -include "$KIT/tests/sdt_log.h" -o logged "$1" "$BIN/libtarget.a"
}

# log SEED - what it fired: NAME [arguments] a line
log() {
	rm -f log.$1
	echo "$1" | SDT_LOG=log.$1 timeout 0.5 ./logged >/dev/null || true
	sed -E 's/\] .*/]/' "log.$1"
}

# day SEED - what it fired from the first parcel to the second first one
day() {
	log "$1" | awk '/^sent \[1,/ {n++} n == 1 {print} n == 2 {exit}'
}

@test "folly_sdt.h: none to twelve arguments, with and without semaphore, by four compilers" {
	need_cmd gcc g++ clang clang++ readelf nm
	for compiler in 'gcc' 'clang' 'g++ -x c++' 'clang++ -x c++'; do
		for level in -O0 -O2; do
			# shellcheck disable=SC2086
			folly $compiler $level
			nm folly | sed -n 's/^0*\([0-9a-f]*\) D folly_\(.*\)_semaphore$/\2 0x\1/p' >semaphores
			assert_equal "$(cut -d' ' -f1 semaphores | sort | xargs)" 'with0 with12 with2'
			by_readelf folly | sed 's/^folly://' | while read -r name _ semaphore operands; do
				# shellcheck disable=SC2086
				set -- $operands
				case $name in
				with[0-9]*) expected=$(sed -n "s/^$name //p" semaphores) ;;
				*) expected=0x0 ;;
				esac
				[ "$semaphore" = "$expected" ] || echo "$name: $semaphore, not $expected"
				echo "$name $#" >>notes
			done >bad
			assert_equal "$(cat bad)" ''
			assert_equal "$(sort notes | xargs)" "plain 1 plain_too 0 with0 0 with12 12 with2 2 with2 2 without0 0 without1 1 without12 12 without3 3"
			rm notes
		done
	done
}

@test "folly_sdt.h: whoever traces a probe raises its semaphore and gets its arguments" {
	need_root
	need_bpf
	for compiler in 'gcc -O2' 'clang++ -x c++ -O0'; do
		# shellcheck disable=SC2086
		folly $compiler
		hold ./folly some words
		attach -p "$TARGET" folly:with2 'folly:without*' folly:plain
		release
		wait_for 5 gone "$TARGET"
		wait_for 5 gone "$TRACER"
		assert_equal "$(cat target.out)" '010 1'
		diff <(arguments events) - <<-END
			plain [3]
			without0 []
			without1 [3]
			without3 [3,"some",-3]
			without12 [3,4,5,6,7,8,9,10,11,12,13,14]
			with2 [3,"here"]
			with2 [3,"there"]
		END
		hold ./folly
		release
		wait_for 5 gone "$TARGET"
		assert_equal "$(cat target.out)" '000 0'
	done
}

@test "folly_sdt.h: thirteen arguments and sdt.h's own flag are refused" {
	echo '#include "folly_sdt.h"
		int main(int n) { FOLLY_SDT(p, n, n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13); }' >many.c
	run -1 gcc -I "$KIT/targets/include" -o many many.c
	sed -i 's/, 13//' many.c
	run -0 gcc -I "$KIT/targets/include" -o many many.c
	run -1 gcc -D_SDT_HAS_SEMAPHORES=1 -I "$KIT/targets/include" -o many many.c
	assert_output --partial 'each probe says for itself whether it has a semaphore'
}

@test "what is there: parcels has two probes, shelf and scale have one" {
	assert_equal "$(by_readelf "$BIN/parcels" | cut -d' ' -f1,3 | xargs)" 'parcels:looks 0x0 parcels:sent 0x0'
	assert_equal "$(by_readelf "$BIN/shelf" | cut -d' ' -f1 | xargs)" shelf:box
	assert_equal "$(by_readelf "$BIN/scale" | cut -d' ' -f1,4- | xargs)" 'scale:balanced 8@%rsi -4@%eax'
}

@test "parcels: days of twelve, all alike, by the seed" {
	logged "$KIT/targets/parcels.c"
	day 5 >first
	assert_equal "$(grep -c '^sent ' first)" 12
	assert_equal "$(grep '^looks ' first | xargs)" "$(printf 'looks [%d,0] ' $(seq 12) | xargs)"
	log 5 >all
	[ "$(wc -l <all)" -ge 48 ]
	cmp <(head -n 24 all) <(sed -n 25,48p all)
	for seed in $(seq 20); do day "$seed" | md5sum; done >days
	assert_equal "$(sort -u days | wc -l)" 20
}

@test "parcels: light and heavy ones by each way, and one of just two kilos" {
	logged "$LAB/solution/four-macros.c"
	for seed in 1 2 3; do
		log "$seed" >/dev/null
		# The line of the macro is the way.
		sed -n 's/^arrived \[[0-9]*,"[a-z]*",\([0-9]*\)\] parcels \([0-9]*\) .*/\2 \1/p' "log.$seed" |
			head -n 12 >arrived
		assert_equal "$(cut -d' ' -f1 arrived | sort -n | uniq -c | awk '{print $1}' | xargs)" '3 3 3 3'
		grep -q ' 2000$' arrived
		[ "$(awk '$2 > 2000' arrived | wc -l)" -ge 5 ]
		[ "$(awk '$2 < 2000' arrived | wc -l)" -ge 3 ]
		[ "$(awk '$2 > 2000 && $2 <= 2500' arrived | wc -l)" -ge 1 ]
	done
}

@test "the reference sources in C: the tracer and the program's own log say the same" {
	need_root
	need_bpf
	for what in 'four-macros arrived 12' 'middle heavy 5' 'on-demand route 12'; do
		read -r file name least <<<"$what"
		compile gcc "$LAB/solution/$file.c" program
		logged "$LAB/solution/$file.c"
		usdt trace -n 40 -F json -o events -c ./program "parcels:$name" < <(echo 17) \
			>/dev/null 2>&1
		if [ $name = route ]; then
			# The log does not raise a semaphore: its guard is taken away.
			sed 's/if (FOLLY_SDT_IS_ENABLED(parcels, route))//' "$LAB/solution/$file.c" >open.c
			logged open.c
		fi
		log 17 | grep "^$name " >fired
		assert [ "$(sort -u fired | wc -l)" -ge "$least" ]
		arguments events | head -n 24 >seen
		diff <(head -n 24 fired) seen
	done
}

@test "the reference in C++: what it hands over is what gdb knows the members to be" {
	need_root
	need_bpf
	need_cmd gdb
	g++ -std=gnu++17 -D_GNU_SOURCE -g -O1 -fno-inline -I "$KIT/targets/lib" -o shelf \
		"$LAB/solution/member.cc" "$BIN/libtarget.a"
	echo 17 >seed
	cat >script <<-'END'
		break -probe-stap shelf:put
		commands
		silent
		printf "put [\"%s\",%u,%d]\n", this->label_._M_dataplus._M_p, this->boxes_, this->room_
		set $hits = $hits + 1
		if $hits == 20
		quit
		else
		continue
		end
		end
		set $hits = 0
		run <seed >/dev/null
	END
	timeout 60 gdb -batch -x script shelf >gdb.out 2>&1
	usdt trace -n 20 -F json -o events -c ./shelf shelf:put <seed >/dev/null 2>&1
	assert_equal "$(wc -l <events)" 20
	diff <(grep -o '^put \[.*\]' gdb.out) <(arguments events)
	arguments events | grep -q ',-[0-9]*\]$' # a box that sticks out
	assert_equal "$(arguments events | cut -d'"' -f2 | sort -u | wc -l)" 2
}

@test "the reference in assembler: what it hands over is what adds up" {
	need_root
	need_bpf
	compile gcc "$LAB/solution/assembler.S" scale
	usdt trace -n 60 -F json -o events -c ./scale 'scale:*' < <(echo 17) >/dev/null 2>&1
	# Each step adds its weight to the sum; the last sum is what was balanced.
	arguments events | sed 's/[],[]/ /g' | awk '
		$1 == "step" { if ($2 != n++ || $4 != sum + $3 || $3 == 0) exit 1; sum = $4; steps++
			if ($3 < 0) below++ }
		$1 == "balanced" { if ($2 != n || $3 != sum) exit 1; n = sum = 0; loads++ }
		END { if (steps < 20 || loads < 5 || below < 5) exit 1 }'
	# And the weights are those that gdb finds in the memory.
	need_cmd gdb
	echo 17 >seed
	timeout 60 gdb -batch -ex 'break -probe-stap scale:balanced' -ex 'run <seed >/dev/null' \
		-ex 'x/3dw $rdi' -ex kill scale >gdb.out 2>&1
	assert_equal "$(sed -n 's/^0x[0-9a-f]*://p' gdb.out | xargs)" \
		"$(arguments events | sed -n 's/^step \[[0-9]*,\(-*[0-9]*\),.*/\1/p' | head -n 3 | xargs)"
}

@test "each of the three beats, and SIGTERM ends it at once" {
	for program in parcels shelf scale; do
		start_target $program 1
		first=$(cat "$HEARTBEAT")
		assert_regex "$first" '^[a-z]+ [0-9]{10}$'
		changed() { [ "$(cat "$HEARTBEAT")" != "$first" ]; }
		wait_for 5 -p "$TARGET_PID" changed
		assert_equal "$(wc -l <"$HEARTBEAT")" 1
		kill -TERM "$TARGET_PID"
		wait_for 1 gone "$TARGET_PID"
	done
}

@test "built so that not even the solution can run under the grader's limits: unchecked, and why" {
	need_root
	need_bpf
	need_cmd gcc
	echo 'int main(void) { return 0; }' >ends.c
	gcc -fsanitize=address -o ends ends.c 2>/dev/null || cannot "needs gcc's libasan"
	run -77 grade < <(ask writing assembler '' "\"build\":\"gcc -fsanitize=address\",
		\"source\":\"$KIT/labs/08-writing/solution/assembler.S\"" | tr -d '\n\t')
	assert_output --partial "with 'gcc -fsanitize=address', and so built even the kit's own"
	assert_output --partial 'try: CC= CFLAGS= '
	assert_output --partial 'build writing scale'
}
