// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "tracer/static/arch.h"

static const struct arch *const archs[] = {&arch_x86_64};

const struct arch *arch_find(int machine)
{
	size_t i;

	for (i = 0; i < sizeof(archs) / sizeof(*archs); i++)
		if (archs[i]->machine == machine)
			return archs[i];
	return NULL;
}

const struct arch_register *arch_register_by_name(const struct arch *arch,
						  const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < arch->nregisters; i++) {
		const char *candidate = arch->registers[i].name;

		if (!strncmp(candidate, name, len) && !candidate[len])
			return &arch->registers[i];
	}
	return NULL;
}

const char *arch_register_name(const struct arch *arch, int dwarf, int size, int shift)
{
	const char *found = "?";
	size_t i;

	for (i = 0; i < arch->nregisters; i++) {
		const struct arch_register *r = &arch->registers[i];

		if (r->dwarf != dwarf)
			continue;
		if (r->size == size && r->shift == shift)
			return r->name;
		if (r->size == 8)
			found = r->name;
	}
	return found;
}
