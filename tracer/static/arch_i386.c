// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * i386 operands: x86-64's syntax (arch_x86_64.c) with four bytes to a register and to an
 * address, e.g. -4@%eax, 4(%esp). Nothing counts from the next instruction here, and a
 * thread's own memory is in %gs.
 * DWARF register numbers: System V psABI for Intel386, table 2.14.
 */
#include <elf.h>

#include "tracer/static/arch.h"

#define CLASSIC(n, l, w, b, h)                    \
	{l, n, 4, 0}, {w, n, 2, 0}, {b, n, 1, 0}, \
	{                                         \
		h, n, 1, 8                        \
	}
#define POINTER(n, l, w)   \
	{l, n, 4, 0},      \
	{                  \
		w, n, 2, 0 \
	}

static const struct arch_register registers[] = {
	CLASSIC(0, "eax", "ax", "al", "ah"),
	CLASSIC(1, "ecx", "cx", "cl", "ch"),
	CLASSIC(2, "edx", "dx", "dl", "dh"),
	CLASSIC(3, "ebx", "bx", "bl", "bh"),
	POINTER(4, "esp", "sp"),
	POINTER(5, "ebp", "bp"),
	POINTER(6, "esi", "si"),
	POINTER(7, "edi", "di"),
};

const struct arch arch_i386 = {
	.machine = EM_386,
	.name = "32-bit x86",
	.word = 4,
	.register_prefix = "%",
	.registers = registers,
	.nregisters = sizeof(registers) / sizeof(*registers),
	.stack_pointer = 4,
	.frame_pointer = 5,
	.thread_segment = "gs",
	.parse_operand = arch_x86_parse_operand,
};
