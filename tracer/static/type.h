/* SPDX-License-Identifier: GPL-2.0-or-later */
/* C and C++ types as DWARF describes them: their names, kinds, sizes, members. */
#ifndef BPFHOL_TRACER_STATIC_TYPE_H
#define BPFHOL_TRACER_STATIC_TYPE_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum type_class {
	TYPE_UNKNOWN,
	TYPE_INTEGER,
	TYPE_BOOL,
	TYPE_CHAR,
	TYPE_FLOAT,
	TYPE_ENUM,
	TYPE_STRING,  /* a pointer to char, of whatever sign */
	TYPE_POINTER, /* any other */
	TYPE_STRUCT,  /* a class or a union too */
};

struct enumerator {
	int64_t value;
	char *name; /* owned */
};

/* attribute_string - NULL: it is none, or has no end. ATTR may be NULL. */
const char *attribute_string(Dwarf_Attribute *attr);

/* die_name - of a variable, type, ...; NULL: it has none. */
const char *die_name(Dwarf_Die *die);

/* attribute_number - an integer constant; false: it is none. ATTR may be NULL. */
bool attribute_number(Dwarf_Attribute *attr, int64_t *out);

/* type_of - the type of a variable, parameter, member or type; false: none, or void */
bool type_of(Dwarf_Die *die, Dwarf_Die *type);

/* type_peel - without typedef, const and the like, and where it is defined in full. */
void type_peel(Dwarf_Die *type);

/* type_size - false if it is not known, as of a struct only declared. */
bool type_size(Dwarf_Die *type, uint64_t *size);

enum type_class type_classify(const Dwarf_Die *type);

/* type_is_signed - false with *MATTERS false if an argument's sign says nothing of it. */
bool type_is_signed(const Dwarf_Die *type, bool *matters);

/* type_is_pointer - or a reference of C++; of a peeled type */
bool type_is_pointer(Dwarf_Die *peeled);

bool type_is_reference(const Dwarf_Die *type); /* of C++ */

/* type_pointee - what a pointer or reference leads to; false: void, or TYPE is neither */
bool type_pointee(const Dwarf_Die *type, Dwarf_Die *pointee);

/*
 * type_dimension - how many elements an array has in a dimension, one of the nodes below
 * the array's; false: that is not told ("[]").
 */
bool type_dimension(Dwarf_Die *dimension, int64_t *count);

/* type_element - of an array with one dimension; false: it is something else. */
bool type_element(const Dwarf_Die *type, Dwarf_Die *element);

struct units;

/*
 * type_name - as it is written in C ("const struct request *"), or where UNITS, which
 * knows the namespaces, is given, in C++ ("const outer::Request *"). To be freed; NULL on
 * ENOMEM.
 */
char *type_name(const Dwarf_Die *type, const struct units *units);

/* type_same - are they the same but for const and the like? */
bool type_same(const Dwarf_Die *a, const Dwarf_Die *b);

/* type_enumerators - of an enum; *OUT is owned by the caller. Returns 0 or -ENOMEM. */
int type_enumerators(const Dwarf_Die *type, struct enumerator **out, size_t *count);
void enumerators_free(struct enumerator *enumerators, size_t count);

#endif
