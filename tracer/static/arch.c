// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/arch.h"

static const struct arch *const archs[] = {&arch_x86_64, &arch_i386, &arch_aarch64};

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
	const struct arch_register *full = NULL;
	size_t i;

	for (i = 0; i < arch->nregisters; i++) {
		const struct arch_register *r = &arch->registers[i];

		if (r->dwarf != dwarf)
			continue;
		if (r->size == size && r->shift == shift)
			return r->name;
		if (!full || r->size > full->size)
			full = r;
	}
	return full ? full->name : "?";
}

bool arch_parse_number(const char *text, const char **end, int64_t *out)
{
	const char *digits = text + (*text == '-' || *text == '+');
	int base = digits[0] == '0' && (digits[1] | 32) == 'x' ? 16 : 10;
	uint64_t value;
	char *stop;

	if (*digits < '0' || *digits > '9')
		return false;
	errno = 0;
	value = strtoull(digits, &stop, base);
	if (errno || stop == digits)
		return false;
	*end = stop;
	*out = (int64_t)(*text == '-' ? -value : value);
	return true;
}

const char *arch_take_symbol(const char **text, enum symbol_use use, struct operand *out)
{
	size_t len = strspn(*text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_.$");

	if (!len || out->symbol || (**text >= '0' && **text <= '9'))
		return "'%s' is no operand this tracer knows";
	out->symbol = strndup(*text, len);
	if (!out->symbol)
		return strerror(ENOMEM);
	out->symbol_use = use;
	*text += len;
	return NULL;
}
