#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The grader's parsers by tables, plain and with sanitizers.

load helpers

@test "spellings of probes and addresses" {
	unit grade_answer grader/answer.c common/{array,num,kit,utf8}.c
}

@test "probe macros in a source" {
	unit grade_source grader/source.c common/{array,num,kit}.c
}

@test "the compile command" {
	unit lab_compile common/compile.c common/{array,num,kit}.c
}

@test "operands in a picture of registers and memory" {
	unit picture grader/picture.c tracer/static/{operand,arch*}.c common/{array,num}.c
}

@test "which mistake an edited program's firings show" {
	unit grade_compare grader/{compare,suspicion,firing,judgement}.c common/{array,utf8}.c
}
