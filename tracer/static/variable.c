// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A note says where an argument is, not what it is called: that was lost when the macro
 * handed it to the assembler. But the compiler also wrote DWARF, which says of every
 * variable where it is, address by address. So the question is turned round: of all
 * variables that can be seen at the probe's address, which is where the operand is?
 *
 * The search goes outwards. First comes the function whose source has the probe in it,
 * from the innermost block on; if calls were inlined, that is the innermost of them, and
 * its callers come after it: what is theirs can have no name in it, but may be in the
 * same register because it was handed down. Last come the unit's global variables.
 */
#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/match.h"
#include "tracer/static/unit.h"
#include "tracer/static/variable.h"

struct variables {
	struct units *units;
	Dwarf_CFI *eh_frame; /* owned, unlike the other */
	Dwarf_CFI *debug_frame;
};

void variables_free(struct variable *variables, size_t count)
{
	size_t i;

	for (i = 0; variables && i < count; i++) {
		free(variables[i].name);
		free(variables[i].type);
		enumerators_free(variables[i].enumerators, variables[i].nenumerators);
	}
	free(variables);
}

struct variables *variables_open(Elf *elf, Dwarf *dwarf)
{
	struct variables *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return NULL;
	reader->units = units_new(dwarf);
	if (!reader->units) {
		free(reader);
		return NULL;
	}
	reader->eh_frame = dwarf_getcfi_elf(elf);
	reader->debug_frame = dwarf_getcfi(dwarf);
	return reader;
}

void variables_close(struct variables *reader)
{
	if (!reader)
		return;
	units_free(reader->units);
	if (reader->eh_frame)
		dwarf_cfi_end(reader->eh_frame);
	free(reader);
}

bool variables_unit(struct variables *reader, uint64_t address, Dwarf_Die *unit)
{
	return units_find(reader->units, address, unit);
}

static void match_scope(struct match *match, Dwarf_Die *scope)
{
	Dwarf_Die die;

	if (dwarf_child(scope, &die))
		return;
	do {
		int tag = dwarf_tag(&die);

		if (tag == DW_TAG_variable || tag == DW_TAG_formal_parameter)
			match_variable(match, &die);
	} while (dwarf_siblingof(&die, &die) == 0);
}

static void match_globals(struct match *match, struct units *units, Dwarf_Die *unit)
{
	size_t i, count;
	Dwarf_Die *globals = units_globals(units, unit, &count);

	for (i = 0; i < count; i++)
		match_variable(match, &globals[i]);
}

static bool is_function(Dwarf_Die *scope)
{
	int tag = dwarf_tag(scope);

	return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

/* Which of the innermost function's variables, else of its callers', else global. */
static const struct candidate *find(struct units *units, Dwarf_Die *unit,
				    struct scopes *scopes, struct match *match)
{
	bool is_global = match->operand->symbol || match->place.reg == REGISTER_LOAD_BIAS;
	size_t i;

	for (i = 0; i < scopes->count; i++) {
		match_scope(match, &scopes->all[i]);
		if (!is_function(&scopes->all[i]))
			continue;
		/* That a caller has a variable of the same number means nothing. */
		if (match->count || match->operand->kind == OPERAND_CONSTANT)
			return match_choose(match);
	}
	if (is_global)
		match_globals(match, units, unit);
	return match_choose(match);
}

static bool is_cplusplus(Dwarf_Die *unit)
{
	switch (dwarf_srclang(unit)) {
	case DW_LANG_C_plus_plus:
	case DW_LANG_C_plus_plus_03:
	case DW_LANG_C_plus_plus_11:
	case DW_LANG_C_plus_plus_14:
		return true;
	}
	return false;
}

/* UNITS: in C++; else NULL */
static int fill(struct variable *out, const struct candidate *found,
		const struct units *units)
{
	out->name = strdup(found->name);
	out->type = type_name(&found->type, units);
	out->type_class = type_classify(&found->type);
	if (!out->name || !out->type)
		return -ENOMEM;
	return out->type_class == TYPE_ENUM
		       ? type_enumerators(&found->type, &out->enumerators,
					  &out->nenumerators)
		       : 0;
}

int variables_read(struct variables *reader, uint64_t address,
		   const struct operand *operands, size_t count, struct variable **out)
{
	struct variable *variables = calloc(count + 1, sizeof(*variables));
	Dwarf_CFI *cfi[] = {reader->eh_frame, reader->debug_frame};
	const struct candidate *found;
	struct match match;
	struct frame frame = {.address = address};
	struct scopes scopes;
	Dwarf_Die unit;
	size_t i;
	int err = variables ? 0 : -ENOMEM;

	if (!err && units_find(reader->units, address, &unit)) {
		err = units_scopes(reader->units, &unit, address, &scopes);
		if (!err && scopes.count)
			frame_read(&scopes.all[scopes.count - 1], address, cfi, &frame);
		for (i = 0; !err && i < count; i++) {
			match_init(&match, &operands[i], &frame);
			found = find(reader->units, &unit, &scopes, &match);
			if (found)
				err = fill(&variables[i], found,
					   is_cplusplus(&unit) ? reader->units : NULL);
		}
	}
	if (err) {
		variables_free(variables, count);
		return err;
	}
	*out = variables;
	return 0;
}
