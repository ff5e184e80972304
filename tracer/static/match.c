// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is this variable what the operand stands for? Both are places by now (place.h). With p
 * a pointer to a struct, s a struct:
 *
 *   operand          variable is in          then the operand is
 *   %rdi             %rdi                    p
 *   $3               nowhere; its value is 3 n
 *   -20(%rbp)        memory at %rbp - 20     n
 *   -20(%rbp)        memory at %rbp - 32     the member of s that begins 12 bytes in
 *   16(%rdi)         %rdi                    the member of *p that begins 16 bytes in
 *
 * Size decides too: a probe's argument has the size of the C expression, and "char c" in
 * %edi is not what "-4@%edi" stands for. A constant is more likely than a register to be
 * the same by chance, so it is given a name only if there is but one.
 */
#include <dwarf.h>
#include <stdio.h>
#include <string.h>

#include "tracer/static/match.h"
#include "tracer/static/type.h"

void match_init(struct match *m, const struct operand *operand, const struct frame *frame)
{
	m->operand = operand;
	m->place = place_of_operand(operand);
	m->frame = frame;
	m->count = 0;
}

/* NAME is made of three parts. What is too long is not offered. */
static void add(struct match *m, const char *a, const char *b, const char *c,
		const Dwarf_Die *type)
{
	bool matters, is_signed = type_is_signed(type, &matters);
	struct candidate *out = &m->candidates[m->count];

	if (m->count == CANDIDATES_MAX ||
	    (m->operand->is_float && type_classify(type) != TYPE_FLOAT) ||
	    snprintf(out->name, sizeof(out->name), "%s%s%s", a, b, c) >=
		    sizeof(out->name))
		return;
	out->type = *type;
	out->is_part = strpbrk(out->name, "*.-[");
	out->sign_differs = matters && is_signed != m->operand->is_signed;
	m->count++;
}

/* What of a variable, or of what it points to, is OFFSET bytes in. */
static void add_part(struct match *m, const char *name, const Dwarf_Die *type,
		     uint64_t offset)
{
	struct member part;

	if (member_find(type, offset, m->operand->size, m->operand->is_signed, &part))
		add(m, name, part.path, "", &part.type);
}

/* NAME is a pointer or a reference: what is OFFSET bytes from what it points to. */
static void add_pointee(struct match *m, const char *name, const Dwarf_Die *pointer,
			uint64_t offset)
{
	struct member part;
	Dwarf_Die pointee;
	char index[32];
	uint64_t size;

	if (!type_pointee(pointer, &pointee) || !type_size(&pointee, &size) || !size)
		return;
	if (type_is_reference(pointer)) {
		add_part(m, name, &pointee, offset);
	} else if (type_classify(&pointee) != TYPE_STRUCT && offset >= size) {
		snprintf(index, sizeof(index), "[%llu]",
			 (unsigned long long)(offset / size));
		if (offset < INT32_MAX && offset % size == 0 && size == m->operand->size)
			add(m, name, index, "", &pointee); /* an array's element */
	} else if (member_find(&pointee, offset, m->operand->size, m->operand->is_signed,
			       &part)) {
		if (*part.path == '.')
			add(m, name, "->", part.path + 1, &part.type);
		else if (!*part.path)
			add(m, "*", name, "", &part.type);
	}
}

static uint64_t low_bytes(int64_t number, unsigned int size)
{
	return size < 8 ? (uint64_t)number & ((1ull << 8 * size) - 1) : (uint64_t)number;
}

static bool same_value(const struct match *m, const struct place *place)
{
	const struct place *own = &m->place;

	if (own->kind != PLACE_VALUE || place->kind != PLACE_VALUE ||
	    own->reg != place->reg || m->operand->size > place->known)
		return false;
	return own->reg < 0 ? low_bytes(own->offset, m->operand->size) ==
				      low_bytes(place->offset, m->operand->size)
			    : own->offset == place->offset;
}

static void match_pieces(struct match *m, const char *name, const Dwarf_Die *type,
			 const struct pieces *pieces, int depth);

/* The pointer is nowhere, but the variable it points to, or that one's value, is. */
static void match_target(struct match *m, const char *name, const Dwarf_Die *pointer,
			 const struct place *place)
{
	Dwarf_Attribute attr = place->target;
	Dwarf_Die target = place->target_die, type;
	struct pieces pieces;
	size_t i, first = m->count, last;

	if (place->offset || !type_of(&target, &type) ||
	    !pieces_read(&attr, m->frame, 0, &pieces))
		return;
	match_pieces(m, "", &type, &pieces, 1);
	last = m->count;
	m->count = first;
	for (i = first; i < last; i++) { /* ".x" becomes "p->x" */
		struct candidate part = m->candidates[i];

		if (type_is_reference(pointer))
			add(m, name, part.name, "", &part.type);
		else if (*part.name == '.')
			add(m, name, "->", part.name + 1, &part.type);
		else if (!*part.name)
			add(m, "*", name, "", &part.type);
	}
}

