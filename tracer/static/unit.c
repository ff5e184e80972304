// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DWARF is a forest: a tree for each file that was compiled (a compile unit), in it a
 * node (DIE) for each type, variable and function, and in a function one for each block
 * that has variables of its own and each call that was inlined. Most nodes have nothing
 * to do with a given address, and a library such as libjvm has millions, so:
 *
 * - Which unit? .debug_aranges says; gcc writes it, clang does not unless asked. Where it
 *   is silent, the ranges of all units are read once.
 * - Which function? The unit's topmost nodes are gone through once, and the ranges of its
 *   functions kept until another unit is asked for. Only where that is not enough the
 *   rest of the unit is gone through too.
 */
#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>

#include "common/array.h"
#include "tracer/static/type.h"
#include "tracer/static/unit.h"

#define DEPTH_MAX 16 /* of namespaces and imports; more is broken */

struct range {
	uint64_t start, end;
	Dwarf_Die die;
};

/* Its nodes lie between these, as the tree is written down from the root on. */
struct space {
	void *start, *end;
	const char *name;
};

struct units {
	Dwarf *dwarf;
	struct range *ranges; /* of all units, sorted; read when first needed */
	size_t nranges;
	bool walked;
	void *current; /* the unit that these are of */
	bool is_deep;  /* .functions has those within others too */
	struct range *functions;
	size_t nfunctions;
	Dwarf_Die *globals;
	size_t nglobals;
	Dwarf_Die *imports; /* dwz's parts of units that were gone through already */
	size_t nimports;
	struct space *spaces; /* the outer before the inner */
	size_t nspaces;
};

struct units *units_new(Dwarf *dwarf)
{
	struct units *units = calloc(1, sizeof(*units));

	if (units)
		units->dwarf = dwarf;
	return units;
}

void units_free(struct units *units)
{
	if (!units)
		return;
	free(units->ranges);
	free(units->functions);
	free(units->globals);
	free(units->imports);
	free(units->spaces);
	free(units);
}

static int add_ranges(Dwarf_Die *die, struct range **ranges, size_t *count)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t next = 0;

	while ((next = dwarf_ranges(die, next, &base, &start, &end)) > 0) {
		struct range *range = array_add(*ranges, *count);

		if (!range)
			return -ENOMEM;
		*range = (struct range){start, end, *die};
	}
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void sort_ranges(struct range *ranges, size_t count)
{
	if (count)
		qsort(ranges, count, sizeof(*ranges), by_start);
}

static bool find_range(const struct range *ranges, size_t count, uint64_t address,
		       Dwarf_Die *out)
{
	size_t low = 0, high = count;

	while (low < high) { /* the last that begins at or before the address */
		size_t middle = low + (high - low) / 2;

		if (ranges[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address >= ranges[low - 1].end)
		return false;
	*out = ranges[low - 1].die;
	return true;
}

bool units_find(struct units *units, uint64_t address, Dwarf_Die *unit)
{
	Dwarf_CU *cu = NULL;
	uint8_t type;
	Dwarf_Die die;

	if (dwarf_addrdie(units->dwarf, address, unit))
		return true;
	if (!units->walked) {
		units->walked = true;
		while (!dwarf_get_units(units->dwarf, cu, &cu, NULL, &type, &die, NULL))
			if (type == DW_UT_compile &&
			    add_ranges(&die, &units->ranges, &units->nranges))
				break;
		sort_ranges(units->ranges, units->nranges);
	}
	return find_range(units->ranges, units->nranges, address, unit);
}

static int gather(struct units *units, Dwarf_Die *parent, int depth);

/* What dwz found in several units it moved to one of its own, which they import. */
static int gather_import(struct units *units, Dwarf_Die *import, int depth)
{
	Dwarf_Attribute attr;
	Dwarf_Die part, *seen;
	size_t i;

	if (!dwarf_attr(import, DW_AT_import, &attr) || !dwarf_formref_die(&attr, &part))
		return 0;
	for (i = 0; i < units->nimports; i++)
		if (units->imports[i].addr == part.addr)
			return 0;
	seen = array_add(units->imports, units->nimports);
	if (!seen)
		return -ENOMEM;
	*seen = part;
	return gather(units, &part, depth + 1);
}

static int gather_namespace(struct units *units, Dwarf_Die *die, int depth)
{
	struct space *space = array_add(units->spaces, units->nspaces);
	const char *name = die_name(die);
	Dwarf_Die next;

	if (!space)
		return -ENOMEM;
	*space = (struct space){die->addr, NULL, name ? name : "(anonymous namespace)"};
	if (dwarf_siblingof(die, &next) >= 0) /* even if that is no sibling */
		space->end = next.addr;
	return gather(units, die, depth + 1);
}

static int gather(struct units *units, Dwarf_Die *parent, int depth)
{
	Dwarf_Die die, *global;
	int err = 0;

	if (depth > DEPTH_MAX || dwarf_child(parent, &die))
		return 0;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_subprogram:
			err = add_ranges(&die, &units->functions, &units->nfunctions);
			break;
		case DW_TAG_variable:
			global = array_add(units->globals, units->nglobals);
			if (global)
				*global = die;
			else
				err = -ENOMEM;
			break;
		case DW_TAG_namespace:
			err = gather_namespace(units, &die, depth);
			break;
		case DW_TAG_imported_unit:
			err = gather_import(units, &die, depth);
			break;
		}
	} while (!err && !dwarf_siblingof(&die, &die));
	return err;
}

