// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A C type is a chain of nodes in DWARF: "typedef const int number" is a typedef, whose
 * DW_AT_type is a const type, whose DW_AT_type is a base type. What matters to a value is
 * at the end of the chain, so most of what is asked here peels the rest off first.
 */
#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "tracer/static/type.h"

#define DEPTH_MAX 24 /* nodes of a chain; more is broken DWARF, or nobody reads it */

/* Where the unit that has the attribute ends in memory. NULL if that is broken. */
static const char *end_of_unit(const Dwarf_Attribute *attr)
{
	uint64_t signature;
	Dwarf_Off next, type, start;
	Dwarf_Half version;
	Dwarf_Die unit;

	if (!dwarf_cu_die(attr->cu, &unit, &version, NULL, NULL, NULL, &signature, &type))
		return NULL;
	start = dwarf_dieoffset(&unit) - dwarf_cuoffset(&unit);
	if (dwarf_next_unit(dwarf_cu_getdwarf(attr->cu), start, &next, NULL, NULL, NULL,
			    NULL, NULL, version == 4 && type ? &signature : NULL,
			    version == 4 && type ? &type : NULL))
		return NULL;
	return (const char *)unit.addr - dwarf_dieoffset(&unit) + next;
}

/* libdw sees to the end of strings in .debug_str, but not of those among the nodes. */
const char *attribute_string(Dwarf_Attribute *attr)
{
	const char *text = attr ? dwarf_formstring(attr) : NULL, *end;

	if (!text || dwarf_whatform(attr) != DW_FORM_string)
		return text;
	end = end_of_unit(attr);
	return end && text < end && memchr(text, 0, end - text) ? text : NULL;
}

const char *die_name(Dwarf_Die *die)
{
	Dwarf_Attribute attr;

	return attribute_string(dwarf_attr_integrate(die, DW_AT_name, &attr));
}

/* gcc writes signed ones as DW_FORM_sdata, and what fits a DW_FORM_data1 is 0 to 255. */
bool attribute_number(Dwarf_Attribute *attr, int64_t *out)
{
	Dwarf_Word number;
	Dwarf_Sword with_sign;

	if (!attr)
		return false;
	switch (dwarf_whatform(attr)) {
	case DW_FORM_sdata:
	case DW_FORM_implicit_const:
		if (dwarf_formsdata(attr, &with_sign))
			return false;
		*out = with_sign;
		return true;
	}
	if (dwarf_formudata(attr, &number))
		return false;
	*out = (int64_t)number;
	return true;
}

bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;

	return dwarf_attr_integrate(die, DW_AT_type, &attr) &&
	       dwarf_formref_die(&attr, type);
}

void type_peel(Dwarf_Die *type)
{
	Dwarf_Die peeled;
	Dwarf_Attribute attr;

	if (dwarf_peel_type(type, &peeled) >= 0)
		*type = peeled;
	/* -fdebug-types-section: here is a declaration, elsewhere the type. */
	if (dwarf_attr(type, DW_AT_signature, &attr) && dwarf_formref_die(&attr, &peeled))
		*type = peeled;
}

bool type_dimension(Dwarf_Die *dimension, int64_t *count)
{
	Dwarf_Attribute attr;

	if (attribute_number(dwarf_attr(dimension, DW_AT_count, &attr), count))
		return *count >= 0;
	return attribute_number(dwarf_attr(dimension, DW_AT_upper_bound, &attr), count) &&
	       *count < INT32_MAX && ++*count > 0;
}

bool type_element(const Dwarf_Die *type, Dwarf_Die *element)
{
	Dwarf_Die peeled = *type, dimension;

	type_peel(&peeled);
	return dwarf_tag(&peeled) == DW_TAG_array_type &&
	       !dwarf_child(&peeled, &dimension) &&
	       dwarf_siblingof(&dimension, &dimension) && type_of(&peeled, element);
}

bool type_size(Dwarf_Die *type, uint64_t *size)
{
	Dwarf_Word bytes;
	Dwarf_Die peeled = *type, element, dimension;
	int64_t count;

	type_peel(&peeled);
	if (!dwarf_aggregate_size(&peeled, &bytes)) {
		*size = bytes;
		return true;
	}
	/* libdw wants the language, for the lower bound; what dwz moved has none. */
	if (!type_element(&peeled, &element) || dwarf_child(&peeled, &dimension) ||
	    !type_dimension(&dimension, &count) || count > UINT32_MAX ||
	    dwarf_aggregate_size(&element, &bytes) || bytes > UINT32_MAX)
		return false;
	*size = count * bytes;
	return true;
}

bool type_is_pointer(Dwarf_Die *peeled)
{
	switch (dwarf_tag(peeled)) {
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
		return true;
	}
	return false;
}

