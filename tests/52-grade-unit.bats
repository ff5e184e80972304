#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The grader's parsers by tables, built with address and undefined-behaviour sanitizers.

load helpers

# unit TEST SOURCE... - build the test with these sources of the kit and run it
unit() {
	local test=$1
	shift
	(cd "$KIT" && gcc -std=gnu11 -D_GNU_SOURCE -g -I. -fsanitize=address,undefined \
		-fno-sanitize-recover=all -o "$BATS_TEST_TMPDIR/$test" "tests/unit/$test.c" "$@" \
		common/array.c common/num.c common/kit.c)
	"$BATS_TEST_TMPDIR/$test"
}

@test "spellings of probes and addresses" {
	unit grade_answer grader/answer.c
}

@test "probe macros in a source" {
	unit grade_source grader/source.c
}

@test "the compile command" {
	unit lab_compile common/compile.c
}
