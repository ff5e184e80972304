// SPDX-License-Identifier: GPL-2.0-or-later
/* displacement FILE: each operand of FILE and what is added to its registers, a line
 * each. */
#include <stdio.h>

#include "tracer/static/probe.h"

int main(int argc, char *argv[])
{
	struct probe_list list;
	size_t i, j, k;

	if (argc != 2 || probes_read(argv[1], NULL, PROBE_NOTES, &list, NULL))
		return 1;
	for (i = 0; i < list.count; i++) {
		const struct probe *probe = &list.probes[i];

		for (j = 0; j < probe->nlocations; j++)
			for (k = 0; k < probe->locations[j].nargs; k++) {
				const struct operand *op = &probe->locations[j].args[k];

				printf("%s %lld\n", op->text, (long long)op->constant);
			}
	}
	probes_fini(&list);
	return 0;
}
