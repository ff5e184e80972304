/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between architectures: register names and how an operand is written.
 * All tables are compiled everywhere, so any machine can list any file.
 */
#ifndef BPFHOL_TRACER_STATIC_ARCH_H
#define BPFHOL_TRACER_STATIC_ARCH_H

#include <stddef.h>

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
	const char *register_prefix; /* "%" in AT&T syntax */
	const struct arch_register *registers;
	size_t nregisters;
	int stack_pointer, frame_pointer; /* DWARF numbers */
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

/* arch_register_name - of a DWARF number, by the width asked for (8 if in doubt). */
const char *arch_register_name(const struct arch *arch, int dwarf, int size, int shift);

extern const struct arch arch_x86_64;

#endif
