// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "tracer/commands/command.h"
#include "tracer/commands/safe_text.h"
#include "tracer/commands/suggest.h"

#define NEAR_MAX 3

struct near {
	const struct probe *probe;
	unsigned int distance;
};

/* Keeps the nearest few, nearest first. */
static void offer(struct near near[NEAR_MAX], const struct probe *probe,
		  unsigned int distance)
{
	size_t i, j;

	for (i = 0; i < NEAR_MAX; i++)
		if (!near[i].probe || distance < near[i].distance)
			break;
	for (j = NEAR_MAX - 1; j > i && i < NEAR_MAX; j--)
		near[j] = near[j - 1];
	if (i < NEAR_MAX)
		near[i] = (struct near){probe, distance};
}

void suggest(const struct search *s, const struct pattern *pattern, size_t from,
	     size_t to)
{
	struct near near[NEAR_MAX] = {{0}};
	unsigned int limit = 2 + strlen(pattern->name) / 3;
	size_t i, j;

	for (i = from; i < to; i++)
		for (j = 0; j < s->files[i]->list.count; j++) {
			const struct probe *probe = &s->files[i]->list.probes[j];
			unsigned int distance = pattern_distance(pattern, probe);

			if (strstr(probe->name, pattern->name))
				distance = 0;
			if (distance <= limit)
				offer(near, probe, distance);
		}
	for (i = 0; i < NEAR_MAX && near[i].probe; i++)
		safe_printf(stderr, "%s%s:%s",
			    i ? ", " : "  did you mean: ", near[i].probe->provider,
			    near[i].probe->name);
	if (near[0].probe)
		fprintf(stderr, "?\n");
	else
		advise("'*' in place of its name shows all there are");
}
