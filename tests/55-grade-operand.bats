#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Answers about an operand that is read by hand in the picture a process keeps. What is
# right is known from the program's own log.

load helpers

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	drop_user bpfhol-t6
	drop_public_bin
	kit_teardown
}

ask() { printf '{"lab":"arguments","question":"%s","answer":"%s"%s}\n' "$1" "$2" "${3:+,\"pid\":$3}"; }

# low SEED - arg0 of the first hit, by the log of a build that has one
low() {
	gcc -std=gnu11 -D_GNU_SOURCE -g -O1 -fno-inline -I "$KIT/targets/lib" \
		-include "$KIT/tests/sdt_log.h" -o logged "$KIT/targets/operands.c" "$BIN/libtarget.a"
	SDT_LOG=log ./logged < <(echo "$1") >/dev/null 2>&1 3>&- &
	ends_with_test $!
	wait_for 5 -p $! grep -q '^element' log
	kill $!
	sed -n 's/^element \[\(-[0-9]*\),.*/\1/p' log | head -n 1
}

@test "the program does not run: unchecked, and what to do" {
	run -77 grade < <(ask low -5; ask address '0x1 2')
	assert_line 'arguments.low: unchecked'
	assert_line 'arguments.address: unchecked'
	assert_output --partial 'operands is not running; try: '
}

@test "the right one passes, its neighbour does not, and another process is no help" {
	low=$(low 31)
	start_target operands 31
	run -0 grade < <(ask low "$low" "$TARGET_PID")
	run -1 grade < <(ask low $((low - 1)) "$TARGET_PID")
	refute_output --partial " $low"
	first=$TARGET_PID
	start_target operands 32
	run -1 grade < <(ask low "$low" "$TARGET_PID")
	run -0 grade < <(ask low "$low" "$first")
}

@test "no root is needed for it" {
	make_user bpfhol-t6
	public=$(public_bin)
	low=$(low 33)
	as_user bpfhol-t6 "$public/operands" < <(echo 33) >/dev/null 2>&1 3>&- &
	ends_with_test $!
	running() { pid=$(pgrep -u bpfhol-t6 -x operands) && [ -e "/proc/$pid/fd/3" ]; }
	wait_for 5 running
	running
	run -0 as_user bpfhol-t6 "$public/grade" < <(ask low "$low" "$pid")
	run -77 as_user bpfhol-t6 "$public/grade" < <(ask huge '-5 5' "$pid")
	# What could not be watched before is not the kit's defect after.
	run -77 as_user bpfhol-t6 "$public/grade" < <(ask huge '-5 5' "$pid"
		ask low "$low" "$pid"; ask huge '-5 5' "$pid")
	assert_equal "$(grep -c 'needs root' <<<"$output")" 2
	kill "$pid"
}

@test "a program that keeps no picture: the kit is broken" {
	echo '#include "stop.h"
		unsigned long stop_registers[STOP_REGISTERS];
		void stop_keep(const void *end) {}' >stub.c
	gcc -std=gnu11 -D_GNU_SOURCE -O1 -fno-inline -I "$KIT/targets/lib" -o operands \
		"$KIT/targets/operands.c" stub.c "$BIN/libtarget.a"
	./operands < <(echo 3) >/dev/null 2>&1 3>&- &
	ends_with_test $!
	wait_for 5 is_program $! ./operands
	run -99 grade < <(ask low -5 $!)
	assert_output --partial 'keeps no file stop.txt'
}

@test "a number below zero is not the one without a sign" {
	need_root
	need_bpf
	start_target operands 34
	balance=$(usdt trace -p "$TARGET_PID" -n 1 -F json operands:numbers 2>/dev/null |
		sed 's/.*"args":\[-\?[0-9]*,[0-9]*,\(-[0-9]*\),.*/\1/')
	huge=$(printf %u "$balance")
	run -0 grade < <(ask huge "$balance $huge" "$TARGET_PID")
	for wrong in "$huge $huge" "$balance $balance" "$huge $balance"; do
		run -1 grade < <(ask huge "$wrong" "$TARGET_PID")
	done
}
