// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include "tracer/commands/command.h"
#include "tracer/commands/matches.h"
#include "tracer/commands/warnings.h"
#include "tracer/static/warning.h"

static void tell(const struct match *matches, size_t count, enum warning warning)
{
	const struct location *first = NULL;
	const struct probe *probe = NULL;
	char others[48] = "";
	size_t i, j, n = 0;

	for (i = 0; i < count; i++)
		for (j = 0; j < matches[i].probe->nlocations; j++) {
			const struct location *location = &matches[i].probe->locations[j];

			if (location->problem || !warning_applies(warning, location))
				continue;
			if (!n++) {
				probe = matches[i].probe;
				first = location;
			}
		}
	if (n > 1)
		snprintf(others, sizeof(others), " and %zu other location%s", n - 1,
			 n == 2 ? "" : "s");
	if (n)
		complain("warning: %s:%s at %#llx%s: %s", probe->provider, probe->name,
			 (unsigned long long)first->address, others,
			 warning_text(warning));
}

void tell_warnings(const struct search *search)
{
	size_t i, count = 0;
	struct match *matches = matches_find(search, &count);

	for (i = 0; i < WARNINGS; i++)
		tell(matches, count, (enum warning)i);
	free(matches);
}
