/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which function, and where known which source line, an address lies in. */
#ifndef BPFHOL_TRACER_STATIC_SYMBOLS_H
#define BPFHOL_TRACER_STATIC_SYMBOLS_H

#include <elfutils/libdw.h>
#include <stdint.h>

#include "tracer/static/elf_file.h"

struct symbols;

/*
 * symbols_new - of FILE; of a stripped one, from its debug file (DEBUG, may be NULL).
 * Both stay open as long as this. NULL with errno ENOMEM.
 */
struct symbols *symbols_new(const struct elf_file *file, const struct elf_file *debug);
void symbols_free(struct symbols *symbols);

/*
 * symbols_function - the function that holds a link-time address, from .symtab, else
 * .dynsym; *OFFSET is how far into it. Points into the file; NULL if none is known.
 */
const char *symbols_function(const struct symbols *symbols, uint64_t address,
			     uint64_t *offset);

/* symbols_line - "file.c:42", to be freed; NULL if DWARF's UNIT does not tell. */
char *symbols_line(Dwarf_Die *unit, uint64_t address);

#endif