static int enter(struct units *units, Dwarf_Die *unit)
{
	int err;

	if (units->current == unit->addr)
		return 0;
	units->nfunctions = units->nglobals = units->nimports = 0;
	units->nspaces = 0;
	units->is_deep = false;
	err = gather(units, unit, 0);
	sort_ranges(units->functions, units->nfunctions);
	units->current = err ? NULL : unit->addr;
	return err;
}

/*
 * Functions that are written within others: a lambda of C++ is a member of a struct that
 * is local to a function. To find them all nodes of the unit have to be gone through.
 */
static int gather_nested(struct units *units, Dwarf_Die *parent, int depth)
{
	Dwarf_Die die;
	int err = 0;

	if (depth > DEPTH_MAX || dwarf_child(parent, &die))
		return 0;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_subprogram:
			if (depth)
				err = add_ranges(&die, &units->functions,
						 &units->nfunctions);
			break;
		case DW_TAG_namespace:
		case DW_TAG_lexical_block:
		case DW_TAG_structure_type:
		case DW_TAG_class_type:
			break;
		default:
			continue;
		}
		if (!err)
			err = gather_nested(units, &die, depth + 1);
	} while (!err && !dwarf_siblingof(&die, &die));
	return err;
}

static int find_function(struct units *units, Dwarf_Die *unit, uint64_t address,
			 Dwarf_Die *function)
{
	int err = enter(units, unit);

	function->addr = NULL;
	if (err || find_range(units->functions, units->nfunctions, address, function) ||
	    units->is_deep)
		return err;
	units->is_deep = true;
	err = gather_nested(units, unit, 0);
	sort_ranges(units->functions, units->nfunctions);
	find_range(units->functions, units->nfunctions, address, function);
	return err;
}

static bool is_scope(Dwarf_Die *die)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_lexical_block:
	case DW_TAG_inlined_subroutine:
	case DW_TAG_try_block:
	case DW_TAG_catch_block:
		return true;
	}
	return false;
}

static bool step_in(Dwarf_Die *scope, uint64_t address)
{
	Dwarf_Die die;

	if (dwarf_child(scope, &die))
		return false;
	do {
		if (is_scope(&die) && dwarf_haspc(&die, address) > 0) {
			*scope = die;
			return true;
		}
	} while (!dwarf_siblingof(&die, &die));
	return false;
}

int units_scopes(struct units *units, Dwarf_Die *unit, uint64_t address,
		 struct scopes *out)
{
	Dwarf_Die die, down[SCOPES_MAX];
	size_t i, n = 0;
	int err = find_function(units, unit, address, &die);

	out->count = 0;
	if (err || !die.addr)
		return err;
	do
		down[n++] = die;
	while (n < SCOPES_MAX && step_in(&die, address));
	for (i = 0; i < n; i++)
		out->all[i] = down[n - 1 - i];
	out->count = n;
	return 0;
}

Dwarf_Die *units_globals(struct units *units, Dwarf_Die *unit, size_t *count)
{
	*count = enter(units, unit) ? 0 : units->nglobals;
	return units->globals;
}

void units_write_namespaces(const struct units *units, const Dwarf_Die *die, FILE *out)
{
	size_t i;

	for (i = 0; i < units->nspaces; i++)
		if (die->addr > units->spaces[i].start &&
		    die->addr < units->spaces[i].end)
			fprintf(out, "%s::", units->spaces[i].name);
}
