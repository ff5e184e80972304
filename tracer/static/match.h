/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares one operand with variables, one after the other, and chooses among those that
 * fit. */
#ifndef BPFHOL_TRACER_STATIC_MATCH_H
#define BPFHOL_TRACER_STATIC_MATCH_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>

#include "tracer/static/member.h"
#include "tracer/static/operand.h"
#include "tracer/static/place.h"

#define CANDIDATES_MAX 16
#define CANDIDATE_NAME_MAX 320

/* A variable, or a part of one, that is where the operand is. */
struct candidate {
	char name[CANDIDATE_NAME_MAX];
	Dwarf_Die type;
	bool is_part;
	bool sign_differs;
};

struct match {
	const struct operand *operand;
	struct place place; /* the operand's */
	const struct frame *frame;
	struct candidate candidates[CANDIDATES_MAX]; /* in the order they were offered */
	size_t count;
};

void match_init(struct match *match, const struct operand *operand,
		const struct frame *frame);

/* match_variable - offer a variable or parameter. */
void match_variable(struct match *match, Dwarf_Die *variable);

/* match_choose - the best of those offered; NULL: there is none, or no telling. */
const struct candidate *match_choose(const struct match *match);

#endif
