// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "tracer/commands/matches.h"

static int by_full_name(const void *a, const void *b)
{
	const struct probe *x = ((const struct match *)a)->probe;
	const struct probe *y = ((const struct match *)b)->probe;
	int order = strcmp(x->path, y->path);

	if (!order)
		order = strcmp(x->provider, y->provider);
	return order ? order : strcmp(x->name, y->name);
}

struct match *matches_find(const struct search *search, size_t *count)
{
	struct match *matches;
	size_t i, j, n = 0;

	for (i = 0; i < search->count; i++)
		n += search->files[i]->list.count;
	matches = calloc(n + 1, sizeof(*matches));
	if (!matches)
		return NULL;
	for (i = n = 0; i < search->count; i++)
		for (j = 0; j < search->files[i]->list.count; j++)
			if (search->files[i]->matched[j])
				matches[n++] =
					(struct match){search->files[i],
						       &search->files[i]->list.probes[j]};
	qsort(matches, n, sizeof(*matches), by_full_name);
	*count = n;
	return matches;
}
