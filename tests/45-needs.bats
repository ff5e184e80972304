#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Questions that need what not every machine has: they are not here, and not in the way.

load helpers

# kit_copy - a kit of the lab passwd's two questions about the file, its programs first on
# $PATH; nargs needs what NEED says
kit_copy() {
	need_cmd jq
	COPY=$BATS_TEST_TMPDIR/kit
	rm -rf "$COPY"
	mkdir -p "$COPY/labs"
	cp -a "$BIN" "$COPY/bin"
	cp -rL "$KIT/targets" "$KIT/handbook" "$COPY/"
	cp -rL "$KIT/labs/02-passwd" "$COPY/labs/"
	sed -i '/^  - id: user$/,$d' "$COPY/labs/02-passwd/lab.yaml"
	sed -i "s/^  - id: nargs\$/&\n    needs: [$1]/" "$COPY/labs/02-passwd/lab.yaml"
	PATH=$COPY/bin:$PATH
}

# doctor_says LINE... - have the copy's `usdt doctor` say just this
doctor_says() {
	rm "$COPY/bin/usdt"
	printf '#!/bin/sh\ncat <<"END"\n%s\nEND\n' "$(printf '%s\n' "$@")" >"$COPY/bin/usdt"
	chmod +x "$COPY/bin/usdt"
}

HIT='{"check":"hit","ok":true,"optional":false,"what":"a hit arrives","cause":"","fix":""}'
NO_HIT='{"check":"hit","ok":false,"optional":false,"what":"a hit arrives","cause":"it did not","fix":""}'
SLOW='{"check":"nop5","ok":false,"optional":true,"what":"a nop is fast","cause":"the kernel is old","fix":"a newer one"}'
FAST='{"check":"nop5","ok":true,"optional":true,"what":"a nop is fast","cause":"","fix":""}'

ask() { printf '{"lab":"passwd","question":"nargs","answer":"%s"}\n' "$1"; }

status_of() { jq -r ".questions[\"$1\"].status" "$BPFHOL_HOME/state.json"; }

@test "a program that is not there: unchecked, not here and why; in JSON it says so" {
	kit_copy no-such-program
	doctor_says "$HIT"
	run -77 grade < <(ask 2)
	assert_line 'passwd.nargs: unchecked'
	assert_line '  not here: it needs the program no-such-program, which is not on $PATH. The lab can be finished without it.'
	run -77 grade -j < <(ask 3)
	jq -e '.verdict == "unchecked" and .here == false' <<<"$output"
}

@test "a program that is there: judged as any other, and JSON has no word of it" {
	kit_copy 'sh, cat'
	doctor_says "$HIT"
	run -0 grade -j < <(ask 2)
	jq -e '.verdict == "pass" and (has("here") | not)' <<<"$output"
	run -1 grade < <(ask 3)
}

@test "one of several will do; where none is there, all are named, and what to install" {
	kit_copy 'no-such-program or cat'
	doctor_says "$HIT"
	run -0 grade < <(ask 2)
	kit_copy 'cat or no-such-program, sh'
	doctor_says "$HIT"
	run -0 grade < <(ask 2)
	kit_copy 'no-such-program or nop5 or cat'
	doctor_says "$HIT" "$SLOW"
	run -0 grade < <(ask 2)
	kit_copy 'no-such-program or nop5'
	doctor_says "$HIT" "$FAST"
	run -0 grade < <(ask 2)
	doctor_says "$HIT" "$SLOW"
	run -77 grade < <(ask 2)
	kit_copy 'cat, bpf-tracer or perf'
	doctor_says "$HIT"
	without_perf=$BATS_TEST_TMPDIR/without
	mkdir "$without_perf"
	ln -s "$(command -v cat)" "$(command -v sh)" "$without_perf"
	run -77 env PATH="$COPY/bin:$without_perf" grade < <(ask 2)
	assert_line '  not here: it needs bpf-tracer or perf, of which none is on $PATH; try: sudo apt install bpf-tracer, or linux-perf. The lab can be finished without it.'
	kit_copy 'cat or no-such-program, bpf-tracer or no-such-program'
	doctor_says "$HIT"
	run -77 bpfhol doctor --lab passwd
	assert_line 'NO   passwd.nargs: needs bpf-tracer or no-such-program'
	run -0 bpfhol list passwd
	assert_line '      Only where this works: bpf-tracer or no-such-program (see: bpfhol doctor --lab passwd)'
}

