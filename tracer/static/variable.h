/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a probe's arguments are called in the source: the variable, parameter or member
 * that is in an operand's place, and its type, as DWARF tells. An argument that is an
 * expression of its own has no name.
 */
#ifndef BPFHOL_TRACER_STATIC_VARIABLE_H
#define BPFHOL_TRACER_STATIC_VARIABLE_H

#include <elfutils/libdw.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/static/operand.h"
#include "tracer/static/type.h"

struct variable {
	char *name; /* "req", "req->id", "s.count"; owned, NULL: nothing stands there */
	char *type; /* "const struct request *"; owned, NULL without a name */
	enum type_class type_class;
	struct enumerator *enumerators; /* of TYPE_ENUM; owned */
	size_t nenumerators;
};

/* variables_free - an array of them. */
void variables_free(struct variable *variables, size_t count);

struct variables; /* opaque: reads them; remembers what it has seen of the DWARF */

/*
 * variables_open - @elf: the program's file, for its .eh_frame; @dwarf: its debug
 * information. Both must stay open as long. NULL with errno ENOMEM.
 */
struct variables *variables_open(Elf *elf, Dwarf *dwarf);
void variables_close(struct variables *reader);

/* variables_unit - the compile unit that has code at ADDRESS; false if none is known. */
bool variables_unit(struct variables *reader, uint64_t address, Dwarf_Die *unit);

/*
 * variables_read - what the operands of a location at ADDRESS are. Quick if called in the
 * order of addresses. *OUT has COUNT elements, variables_free() frees it. Returns 0 or
 * -ENOMEM; of broken DWARF it makes what it can, which may be nothing.
 */
int variables_read(struct variables *reader, uint64_t address,
		   const struct operand *operands, size_t count, struct variable **out);

#endif
