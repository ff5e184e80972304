/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few instructions that stand at a probe's location: what the compiler put there, and
 * what a tracer puts in its place. No disassembler: all others are "other".
 */
#ifndef BPFHOL_TRACER_STATIC_INSTRUCTION_H
#define BPFHOL_TRACER_STATIC_INSTRUCTION_H

#include <stddef.h>
#include <stdint.h>

#define INSTRUCTION_BYTES 10 /* the longest of them */

enum instruction {
	INSTRUCTION_OTHER,
	INSTRUCTION_NOP,   /* sys/sdt.h's, one byte */
	INSTRUCTION_NOP5,  /* any of five bytes: kernels from 6.18 on make it a call */
	INSTRUCTION_NOP10, /* with a segment prefix, which uprobes refuse */
	INSTRUCTION_INT3,  /* a breakpoint: a uprobe's, or a debugger's */
	INSTRUCTION_CALL,  /* relative, five bytes */
};

/* instruction_find - what BYTES begin with; MACHINE is ELF's e_machine. */
enum instruction instruction_find(int machine, const uint8_t *bytes, size_t size);

/* instruction_name - "nop", "nop5", "nop10", "int3", "call", "other". */
const char *instruction_name(enum instruction instruction);

/* instruction_size - bytes; 0 of "other". */
size_t instruction_size(enum instruction instruction);

/* instruction_target - where a call goes that stands at ADDRESS; BYTES has all five. */
uint64_t instruction_target(const uint8_t *bytes, uint64_t address);

#endif