@test "a check of usdt doctor: its words are told; where it is well, the answer is judged" {
	kit_copy nop5
	doctor_says "$HIT" "$SLOW"
	run -77 grade < <(ask 2)
	assert_output --partial 'not here: it is about machines on which a nop is fast, and here that is not so: the kernel is old.'
	doctor_says "$HIT" "$FAST"
	run -0 grade < <(ask 2)
}

@test "where nothing can be traced, or doctor says nothing, a missing need is not the reason" {
	kit_copy nop5
	doctor_says "$NO_HIT" "$SLOW"
	run -0 grade < <(ask 2)
	doctor_says 'rubbish'
	run -0 grade < <(ask 2)
	rm "$COPY/bin/usdt"
	run -0 grade < <(ask 2)
}

@test "doctor is asked once for all answers" {
	kit_copy nop5
	doctor_says "$HIT" "$SLOW"
	echo "echo asked >>'$BATS_TEST_TMPDIR/asked'" >>"$COPY/bin/usdt"
	run -77 grade < <(ask 1; ask 2; ask 3)
	assert_equal "$(grep -c 'not here' <<<"$output")" 3
	assert_equal "$(cat "$BATS_TEST_TMPDIR/asked")" asked
}

@test "it is recorded, listed, counted, and the lab can be finished without it" {
	kit_copy nop5
	doctor_says "$HIT" "$SLOW"
	run -77 bpfhol answer passwd.nargs 2
	assert_output --partial 'not here: '
	assert_equal "$(status_of passwd.nargs)" 'not here'
	run -0 bpfhol list passwd
	assert_line --regexp '^passwd: .*0 of 2 passed, 1 not here\)$'
	assert_line --regexp '^  passwd.nargs +not here$'
	assert_line '      Only where this works: nop5 (see: bpfhol doctor --lab passwd)'
	run -0 bpfhol list -j
	jq -e '.passed == 0 and .not_here == 1' <<<"$output"
	bpfhol answer passwd.probe passwdfound
	run -0 bpfhol check
	assert_line '1 pass, 0 wrong, 0 unchecked, 0 open, 1 not here'
	run bpfhol status
	assert_line 'passwd: 1 of 2 passed, 1 not here'
}

@test "no wrong answer is counted, and none has to wait" {
	kit_copy nop5
	doctor_says "$HIT" "$SLOW"
	for number in 1 3 4 5 6 7 8; do
		run -77 bpfhol answer -j passwd.nargs $number
		jq -e '.here == false and (has("wait") | not)' <<<"$output"
	done
	assert_equal "$(jq '.questions["passwd.nargs"].wrong' "$BPFHOL_HOME/state.json")" 0
}

@test "check finds it out without an answer, and leaves none behind" {
	kit_copy nop5
	doctor_says "$HIT" "$SLOW"
	run -77 bpfhol check
	assert_line '0 pass, 0 wrong, 0 unchecked, 1 open, 1 not here'
	assert_equal "$(status_of passwd.nargs)" 'not here'
	assert_equal "$(jq '.questions["passwd.nargs"].answer' "$BPFHOL_HOME/state.json")" null
	doctor_says "$HIT" "$FAST"
	run -77 bpfhol check
	assert_line '0 pass, 0 wrong, 0 unchecked, 2 open, 0 not here'
	assert_output --partial 'No answer yet'
}

@test "on a machine that has it the answer is judged after all; what passed stays passed" {
	kit_copy nop5
	doctor_says "$HIT" "$SLOW"
	run -77 bpfhol answer passwd.nargs 2
	doctor_says "$HIT" "$FAST"
	run -1 bpfhol answer passwd.nargs 3
	assert_equal "$(status_of passwd.nargs)" wrong
	run -0 bpfhol answer passwd.nargs 2
	doctor_says "$HIT" "$SLOW"
	run -77 bpfhol answer passwd.nargs 2
	assert_equal "$(status_of passwd.nargs)" passed
}

@test "usdt doctor tries nop5; without it nothing else is amiss, and doctor --lab says no" {
	need_root
	need_bpf
	need_cmd jq
	before=$(uname -r)
	run -0 usdt doctor -j
	found=$(jq -r 'select(.check == "nop5") | "\(.ok) \(.optional)"' <<<"$output")
	if [ "$(printf '%s\n6.18\n' "$before" | sort -V | head -n 1)" = 6.18 ]; then
		assert_equal "$found" 'true true'
	else
		assert_equal "$found" 'false true'
	fi
	kit_copy nop5
	doctor_says "$HIT" "$SLOW"
	run bpfhol doctor
	assert_line 'NO   a nop is fast'
	assert_success
	run -77 bpfhol doctor --lab passwd
	assert_line 'NO   passwd.nargs: needs nop5'
}
