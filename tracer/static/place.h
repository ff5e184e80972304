/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a value is, as DWARF describes it and as a probe's operand does, brought into one
 * form so that the two can be compared.
 */
#ifndef BPFHOL_TRACER_STATIC_PLACE_H
#define BPFHOL_TRACER_STATIC_PLACE_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/static/operand.h"

enum place_kind {
	PLACE_NONE,
	PLACE_VALUE,  /* the value is register + offset itself */
	PLACE_MEMORY, /* it lies in memory at register + offset */
	PLACE_TARGET, /* a pointer that was optimised away; what it points to is known */
};

struct place {
	enum place_kind kind;
	/* As in struct operand: -1 for a number, REGISTER_LOAD_BIAS for an address. */
	int reg;
	int64_t offset;
	unsigned int known;	/* so many low bytes of it are right; MEMORY: 0 for all */
	Dwarf_Attribute target; /* TARGET: the location, or value, of what it points to */
	Dwarf_Die target_die;
};

/* A variable may be taken apart, and its parts be in different places. */
struct piece {
	uint64_t at,
		size; /* bytes of the variable; the size of a whole one is not known */
	struct place place;
};

#define PIECES_MAX 16

struct pieces {
	struct piece all[PIECES_MAX];
	size_t count;
};

/* What an expression may refer to. */
struct frame {
	uint64_t address;
	struct place base; /* DW_OP_fbreg counts from here; NONE: unknown */
	struct place cfa;  /* the canonical frame address, from the CFI; NONE: unknown */
};

/*
 * frame_read - of FUNCTION (innermost that is not inlined) at ADDRESS. @cfi: tables to
 * look into, in this order; may be NULL.
 */
void frame_read(Dwarf_Die *function, uint64_t address, Dwarf_CFI *const cfi[2],
		struct frame *out);

/*
 * pieces_read - where a variable with this DW_AT_location or DW_AT_const_value is at the
 * frame's address. .count is 0 where that is nowhere, or not understood. Where DWARF
 * tells of several places for the same time, the one numbered WHICH; returns false if
 * there are not so many.
 */
bool pieces_read(Dwarf_Attribute *location, const struct frame *frame, size_t which,
		 struct pieces *out);

/* place_of_operand - .kind is NONE if it cannot be compared: it has an index, say. */
struct place place_of_operand(const struct operand *operand);

#endif
