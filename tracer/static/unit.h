/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which part of the DWARF tree an address lies in: its compile unit, and in that the
 * function, the functions inlined there, and their blocks.
 */
#ifndef BPFHOL_TRACER_STATIC_UNIT_H
#define BPFHOL_TRACER_STATIC_UNIT_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct units; /* opaque: remembers the unit looked into last, so ask in address order */

#define SCOPES_MAX 64

struct scopes {
	Dwarf_Die all[SCOPES_MAX]; /* innermost first; the last is the function */
	size_t count;
};

/* units_new - of a DWARF that stays open as long. NULL with errno ENOMEM. */
struct units *units_new(Dwarf *dwarf);
void units_free(struct units *units);

/* units_find - the compile unit of an address; false if there is none. */
bool units_find(struct units *units, uint64_t address, Dwarf_Die *unit);

/*
 * units_scopes - what of UNIT encloses an address. Returns 0 (.count may be 0) or
 * -ENOMEM.
 */
int units_scopes(struct units *units, Dwarf_Die *unit, uint64_t address,
		 struct scopes *out);

/*
 * units_globals - the variables of UNIT outside of functions, *COUNT of them; points into
 * UNITS until another unit is asked for. NULL with *COUNT 0 if there are none.
 */
Dwarf_Die *units_globals(struct units *units, Dwarf_Die *unit, size_t *count);

/*
 * units_write_namespaces - of C++, those that DIE, something of the unit asked for last,
 * is in: "outer::inner::".
 */
void units_write_namespaces(const struct units *units, const Dwarf_Die *die, FILE *out);

#endif
