// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints of each named argument of FILE its class and, of an enum, its enumerators. */
#include <stdio.h>

#include "tracer/static/probe.h"

static const char *const classes[] = {
	[TYPE_UNKNOWN] = "unknown", [TYPE_INTEGER] = "integer", [TYPE_BOOL] = "bool",
	[TYPE_CHAR] = "char",	    [TYPE_FLOAT] = "float",	[TYPE_ENUM] = "enum",
	[TYPE_STRING] = "string",   [TYPE_POINTER] = "pointer", [TYPE_STRUCT] = "struct",
};

static void print_location(const struct location *location)
{
	size_t i, j;

	for (i = 0; location->variables && i < location->nargs; i++) {
		const struct variable *v = &location->variables[i];

		if (!v->name)
			continue;
		printf("%s %s", v->name, classes[v->type_class]);
		for (j = 0; j < v->nenumerators; j++)
			printf(" %s=%lld", v->enumerators[j].name,
			       (long long)v->enumerators[j].value);
		printf("\n");
	}
}

int main(int argc, char *argv[])
{
	struct probe_list list;
	size_t i, j;

	if (argc != 2 || probes_read(argv[1], NULL, PROBE_TYPES, &list, NULL))
		return 1;
	for (i = 0; i < list.count; i++)
		for (j = 0; j < list.probes[i].nlocations; j++)
			print_location(&list.probes[i].locations[j]);
	probes_fini(&list);
	return 0;
}
