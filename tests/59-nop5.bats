#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The target nop5. Its second witnesses are a build that logs its own firings, and gdb and
# /proc/PID/mem for what stands in its code.

load helpers

setup_file() {
	export LOGGED=$BATS_FILE_TMPDIR/nop5
	gcc -std=gnu11 -D_GNU_SOURCE -g -O1 -fno-inline -I "$KIT/targets/lib" \
		-include "$KIT/tests/sdt_log.h" -o "$LOGGED" "$KIT/targets/nop5.c" \
		"$BIN/libtarget.a"
}

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR"
}

# logged SEED - the log of two rounds and a bit
logged() {
	local log=$BATS_TEST_TMPDIR/logged.$1 pid
	if [ ! -f "$log" ]; then
		SDT_LOG=$log "$LOGGED" < <(echo "$1") >/dev/null 3>&- &
		pid=$!
		ends_with_test "$pid"
		third_round() { [ "$(grep -cs '^round ' "$log")" -ge 3 ]; }
		wait_for 10 -p "$pid" third_round
		kill "$pid"
	fi
	cat "$log"
}

# of SEED NAME - what NAME hands over, each value once
of() { logged "$1" | sed -n "s/^$2 \[\(.*\)\] .*/\1/p" | sort -u; }

# first PID - the first byte at nops:five in that process
first() {
	local base location
	base=$(sed -n '/\/nop5$/{s/-.*//p;q}' "/proc/$1/maps")
	location=$(readelf -n "$BIN/nop5" | awk '/Name:/ {five = $2 == "five"}
		five && /Location:/ {print substr($2, 1, length($2) - 1); exit}')
	dd if="/proc/$1/mem" bs=1 skip=$((0x$base + location)) count=1 status=none | od -An -tx1
}

first_is() { [ "$(first "$1")" = " $2" ]; }

@test "the note made by hand is what sys/sdt.h would write, but for the nop" {
	same_as_readelf "$BIN/nop5"
	run -0 readelf -n "$BIN/nop5"
	assert_equal "$(grep -c 'Provider: nops$' <<<"$output")" 7
	assert_equal "$(grep 'Name: ' <<<"$output" | awk '{print $2}' | sort | xargs)" \
		"five fives kept one ones rest round"
	assert_equal "$(sed -n 's/.*Base: \(0x[0-9a-f]*\),.*/\1/p' <<<"$output" | sort -u | wc -l)" 1
	assert_equal "$(grep -A 2 'Name: five$' <<<"$output" | sed -n 's/.*Arguments: //p')" '8@%rdi'
	need_cmd objdump
	five=$(grep -A 1 'Name: five$' <<<"$output" | sed -n 's/.*Location: 0x0*\([0-9a-f]*\),.*/\1/p')
	objdump -d "$BIN/nop5" | grep -P "^ *$five:\t0f 1f 44 00 00 "
}

@test "gcc and clang, -O0 to -O3: seven locations, and the function of assembler as it is" {
	for compiler in gcc clang; do
		need_cmd "$compiler"
		for level in 0 1 2 3; do
			"$compiler" -std=gnu11 -D_GNU_SOURCE "-O$level" -Wall -Wextra -Werror \
				-I "$KIT/targets/lib" -o built "$KIT/targets/nop5.c" "$BIN/libtarget.a"
			assert_equal "$(readelf -n built | grep -c Provider)" 7
			assert_equal "$(objdump -d built --disassemble=five | grep -oP '\t[0-9a-f ]{5,}\t' | tr -d '\t ' | xargs)" \
				'48897c24f8 0f1f440000 488b4424f8 c3'
		done
	done
}

@test "rounds are alike: twenty bursts of as many hits as they say, then the number" {
	logged 5 >log
	ones=$(of 5 ones) fives=$(of 5 fives)
	assert_regex "$ones $fives" '^[0-9]+ [0-9]+$'
	awk '/^round / {n++; next} n == 2 {print $1}' log | sort | uniq -c | awk '{print $2, $1}' >counts
	diff counts - <<-END
		fives 20
		kept 1
		one $((20 * ones))
		ones 20
		rest 20
	END
	[ "$ones" -ge 60 ] && [ "$ones" -lt 160 ]
	[ "$fives" -ge 60 ] && [ "$fives" -lt 160 ]
}

@test "a round takes about a second, and the program hardly computes" {
	logged 6 >log
	taken=$(awk '/^round / {t = $NF; if (was) {print int((t - was) / 1e6); exit}; was = t}' log)
	[ "$taken" -ge 700 ] && [ "$taken" -le 2000 ]
	start_target nop5 6
	third() { grep -q 'rounds 0*[3-9]' "$HEARTBEAT"; }
	wait_for 10 -p "$TARGET_PID" third
	# Ticks of 10 ms in user and system mode, in three seconds.
	[ "$(sed 's/.*) //' "/proc/$TARGET_PID/stat" | awk '{print $12 + $13}')" -le 15 ]
}

@test "one seed gives the same each time, another seed something else" {
	first="$(of 7 kept) $(of 7 ones) $(of 7 fives)"
	rm "$BATS_TEST_TMPDIR/logged.7"
	assert_equal "$(of 7 kept) $(of 7 ones) $(of 7 fives)" "$first"
	assert_not_equal "$(of 8 kept)" "$(of 7 kept)"
}

@test "of 20 seeds no number occurs more than three times, nor do both sizes of bursts" {
	for seed in $(seq 1 20); do
		echo "$seed" | SDT_LOG=all.$seed timeout 1.5 "$LOGGED" >/dev/null 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid" || true; done
	for name in 'kept' 'ones|fives'; do
		for seed in $(seq 1 20); do
			sed -nE "s/^($name) (\[[0-9]*\]) .*/\2/p" "all.$seed" | sort -u | xargs
		done >values
		assert_equal "$(grep -c . values)" 20
		[ "$(sort values | uniq -c | sort -rn | awk 'NR == 1 {print $1}')" -le 3 ]
	done
}

@test "where it lies differs from start to start" {
	[ "$(cat /proc/sys/kernel/randomize_va_space)" != 0 ] || cannot "needs addresses to be random"
	for _ in 1 2 3; do
		start_target nop5 1
		usdt site -j -p "$TARGET_PID" one | jq -r .address >>addresses
		kill "$TARGET_PID"
	done
	assert_equal "$(sort -u addresses | wc -l)" 3
}

@test "the tracer and the program's own log say the same, and what is kept is found again" {
	need_root
	need_bpf
	start_target nop5 9
	run -0 --separate-stderr usdt trace -p "$TARGET_PID" -n 2 -F json kept
	assert_equal "$(grep -o '"args":\[[^]]*\]' <<<"$output" | sort -u)" "\"args\":[$(of 9 kept)]"
	run -0 --separate-stderr usdt trace -p "$TARGET_PID" -n 6 -F json ones fives
	assert_equal "$(sed 's/.*"name":"\([^"]*\)".*"args":\[\(.*\)\]}/\1 \2/' <<<"$output" | sort -u | xargs)" \
		"fives $(of 9 fives) ones $(of 9 ones)"
}

# Where the kernel makes no call of it, the number is found as always.
@test "traced, a call leaves its return address where the number was; then all is as before" {
	need_root
	need_bpf
	start_target nop5 10
	first_is "$TARGET_PID" 0f
	attach -p "$TARGET_PID" five kept
	two_kept() { [ "$(grep -c '"name":"kept"' events)" -ge 2 ]; }
	wait_for 10 -p "$TRACER" two_kept
	now=$(first "$TARGET_PID")
	kill -INT "$TRACER"
	wait "$TRACER"
	kept=$(grep '"name":"kept"' events | sed 's/.*"args":\[\(.*\)\]}/\1/' | tail -n 1)
	if [ "$now" = ' e8' ]; then
		assert_equal "$(printf '%#x' "$kept")" \
			"$(printf '%#x' $(($(usdt site -j -p "$TARGET_PID" five | jq -r .address) + 5)))"
		grep -q '\[uprobes-trampoline\]$' "/proc/$TARGET_PID/maps"
	else
		assert_equal "$now" ' cc'
		assert_equal "$kept" "$(of 10 kept)"
	fi
	wait_for 5 -p "$TARGET_PID" first_is "$TARGET_PID" 0f
	run -0 --separate-stderr usdt trace -p "$TARGET_PID" -n 1 -F json kept
	assert_output --partial "\"args\":[$(of 10 kept)]"
}

@test "the answers are not in argv, environ, maps, open files, the heartbeat or strings" {
	start_target nop5 11
	proc=/proc/$TARGET_PID
	{
		strings -a "$BIN/nop5"
		tr '\0' '\n' <"$proc/cmdline"
		tr '\0' '\n' <"$proc/environ"
		cat "$proc/maps" "$proc/status" "$proc/stat" "$proc/comm"
		ls -l "$proc/fd" "$proc/cwd" "$proc/exe"
		cat "$HEARTBEAT" "$BATS_TEST_TMPDIR/nop5.log"
	} >seen
	number=$(of 11 kept)
	run -1 grep -i -e "$number" -e "$(printf %x "$number")" -e trampoline seen
}

@test "the heartbeat is one line that is rewritten, and SIGTERM ends it at once" {
	start_target nop5 1
	first=$(cat "$HEARTBEAT")
	assert_regex "$first" '^rounds [0-9]{10}$'
	changed() { [ "$(cat "$HEARTBEAT")" != "$first" ]; }
	wait_for 5 -p "$TARGET_PID" changed
	assert_equal "$(wc -l <"$HEARTBEAT")" 1
	kill -TERM "$TARGET_PID"
	wait_for 1 gone "$TARGET_PID"
}
