#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab uprobes, and functions that the grader watches as if they began with a probe,
# beyond what 60-labs.bats asks of every lab.

load helpers
load labs

LAB=$KIT/labs/10-uprobes

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR"
}

ask_uprobes() { ask uprobes "$1" "$2" "\"pid\":${3:-$TARGET_PID}"; }

# until_traced COMMAND... - run it beside until its breakpoint stands at Till::ring
until_traced() {
	local base at
	"$@" >/dev/null 2>talk 3>&- &
	TRACER=$!
	ends_with_test "$TRACER"
	base=$(sed -n '/\/stall$/{s/-.*//p;q}' "/proc/$TARGET_PID/maps")
	at=$((0x$base + 0x$(nm "$BIN/stall" | awk '$3 == "_ZN4Till4ringEi" {print $1}')))
	breakpoint() {
		[ "$(dd if="/proc/$TARGET_PID/mem" bs=1 skip=$at count=1 status=none | od -An -tx1)" = ' cc' ]
	}
	wait_for 20 -p "$TRACER" breakpoint
}

@test "what stands in the file needs no running program" {
	code=$(($(nm -S "$BIN/stall" | awk '/rounded_probed/ {print "0x" $2}') - \
		$(nm -S "$BIN/stall" | awk '/7roundedEi/ {print "0x" $2}')))
	run -1 grade < <(ask uprobes bytes "$code 1")
	assert_output --partial 'The number of bytes of code is right.'
	run -1 grade < <(ask uprobes bytes '1 1')
	assert_output --partial 'That is the nop alone'
}

@test "a function is watched among the probes, by gdb's count too" {
	need_root
	need_bpf
	need_cmd gdb
	start_target stall 41
	symbol=$(gdb -p "$TARGET_PID" -batch -ex 'break Till::close' -ex continue \
		-ex 'print takings_' 2>/dev/null | sed -n 's/^\$1 = //p')
	run -0 grade < <(ask_uprobes takings "$symbol")
	run -1 grade < <(ask_uprobes takings "$((symbol + 1))")
	refute_output --partial "$symbol"
}

@test "what perf finds by debug information is more than the uprobe at the symbol sees" {
	need_root
	need_bpf
	need_cmd perf
	[ -e /sys/kernel/tracing/uprobe_events ] ||
		mount -t tracefs tracefs /sys/kernel/tracing || cannot "needs tracefs"
	start_target stall 42
	event=all$$
	perf probe -q -x "$BIN/stall" -a "$event=_ZN5Scale5weighEi" -a "${event}c=_ZN4Till5closeEv"
	perf record -q -e "probe_stall:$event*" -p "$TARGET_PID" -o data sleep 4 >/dev/null 2>&1
	perf probe -q -d "probe_stall:$event*"
	count=$(perf script -i data | awk -v c=":${event}c:" '$0 ~ c {if (rounds++) {print n; exit}; n = 0; next}
		rounds {n++}')
	[ "$count" -gt 40 ]
	run -1 grade < <(ask_uprobes seen "$count 1")
	assert_output --partial 'for the number of calls the uprobe sees'
	run -1 grade < <(ask_uprobes seen "1 $count")
	assert_output --partial 'for the number of firings of the USDT probe'
}

@test "somebody has a uprobe at a function: no cost is measured; the rest is judged" {
	need_root
	need_bpf
	need_cmd bpftrace
	start_target stall 43
	until_traced bpftrace -p "$TARGET_PID" -e "uprobe:$BIN/stall:_ZN4Till4ringEi { @n++; }"
	run -77 grade < <(ask_uprobes cost '5000 20000')
	assert_output --partial "somebody traces entry:_ZN4Till4ringEi in PID $TARGET_PID"
	run -1 grade < <(ask_uprobes takings 1)
	run -1 grade < <(ask_uprobes seen '1 1')
	kill -INT "$TRACER"
	wait "$TRACER" || true
	run -1 grade < <(ask_uprobes cost '0.06ns 0.12ns')
	assert_output --partial 'while nobody traces stall:rung'
}

@test "held, gone, another program, or not root: unchecked" {
	need_root
	need_cmd perf
	start_target stall 44
	kill -STOP "$TARGET_PID"
	for question in seen symbol takings cost; do
		run -77 grade < <(ask_uprobes $question '1 2')
		assert_output --partial "try: kill -CONT $TARGET_PID"
		run -77 grade < <(ask_uprobes $question '1 2' 4194304)
		run -77 grade < <(ask_uprobes $question '1 2' $$)
	done
	kill -CONT "$TARGET_PID"
}

@test "a program without its symbols: the kit says that it wants to be built" {
	mkdir -p kit/bin
	cp "$BIN"/{grade,stall} kit/bin/
	cp -rL "$KIT/labs" kit/
	strip kit/bin/stall
	run -99 kit/bin/grade < <(ask uprobes bytes '1 2')
	assert_output --partial 'has no symbol for a function of this question; try: make'
	./kit/bin/stall < <(echo 1) >/dev/null 2>&1 3>&- &
	ends_with_test $!
	wait_for 5 is_program $! kit/bin/stall
	if [ "$(id -u)" = 0 ]; then
		run -99 kit/bin/grade < <(ask_uprobes takings 1 $!)
		assert_output --partial 'try: make'
	fi
}

@test "a program with functions without end is refused before memory is" {
	mkdir -p kit/bin
	cp "$BIN/grade" kit/bin/
	cp -rL "$KIT/labs" kit/
	{
		printf '.globl main\nmain:\n'
		for i in $(seq 1500); do
			printf '.type %s, @function\n%s:\n' "_ZN4Till4sellI$i" "_ZN4Till4sellI$i"
		done
		printf 'ret\n'
	} >many.S
	gcc -o kit/bin/stall many.S
	run -99 kit/bin/grade < <(ask uprobes bytes '1 2')
	assert_output --partial 'cannot read the program stall: Argument list too long; try: make'
}

@test "a lab file that asks for functions in a wrong way is refused with the reason" {
	mkdir -p kit/bin
	cp "$BIN/grade" kit/bin/
	cp -rL "$KIT/labs" kit/
	file=kit/labs/10-uprobes/lab.yaml
	broken() { # SED-SCRIPT MESSAGE
		sed "$1" "$LAB/lab.yaml" >"$file"
		cmp -s "$file" "$LAB/lab.yaml" && fail "'$1' changes nothing"
		run -99 kit/bin/grade < <(ask uprobes seen '1 2')
		assert_output --partial "labs/10-uprobes/lab.yaml: $2"
	}
	broken '0,/ function: /{/ function: /d}' 'question bytes, part number of bytes of code: truth size needs a function'
	broken 's/ probe: stall:rounded$/ arg: 0/' 'question bytes, part number of bytes of note: truth note needs a probe'
	broken '0,/by: probe/s//by: thing/' "question symbol: 'thing' is not argN, location, pid or probe"
	broken '0,/by: probe/s//by: probe\n      sum: [0]/' 'question symbol: by probe is for a tally of firings alone'
	broken '0,/- symbol: .*/s//- args: -4@%esi/' 'line '
	broken '0,/form: number/s//form: time/' 'question seen, part number of calls the uprobe sees: this answer form'
	broken 's/function: /functions: /' 'line '
}
