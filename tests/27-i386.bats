#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Files for 32-bit x86: listed like any other, with every operand explained; not traced yet.

load helpers

setup() {
	kit_setup
	need_cmd as ld readelf
	cd "$BATS_TEST_TMPDIR" || return 1
}

# i386 OPERANDS - ./program, with one probe of these operands. A compiler for 32 bits may
# not be here, the assembler and the linker are.
i386() {
	cat >program.s <<-END
		.globl _start
		.type _start, @function
		_start:	ret
		990:	nop
		.size _start, . - _start
		.data
			.long 1
		variable: .long 7
		.section .note.stapsdt,"","note"
		.balign 4
		.4byte 992f-991f, 994f-993f, 3
		991:	.asciz "stapsdt"
		992:	.balign 4
		993:	.4byte 990b, 0, variable
		.asciz "old"
		.asciz "probe"
		.asciz "$1"
		994:	.balign 4
	END
	as --32 -o program.o program.s
	ld -m elf_i386 -o program program.o
}

@test "as readelf says" {
	i386 '-4@%eax 4@4(%esp) -4@(%eax,%ecx,4) -4@variable'
	same_as_readelf ./program
}

@test "the function that a location is in" {
	i386 '-4@%eax'
	run -0 usdt list -v ./program
	assert_line --partial ', in _start+1'
}

@test "its operands in words" {
	i386 '-4@%eax 4@4(%esp) -4@variable %edi 8@%eax 8@(%rax)'
	run -0 usdt list -v ./program
	assert_line --regexp '^ *arg0 -4@%eax +4 bytes, signed, in register %eax$'
	assert_line --regexp '^ *arg1 4@4\(%esp\) +4 bytes, unsigned, in memory 4 bytes above the stack pointer \(%esp\)$'
	assert_line --regexp '^ *arg2 -4@variable +4 bytes, signed, in memory at the variable variable$'
	assert_line --regexp '^ *arg3 %edi +4 bytes, unsigned, in register %edi$'
	assert_line --regexp '^ *arg4 8@%eax +.*cannot be read: '
	assert_line --regexp '^ *arg5 8@\(%rax\) +.*cannot be read: '
}

@test "as JSON, those that cannot be read have the reason, the others none" {
	need_cmd jq
	i386 '-4@%eax 8@%eax %edi -4@nowhere'
	usdt list -j ./program >probes
	run -0 jq -c '.locations[0].args[] | .error' probes
	assert_output "$(printf '%s\n' null \
		"\"'8@%eax' has a size no register or memory access has\"" null \
		"\"no symbol table of the file has 'nowhere'\"")"
}

@test "tracing it: one line that says what it is, and status 77" {
	i386 '-4@%eax'
	run -77 --separate-stderr usdt trace './program:*'
	assert_equal "$output" ''
	assert_equal "$stderr" "usdt: '$PWD/program' is a 32-bit file: 32-bit programs cannot be traced yet"
}