/* PIECE is a pointer, or has one in it, that the operand counts from. */
static void match_pointer(struct match *m, const char *name, const Dwarf_Die *type,
			  const struct piece *piece)
{
	char whole[CANDIDATE_NAME_MAX];
	struct member part;

	if (piece->place.known < 8 || !member_find(type, piece->at, 8, false, &part))
		return;
	if (snprintf(whole, sizeof(whole), "%s%s", name, part.path) < sizeof(whole))
		add_pointee(m, whole, &part.type,
			    (uint64_t)m->place.offset - (uint64_t)piece->place.offset);
}

static void match_pieces(struct match *m, const char *name, const Dwarf_Die *type,
			 const struct pieces *pieces, int depth)
{
	const struct place *own = &m->place;
	size_t i;

	for (i = 0; i < pieces->count; i++) {
		const struct piece *piece = &pieces->all[i];
		const struct place *place = &piece->place;
		uint64_t room = piece->size		     ? piece->size
				: place->kind == PLACE_VALUE ? 8
							     : INT64_MAX;
		uint64_t in = (uint64_t)own->offset - (uint64_t)place->offset;

		if (place->kind == PLACE_MEMORY && place->known && place->known < room)
			room = place->known;
		if (place->kind == PLACE_TARGET && !depth && !piece->at) {
			match_target(m, name, type, place);
		} else if (own->kind == PLACE_NONE || m->operand->size > room) {
			continue;
		} else if (same_value(m, place)) {
			if (!type_is_reference(type))
				add_part(m, name, type, piece->at);
		} else if (own->kind != PLACE_MEMORY || own->reg != place->reg) {
			continue;
		} else if (place->kind == PLACE_VALUE) {
			match_pointer(m, name, type, piece);
		} else if (place->kind == PLACE_MEMORY && in <= room - m->operand->size &&
			   !type_is_reference(type)) {
			add_part(m, name, type, piece->at + in);
		}
	}
}

/*
 * The operand names its symbol, and DWARF does not say where that is: it is defined
 * elsewhere ("extern int counter;"), or the threads have one each.
 */
static void match_symbol(struct match *m, Dwarf_Die *variable, const char *name,
			 const Dwarf_Die *type)
{
	const struct operand *op = m->operand;
	const char *symbol = op->symbol;
	Dwarf_Attribute attr;
	const char *linkage;

	if (!symbol || op->kind != OPERAND_MEMORY || op->index >= 0 ||
	    op->symbol_use == SYMBOL_GOT || op->symbol_offset < 0)
		return;
	linkage = attribute_string(
		dwarf_attr_integrate(variable, DW_AT_linkage_name, &attr));
	if (!strcmp(symbol, linkage ? linkage : name))
		add_part(m, name, type, op->symbol_offset);
}

void match_variable(struct match *m, Dwarf_Die *variable)
{
	const char *name = die_name(variable);
	Dwarf_Attribute attr;
	struct pieces pieces;
	Dwarf_Die type;
	size_t which;

	if (!name || !type_of(variable, &type))
		return;
	if (!dwarf_attr_integrate(variable, DW_AT_location, &attr) &&
	    !dwarf_attr_integrate(variable, DW_AT_const_value, &attr)) {
		match_symbol(m, variable, name, &type);
		return;
	}
	for (which = 0; pieces_read(&attr, m->frame, which, &pieces); which++)
		match_pieces(m, name, &type, &pieces, 0);
	if (m->operand->symbol_use == SYMBOL_THREAD)
		match_symbol(m, variable, name, &type);
}

static int rank(const struct candidate *c)
{
	return 2 * c->sign_differs + c->is_part;
}

const struct candidate *match_choose(const struct match *m)
{
	const struct candidate *best = NULL, *c;
	bool is_constant = m->operand->kind == OPERAND_CONSTANT;
	size_t i;

	for (i = 0; i < m->count; i++)
		if (!best || rank(&m->candidates[i]) < rank(best))
			best = &m->candidates[i];
	for (i = 0; best && i < m->count; i++) {
		c = &m->candidates[i];
		if (c == best || !strcmp(c->name, best->name))
			continue;
		if (is_constant ||
		    (rank(c) == rank(best) && !type_same(&c->type, &best->type)))
			return NULL;
	}
	return best;
}
