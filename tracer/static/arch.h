/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between architectures: register names and how an operand is written.
 * All tables are compiled everywhere, so any machine can list any file.
 */
#ifndef BPFHOL_TRACER_STATIC_ARCH_H
#define BPFHOL_TRACER_STATIC_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/static/operand.h"

struct arch_register {
	const char *name; /* without the "%" */
	int dwarf;	  /* psABI's DWARF number of the full register */
	int size;	  /* bytes this name covers */
	int shift;	  /* bits below it in the full register */
};

struct arch {
	int machine; /* ELF e_machine */
	const char *name;
	int word;		     /* bytes of a long, a register, an address */
	const char *register_prefix; /* "%" in AT&T syntax */
	const struct arch_register *registers;
	size_t nregisters;
	int stack_pointer, frame_pointer; /* DWARF numbers */
	const char *thread_segment; /* x86: "fs", what a thread's own memory is in */
	/*
	 * parse_operand - fill kind and place from what stands behind the "@".
	 * Returns NULL, or why it cannot be read (a literal, may hold one "%s" for the
	 * operand's text).
	 */
	const char *(*parse_operand)(const struct arch *arch, const char *text,
				     struct operand *out);
};

/* arch_find - by ELF machine; NULL if this kit does not know it. */
const struct arch *arch_find(int machine);

/* arch_register_by_name - NAME has LEN bytes; NULL if there is no such register. */
const struct arch_register *arch_register_by_name(const struct arch *arch,
						  const char *name, size_t len);

/*
 * arch_register_name - of a DWARF number, by the width asked for; that of the full
 * register if no name has this width.
 */
const char *arch_register_name(const struct arch *arch, int dwarf, int size, int shift);

/*
 * arch_parse_number - a number as assemblers take it: -20, 0x3fc00000,
 * 18446744073709551615. Sets *END behind it. False if there is none or it is too large.
 */
bool arch_parse_number(const char *text, const char **end, int64_t *out);

/*
 * arch_take_symbol - a symbol's name at *TEXT, which moves behind it, into OUT. Returns
 * NULL, or why it cannot be read, as parse_operand does; also if OUT has a symbol
 * already.
 */
const char *arch_take_symbol(const char **text, enum symbol_use use, struct operand *out);

/* arch_x86_parse_operand - .parse_operand for both widths of x86. */
const char *arch_x86_parse_operand(const struct arch *arch, const char *text,
				   struct operand *out);

extern const struct arch arch_x86_64, arch_i386, arch_aarch64;

#endif
