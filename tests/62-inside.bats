#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab inside, beyond what 60-labs.bats asks of every lab: answers about a program that
# somebody else traces, holds, or runs.

load helpers
load labs

LAB=$KIT/labs/09-inside

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	drop_user bpfhol-t8
	drop_public_bin
	kit_teardown
}

ask_inside() { ask inside "$1" "$2" "\"pid\":${3:-$TARGET_PID}"; }

need_call() {
	need_root
	need_bpf
	usdt doctor -j | grep -q '"check":"nop5","ok":true' || cannot "needs kernel 6.18"
}

# place PID PROBE - where the process has it, by readelf and its maps
place() {
	local base location
	base=$(sed -n '/\/nop5$/{s/-.*//p;q}' "/proc/$1/maps")
	location=$(readelf -n "$BIN/nop5" | awk -v name="$2" '/Name:/ {is = $2 == name}
		is && /Location:/ {print substr($2, 1, length($2) - 1); exit}')
	echo $((0x$base + location))
}

hex() { printf '%#x' "$1"; }

untraced() { usdt site -p "$TARGET_PID" '*' | grep -vq 'somebody traces'; }

end_trace() {
	kill -INT "$TRACER"
	wait "$TRACER"
}

@test "an address of the process is another one in the next process, with the same seed" {
	start_target nop5 31
	one=$(place "$TARGET_PID" one) first=$TARGET_PID
	run -0 grade < <(ask_inside place "$(hex "$one") $(hex $((one + 1)))")
	run -1 grade < <(ask_inside place "$(hex "$one") $(hex $((one + 2)))")
	refute_output --partial "$(hex $((one + 1)))"
	start_target nop5 31
	run -1 grade < <(ask_inside place "$(hex "$one") $(hex $((one + 1)))")
	run -0 grade < <(ask_inside place "$(hex "$one") $(hex $((one + 1)))" "$first")
}

@test "where it is needs no root; what stands there while somebody traces does" {
	make_user bpfhol-t8
	public=$(public_bin)
	as_user bpfhol-t8 "$public/nop5" < <(echo 32) >/dev/null 2>&1 3>&- &
	ends_with_test $!
	running() { pid=$(pgrep -u bpfhol-t8 -x nop5) && grep -q '/nop5$' "/proc/$pid/maps"; }
	wait_for 5 running
	running
	one=$(place "$pid" one)
	[ "$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)" = 0 ] ||
		cannot "needs ptrace_scope 0"
	run -0 as_user bpfhol-t8 "$public/grade" \
		< <(ask_inside place "$(hex "$one") $(hex $((one + 1)))" "$pid")
	for answer in 'bytes|0f cc e8 e8' 'call|0x1' 'below|1 2' 'cost|500 300'; do
		run -77 as_user bpfhol-t8 "$public/grade" \
			< <(ask_inside "${answer%|*}" "${answer#*|}" "$pid")
		assert_output --partial 'needs root'
	done
	kill "$pid"
}

@test "while somebody traces: unchecked, which probe, what to do; the address is judged" {
	need_call
	start_target nop5 33
	attach -p "$TARGET_PID" five
	one=$(place "$TARGET_PID" one)
	run -0 grade < <(ask_inside place "$(hex "$one") $(hex $((one + 1)))")
	for answer in 'bytes|0f cc e8 e8' 'call|0x1' 'below|1 2' 'cost|500 300'; do
		run -77 grade < <(ask_inside "${answer%|*}" "${answer#*|}")
		assert_output --partial "somebody traces nops:five in PID $TARGET_PID"
		assert_output --partial 'end that tracer, and answer again'
	done
	end_trace
	run -0 grade < <(ask_inside bytes '0f cc e8 e8')
	run -1 grade < <(ask_inside call 0x1)
}

@test "a cost is not measured while somebody else traces, but where the burst ends" {
	need_call
	start_target nop5 34
	attach -p "$TARGET_PID" one
	run -77 grade < <(ask_inside cost '500 300')
	assert_output --partial "somebody traces nops:one"
	end_trace
	attach -p "$TARGET_PID" fives
	run grade < <(ask_inside cost '1 300')
	assert_output --partial 'inside.cost: wrong'
	refute_output --partial 'somebody traces'
	end_trace
}

@test "what the program found is told apart by who is traced" {
	need_call
	start_target nop5 35
	five=$(place "$TARGET_PID" five)
	number=$(usdt trace -n 1 -F json -p "$TARGET_PID" kept 2>/dev/null | sed 's/.*"args":\[\(.*\)\]}/\1/')
	wait_for 5 untraced
	run -0 grade < <(ask_inside below "$number $((five + 5))")
	run -1 grade < <(ask_inside below "$((five + 5)) $number")
	refute_output --partial " $number "
	# The grader's own tracers have left the code as it was.
	wait_for 5 untraced
	usdt site -p "$TARGET_PID" '*' | grep -c 'not traced$' | grep -x 7
	run -0 --separate-stderr usdt trace -n 1 -F json -p "$TARGET_PID" kept
	assert_output --partial "\"args\":[$number]"
}

@test "somebody comes to trace while the grader looks: unchecked, neither right nor wrong" {
	need_call
	start_target nop5 37
	five=$(place "$TARGET_PID" five)
	grade < <(ask_inside below "$((five + 5)) $((five + 5))") >said 3>&- &
	grader=$!
	ends_with_test "$grader"
	looks() { usdt site -p "$TARGET_PID" kept | grep -q 'int3'; }
	wait_for 10 -p "$grader" looks
	attach -p "$TARGET_PID" five
	wait "$grader" && status=0 || status=$?
	assert_equal "$status" 77
	assert_regex "$(cat said)" "somebody traces nops:five in PID $TARGET_PID"
	end_trace
	run -1 grade < <(ask_inside below "$((five + 5)) $((five + 5))")
}

@test "held: unchecked, and what to do; not even by accident is it let go" {
	need_call
	start_target nop5 36
	kill -STOP "$TARGET_PID"
	for question in place bytes call; do
		run -77 grade < <(ask_inside $question '0x1 0x2 0x3 0x4')
		assert_output --partial "try: kill -CONT $TARGET_PID"
	done
	grep -q '^State:.*T' "/proc/$TARGET_PID/status"
	kill -CONT "$TARGET_PID"
}

@test "not running, gone, another program" {
	for pid in 4194304 $$; do
		for question in place bytes below; do
			run -77 grade < <(ask_inside $question '1 2 3 4' "$pid")
		done
	done
	run -77 grade < <(ask inside place '1 2')
	assert_output --partial 'nop5 is not running; try: '
}

@test "a program that never comes to the probe: unchecked, within ten seconds" {
	need_call
	sed 's/^\t\tfive(i);$/\t\tcontinue;/; s/, five(number)/, number/' "$KIT/targets/nop5.c" >rare.c
	assert_equal "$(diff rare.c "$KIT/targets/nop5.c" | grep -c '^<')" 2
	gcc "${CFLAGS[@]}" -o nop5 rare.c "$BIN/libtarget.a"
	./nop5 < <(echo 5) >/dev/null 2>&1 3>&- &
	ends_with_test $!
	wait_for 5 is_program $! ./nop5
	run -77 timeout 20 "$BIN/grade" < <(ask_inside bytes '0f cc cc cc' $!)
	assert_output --partial 'did not come to the probe'
}

@test "a lab file that asks a site for nonsense is refused with the reason" {
	mkdir -p kit/bin
	cp "$BIN/grade" kit/bin/
	cp -rL "$KIT/labs" kit/
	file=kit/labs/09-inside/lab.yaml
	broken() { # SED-SCRIPT MESSAGE
		sed "$1" "$LAB/lab.yaml" >"$file"
		run -99 kit/bin/grade < <(ask inside place '1 2')
		assert_output --partial "labs/09-inside/lab.yaml: $2"
	}
	broken '0,/give: address/s//give: value/' 'question place, part address of the nop: truth site gives an address, next, a byte or a call'
	broken '0,/give: address/{/give: address/d}' 'question place, part address of the nop: truth site gives'
	broken '0,/tracers: 1/s//hit: true/' 'question bytes, part byte before the first hit: hit is for a site with tracers'
	broken '0,/give: address/s//give: address\n          per: nops:one/' 'question place, part address of the nop: per is for latency'
	broken "0,/give: address/s//give: address\n          traced: ['nops:five']/" 'question place, part address of the nop: traced is for latency, or an arg'
	broken '0,/give: address/s//give: address\n          alone: true/' 'question place, part address of the nop: alone is for an edit'
	broken '0,/give: address/s//give: address\n          sizes: true/' 'question place, part address of the nop: sizes is for an edit'
	broken '0,/form: hex/s//form: time/' 'question place, part address of the nop: this answer form'
	broken 's/per: nops:one/per: one/' "question cost, part cost of a hit of nops:one: 'one' is not PROVIDER:NAME"
}
