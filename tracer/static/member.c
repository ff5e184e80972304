// SPDX-License-Identifier: GPL-2.0-or-later
#include <dwarf.h>
#include <stdio.h>
#include <string.h>

#include "tracer/static/member.h"
#include "tracer/static/type.h"

#define DEPTH_MAX 16 /* structs within each other */

struct search {
	uint64_t size;
	bool is_signed;
	char path[MEMBER_PATH_MAX]; /* to where the search is now */
	bool found, fits;	    /* .fits: .best has the sign that is wanted */
	bool ambiguous;
	struct member best;
};

static void offer(struct search *s, const Dwarf_Die *type)
{
	bool matters, is_signed = type_is_signed(type, &matters);
	bool fits = !matters || is_signed == s->is_signed;

	if (s->found && (fits < s->fits || type_same(&s->best.type, type)))
		return;
	if (s->found && fits == s->fits) {
		s->ambiguous = true;
		return;
	}
	s->found = true;
	s->fits = fits;
	s->ambiguous = false;
	memcpy(s->best.path, s->path, sizeof(s->path));
	s->best.type = *type;
}

/* Bytes from the start of the struct. A virtual base has none that is known here. */
static bool member_offset(Dwarf_Die *member, uint64_t *out)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t nops;
	int64_t number;

	*out = 0;
	if (!dwarf_attr(member, DW_AT_data_member_location, &attr))
		return dwarf_tag(member) == DW_TAG_member; /* a union's */
	if (attribute_number(&attr, &number)) {
		*out = number;
		return number >= 0;
	}
	if (dwarf_getlocation(&attr, &ops, &nops) || nops != 1 ||
	    ops[0].atom != DW_OP_plus_uconst)
		return false;
	*out = ops[0].number;
	return true;
}

static void search(struct search *s, const Dwarf_Die *type, uint64_t offset, int depth);

/* Appends to the path as far as there is room, and goes on with what is there. */
static void search_in(struct search *s, const char *dot, const char *name,
		      const Dwarf_Die *type, uint64_t offset, int depth)
{
	size_t len = strlen(s->path), room = sizeof(s->path) - len;

	if (snprintf(s->path + len, room, "%s%s", dot, name) < room)
		search(s, type, offset, depth);
	s->path[len] = '\0';
}

static void search_struct(struct search *s, Dwarf_Die *type, uint64_t offset, int depth)
{
	Dwarf_Die die, of;

	if (dwarf_child(type, &die))
		return;
	do {
		int tag = dwarf_tag(&die);
		uint64_t at, size;
		const char *name = die_name(&die);

		if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
		    dwarf_hasattr(&die, DW_AT_external) || /* static, of a class */
		    dwarf_hasattr(&die, DW_AT_bit_size) || !type_of(&die, &of) ||
		    !member_offset(&die, &at) || !type_size(&of, &size) || offset < at ||
		    offset - at >= size)
			continue;
		if (tag == DW_TAG_inheritance || !name) /* as if its members were ours */
			search_in(s, "", "", &of, offset - at, depth + 1);
		else
			search_in(s, ".", name, &of, offset - at, depth + 1);
	} while (dwarf_siblingof(&die, &die) == 0);
}

static void search_array(struct search *s, Dwarf_Die *type, uint64_t offset, int depth)
{
	Dwarf_Die element;
	uint64_t size;
	char index[32];

	if (!type_element(type, &element) || !type_size(&element, &size) || !size)
		return;
	snprintf(index, sizeof(index), "[%llu]", (unsigned long long)(offset / size));
	search_in(s, "", index, &element, offset % size, depth + 1);
}

static void search(struct search *s, const Dwarf_Die *type, uint64_t offset, int depth)
{
	Dwarf_Die peeled = *type;
	bool before = s->found;
	uint64_t size;

	type_peel(&peeled);
	if (depth > DEPTH_MAX || !type_size(&peeled, &size) || offset >= size ||
	    s->size > size - offset)
		return;
	switch (dwarf_tag(&peeled)) {
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
		search_struct(s, &peeled, offset, depth);
		if (s->found != before)
			return;
		break; /* no part of it has that size: it may be all of it */
	case DW_TAG_array_type:
		search_array(s, &peeled, offset, depth);
		return;
	}
	if (!offset && size == s->size)
		offer(s, type);
}

bool member_find(const Dwarf_Die *type, uint64_t offset, uint64_t size, bool is_signed,
		 struct member *out)
{
	struct search s = {.size = size, .is_signed = is_signed};

	search(&s, type, offset, 0);
	*out = s.best;
	return s.found && !s.ambiguous;
}