bool type_is_reference(const Dwarf_Die *type)
{
	Dwarf_Die peeled = *type;

	type_peel(&peeled);
	return type_is_pointer(&peeled) && dwarf_tag(&peeled) != DW_TAG_pointer_type;
}

bool type_pointee(const Dwarf_Die *type, Dwarf_Die *pointee)
{
	Dwarf_Die peeled = *type;

	type_peel(&peeled);
	return type_is_pointer(&peeled) && type_of(&peeled, pointee);
}

static enum type_class classify_base(Dwarf_Die *peeled)
{
	Dwarf_Attribute attr;
	Dwarf_Word encoding;

	if (dwarf_formudata(dwarf_attr(peeled, DW_AT_encoding, &attr), &encoding))
		return TYPE_UNKNOWN;
	switch (encoding) {
	case DW_ATE_boolean:
		return TYPE_BOOL;
	case DW_ATE_signed_char:
	case DW_ATE_unsigned_char:
	case DW_ATE_UTF:
		return TYPE_CHAR;
	case DW_ATE_float:
		return TYPE_FLOAT;
	case DW_ATE_signed:
	case DW_ATE_unsigned:
		return TYPE_INTEGER;
	}
	return TYPE_UNKNOWN;
}

enum type_class type_classify(const Dwarf_Die *type)
{
	Dwarf_Die peeled = *type, pointee;
	uint64_t size;

	type_peel(&peeled);
	switch (dwarf_tag(&peeled)) {
	case DW_TAG_base_type:
		return classify_base(&peeled);
	case DW_TAG_enumeration_type:
		return TYPE_ENUM;
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
		return TYPE_STRUCT;
	}
	if (!type_is_pointer(&peeled))
		return TYPE_UNKNOWN;
	if (!type_of(&peeled, &pointee))
		return TYPE_POINTER;
	type_peel(&pointee);
	return dwarf_tag(&pointee) == DW_TAG_base_type &&
			       classify_base(&pointee) == TYPE_CHAR &&
			       type_size(&pointee, &size) && size == 1
		       ? TYPE_STRING
		       : TYPE_POINTER;
}

bool type_is_signed(const Dwarf_Die *type, bool *matters)
{
	enum type_class class = type_classify(type);
	Dwarf_Die peeled = *type;
	Dwarf_Attribute attr;
	Dwarf_Word encoding;

	/* Which integer an enum is, C and C++ do not agree on; floats are always signed.
	 */
	*matters = class != TYPE_ENUM && class != TYPE_FLOAT && class != TYPE_STRUCT &&
		   class != TYPE_UNKNOWN;
	type_peel(&peeled);
	return (class == TYPE_INTEGER || class == TYPE_CHAR) &&
	       !dwarf_formudata(dwarf_attr(&peeled, DW_AT_encoding, &attr), &encoding) &&
	       (encoding == DW_ATE_signed || encoding == DW_ATE_signed_char);
}

bool type_same(const Dwarf_Die *a, const Dwarf_Die *b)
{
	Dwarf_Die x = *a, y = *b;
	int depth;

	for (depth = 0; depth < DEPTH_MAX; depth++) {
		const char *one, *other;

		type_peel(&x);
		type_peel(&y);
		if (x.addr == y.addr)
			return true;
		if (dwarf_tag(&x) != dwarf_tag(&y))
			return false;
		if (!type_is_pointer(&x)) {
			one = die_name(&x);
			other = die_name(&y);
			return one && other && !strcmp(one, other);
		}
		if (!type_of(&x, &x))
			return !type_of(&y, &y);
		if (!type_of(&y, &y))
			return false;
	}
	return false;
}

int type_enumerators(const Dwarf_Die *type, struct enumerator **out, size_t *count)
{
	Dwarf_Die peeled = *type, die;

	type_peel(&peeled);
	if (dwarf_tag(&peeled) != DW_TAG_enumeration_type || dwarf_child(&peeled, &die))
		return 0;
	do {
		const char *name = die_name(&die);
		struct enumerator *enumerator;
		Dwarf_Attribute attr;
		int64_t value;

		if (dwarf_tag(&die) != DW_TAG_enumerator || !name ||
		    !attribute_number(dwarf_attr(&die, DW_AT_const_value, &attr), &value))
			continue;
		enumerator = array_add(*out, *count);
		if (!enumerator)
			return -ENOMEM;
		*enumerator = (struct enumerator){value, strdup(name)};
		if (!enumerator->name)
			return -ENOMEM;
	} while (dwarf_siblingof(&die, &die) == 0);
	return 0;
}

void enumerators_free(struct enumerator *enumerators, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free(enumerators[i].name);
	free(enumerators);
}
