#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that `bpfhol start` compiles for each learner (`variant: true` in lab.yaml).

load helpers

teardown() {
	drop_user bpfhol-t5
	drop_public_bin
	kit_teardown
}

# notes PROGRAM - what readelf says of its probes
notes() { readelf -n "$1" | sed -n '/stapsdt/,$p'; }

# variant PROGRAM - the number it was compiled with: a constant of one of its probes
variant() {
	notes "$1" | awk '$1 == "Name:" { on = $2 == "constant" }
		on && /Arguments:/ { sub(/.*@\$/, "", $2); print $2; exit }'
}

@test "start: the learner's own program, by the kit's command with another -DVARIANT" {
	bpfhol start arguments
	pid=$(bpfhol pid arguments)
	own=$BPFHOL_HOME/run/operands
	[ "/proc/$pid/exe" -ef "$own" ]
	number=$(variant "$own")
	[ "$number" -ge 0 ] && [ "$number" -lt 64 ]
	gcc -std=gnu11 -D_GNU_SOURCE -Wall -g -O1 -fno-inline "-DVARIANT=$number" \
		-I "$KIT/targets/lib" -o "$BATS_TEST_TMPDIR/operands" "$KIT/targets/operands.c" \
		"$BIN/libtarget.a"
	diff <(notes "$own") <(notes "$BATS_TEST_TMPDIR/operands")
	# Nothing else is left there.
	run ls "$BPFHOL_HOME/run"
	assert_output $'operands\noperands.heartbeat\noperands.log'
}

@test "the same learner gets the same again, another learner another" {
	for learner in 1 1 2 3 4 5 6; do
		export BPFHOL_HOME=$BATS_TEST_TMPDIR/home.$learner
		bpfhol start arguments >/dev/null
		bpfhol stop >/dev/null
		echo "$learner $(variant "$BPFHOL_HOME/run/operands")"
	done >"$BATS_TEST_TMPDIR/seen"
	cd "$BATS_TEST_TMPDIR"
	numbers=$(cut -d' ' -f2 seen) same=$(grep '^1' seen | uniq | wc -l)
	assert_equal "$same" 1
	[ "$(sort -u <<<"$numbers" | wc -l)" -ge 3 ]
}

@test "while it runs it is not compiled again" {
	bpfhol start arguments
	before=$(stat -c '%i %Y' "$BPFHOL_HOME/run/operands")
	CC=/nonexistent run -0 bpfhol start arguments
	assert_output --partial "runs already"
	assert_equal "$(stat -c '%i %Y' "$BPFHOL_HOME/run/operands")" "$before"
}

@test "what start says leads to the learner's program, not to the kit's" {
	run -0 bpfhol start arguments
	assert_output --partial "'$BPFHOL_HOME/run/operands:*'"
	refute_output --partial "bin/operands"
	need_root
	need_bpf
	run -0 --separate-stderr usdt trace -p "$(bpfhol pid arguments)" -n 3 \
		"$BPFHOL_HOME/run/operands:*"
	assert_equal "${#lines[@]}" 3
}

@test "without a compiler: which, why, what to do; 77 and nothing runs" {
	CC=no-such-compiler run -77 --separate-stderr bpfhol start arguments
	assert_output ""
	[[ $stderr == *"cannot compile 'operands'"*"compiler 'no-such-compiler'"*"try: sudo apt install gcc"* ]]
	mkdir "$BATS_TEST_TMPDIR/bin"
	run -77 --separate-stderr env PATH="$BATS_TEST_TMPDIR/bin" "$BIN/bpfhol" start arguments
	[[ $stderr == *"compiler 'cc'"* ]]
	run -1 bpfhol pid arguments
}

@test "a compiler that fails: its own first error is told" {
	printf '#!/bin/sh\nexec gcc -include no-such.h "$@"\n' >"$BATS_TEST_TMPDIR/cc"
	chmod +x "$BATS_TEST_TMPDIR/cc"
	CC=$BATS_TEST_TMPDIR/cc run -77 bpfhol start arguments
	assert_output --partial "fatal error: no-such.h"
	assert_output --partial "systemtap-sdt-dev"
	run -1 bpfhol pid arguments
}

@test "under sudo it is compiled and run as the invoking user" {
	need_root
	need_cmd sudo jq
	make_user bpfhol-t5 sudo
	public=$(public_bin)
	as_user bpfhol-t5 sudo -n "$public/bpfhol" start arguments
	pid=$(as_user bpfhol-t5 "$public/bpfhol" pid arguments)
	own=$(readlink "/proc/$pid/exe")
	assert_equal "$own" "$(getent passwd bpfhol-t5 | cut -d: -f6)/.local/state/bpfhol/run/operands"
	assert_equal "$(stat -c %U "$own")" bpfhol-t5
	assert_equal "$(stat -c %U "/proc/$pid")" bpfhol-t5
	as_user bpfhol-t5 "$public/bpfhol" stop
	# And as an ordinary user over the same file.
	as_user bpfhol-t5 "$public/bpfhol" start arguments
	as_user bpfhol-t5 "$public/bpfhol" stop
}
