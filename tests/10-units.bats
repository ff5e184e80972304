#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The tracer's parsers by tables made by hand, plain and with sanitizers.

load helpers

unit() {
	local test=$1 flags
	shift
	cd "$KIT" || return 1
	for flags in -O2 "-g -fsanitize=address,undefined -fno-sanitize-recover=all"; do
		# shellcheck disable=SC2086
		gcc -std=gnu11 -D_GNU_SOURCE -Wall -I. $flags -o "$BATS_TEST_TMPDIR/unit" \
			"tests/unit/$test.c" "$@"
		"$BATS_TEST_TMPDIR/unit"
	done
}

@test "operands" {
	unit operand tracer/static/{operand,arch,arch_x86_64}.c
}

@test "notes" {
	unit note tracer/static/note.c
}
