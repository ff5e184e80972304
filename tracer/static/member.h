/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which member of a struct, or element of an array, lies at an offset. */
#ifndef BPFHOL_TRACER_STATIC_MEMBER_H
#define BPFHOL_TRACER_STATIC_MEMBER_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

#define MEMBER_PATH_MAX 256

/* A part of a variable: what C appends to the variable's name to mean it. */
struct member {
	char path[MEMBER_PATH_MAX]; /* "", ".field", ".pos.x", ".name[2]" */
	Dwarf_Die type;
};

/*
 * member_find - what of TYPE lies OFFSET bytes from its start and has SIZE bytes.
 * @is_signed: members may share a place, as a union's do; then one of this sign is meant.
 * False if there is no such part, or there are several of different types.
 */
bool member_find(const Dwarf_Die *type, uint64_t offset, uint64_t size, bool is_signed,
		 struct member *out);

#endif
