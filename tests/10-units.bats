#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The tracer's parsers by tables made by hand, plain and with sanitizers.

load helpers

@test "operands" {
	unit operand tracer/static/{operand,arch*}.c
}

@test "operands of arm64" {
	unit operand_aarch64 tracer/static/{operand,arch*}.c
}

@test "operands of 32-bit x86" {
	unit operand_i386 tracer/static/{operand,arch*}.c
}

@test "operands in words" {
	unit describe tracer/static/{operand,arch*}.c
}

@test "notes" {
	unit note tracer/static/note.c
}

@test "instructions" {
	unit instruction tracer/static/instruction.c
}

@test "patterns" {
	unit pattern tracer/static/pattern.c
}

@test "a command line into words" {
	unit words common/words.c
}

@test "UTF-8" {
	unit utf8 common/utf8.c
}

@test "numbers" {
	unit num common/num.c
}
