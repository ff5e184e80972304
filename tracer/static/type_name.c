// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DWARF has a type as a chain of nodes: "const char *" is a pointer type, whose
 * DW_AT_type is a const type, whose DW_AT_type is a base type with the name "char". C
 * writes what is nearest the variable last, unless it is an array or a function: those
 * stand behind the name. So the chain is written in two halves, head and tail: "int (*"
 * and ")[4]".
 */
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>

#include "tracer/static/type.h"
#include "tracer/static/unit.h"

#define DEPTH_MAX 24 /* nodes of a chain; more is broken DWARF, or nobody reads it */

struct writer {
	FILE *out;
	const struct units *units; /* NULL: in C */
};

static bool stands_behind(const Dwarf_Die *type)
{
	Dwarf_Die die = *type;
	int tag = dwarf_tag(&die);

	return tag == DW_TAG_array_type || tag == DW_TAG_subroutine_type;
}

/* What stands before a type's name, e.g. the "struct" of C. */
static const struct {
	int tag;
	const char *in_c;
} words[] = {
	{DW_TAG_structure_type, "struct"},
	{DW_TAG_class_type, "class"},
	{DW_TAG_union_type, "union"},
	{DW_TAG_enumeration_type, "enum"},
};

static void write_name(const struct writer *w, Dwarf_Die *type)
{
	const char *name = die_name(type), *word = NULL;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].tag == dwarf_tag(type))
			word = words[i].in_c;
	if (w->units && name)
		units_write_namespaces(w->units, type, w->out);
	else if (word)
		fprintf(w->out, "%s ", word);
	fprintf(w->out, "%s", name ? name : word ? "{...}" : "?");
}

static void write_head(const struct writer *w, const Dwarf_Die *type, int depth)
{
	Dwarf_Die die = type ? *type : (Dwarf_Die){0}, next;
	bool has_next = type && type_of(&die, &next);
	int tag = type ? dwarf_tag(&die) : 0;
	const char *mark = tag == DW_TAG_reference_type		 ? "&"
			   : tag == DW_TAG_rvalue_reference_type ? "&&"
								 : "*";
	const char *qualifier = tag == DW_TAG_const_type      ? "const"
				: tag == DW_TAG_volatile_type ? "volatile"
				: tag == DW_TAG_restrict_type ? "restrict"
				: tag == DW_TAG_atomic_type   ? "_Atomic"
							      : NULL;

	if (!type)
		fprintf(w->out, "void");
	else if (depth > DEPTH_MAX)
		fprintf(w->out, "...");
	else if (qualifier && has_next && type_is_pointer(&next)) {
		write_head(w, &next, depth + 1); /* char *const */
		fprintf(w->out, "%s", qualifier);
	} else if (qualifier) {
		fprintf(w->out, "%s ", qualifier);
		write_head(w, has_next ? &next : NULL, depth + 1);
	} else if (type_is_pointer(&die)) {
		bool behind = has_next && stands_behind(&next);

		write_head(w, has_next ? &next : NULL, depth + 1);
		if (behind)
			fprintf(w->out, "(%s", mark);
		else if (has_next && type_is_pointer(&next))
			fprintf(w->out, "%s", mark);
		else
			fprintf(w->out, " %s", mark);
	} else if (stands_behind(&die)) {
		write_head(w, has_next ? &next : NULL, depth + 1);
		fprintf(w->out, " ");
	} else {
		write_name(w, &die);
	}
}

static void write_tail(const struct writer *w, const Dwarf_Die *type, int depth);

static void write_whole(const struct writer *w, const Dwarf_Die *type, int depth)
{
	write_head(w, type, depth);
	write_tail(w, type, depth);
}

static void write_parameters(const struct writer *w, Dwarf_Die *function, int depth)
{
	Dwarf_Die die, type;
	size_t n = 0;

	fprintf(w->out, "(");
	if (dwarf_child(function, &die) == 0)
		do {
			if (dwarf_tag(&die) != DW_TAG_formal_parameter)
				continue;
			fprintf(w->out, "%s", n++ ? ", " : "");
			if (type_of(&die, &type))
				write_whole(w, &type, depth);
		} while (dwarf_siblingof(&die, &die) == 0);
	fprintf(w->out, "%s)", n || w->units ? "" : "void");
}

static void write_bounds(const struct writer *w, Dwarf_Die *array)
{
	Dwarf_Die die;
	int64_t count;

	if (dwarf_child(array, &die))
		return;
	do {
		if (type_dimension(&die, &count))
			fprintf(w->out, "[%lld]", (long long)count);
		else
			fprintf(w->out, "[]");
	} while (dwarf_siblingof(&die, &die) == 0);
}

static void write_tail(const struct writer *w, const Dwarf_Die *type, int depth)
{
	Dwarf_Die die = type ? *type : (Dwarf_Die){0}, next;

	if (!type || depth > DEPTH_MAX)
		return;
	switch (dwarf_tag(&die)) {
	case DW_TAG_array_type:
		write_bounds(w, &die);
		break;
	case DW_TAG_subroutine_type:
		write_parameters(w, &die, depth + 1);
		break;
	case DW_TAG_typedef:
		return;
	}
	if (!type_of(&die, &next) || dwarf_tag(&die) == DW_TAG_enumeration_type)
		return;
	if (type_is_pointer(&die) && stands_behind(&next))
		fprintf(w->out, ")");
	write_tail(w, &next, depth + 1);
}

char *type_name(const Dwarf_Die *type, const struct units *units)
{
	char *text = NULL;
	size_t size;
	struct writer w = {open_memstream(&text, &size), units};

	if (!w.out)
		return NULL;
	write_whole(&w, type, 0);
	return fclose(w.out) ? (free(text), NULL) : text;
}
