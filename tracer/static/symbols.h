/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which function, and where known which source line, an address lies in. */
#ifndef BPFHOL_TRACER_STATIC_SYMBOLS_H
#define BPFHOL_TRACER_STATIC_SYMBOLS_H

#include <elfutils/libdw.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/static/elf_file.h"

/* A place in the code, and what function it is in. */
struct place {
	uint64_t address; /* link-time */
	size_t number;	  /* the caller's */
	char *function;	  /* to be freed by the caller; NULL if none is known */
	uint64_t offset;  /* into it */
};

/*
 * symbols_locate - find the functions that hold PLACES, whose .function is NULL: by
 * FILE's .symtab; if it is stripped by that of its debug file (DEBUG, may be NULL), else
 * by its .dynsym. The places are sorted by address. Returns 0 or -ENOMEM.
 */
int symbols_locate(const struct elf_file *file, const struct elf_file *debug,
		   struct place *places, size_t count);

/* symbols_line - "file.c:42", to be freed; NULL if DWARF's UNIT does not tell. */
char *symbols_line(Dwarf_Die *unit, uint64_t address);

#endif
