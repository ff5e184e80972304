// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "common/exit.h"
#include "tracer/commands/live_check.h"

/* Every marked probe, and how many there are. NULL with no memory. */
static const struct probe **list_marked(const struct search *s, size_t *count)
{
	const struct probe **probes;
	size_t i, j, n = 0;

	for (i = 0; i < s->count; i++)
		n += s->files[i]->list.count;
	probes = calloc(n + 1, sizeof(*probes));
	*count = 0;
	for (i = 0; probes && i < s->count; i++)
		for (j = 0; j < s->files[i]->list.count; j++)
			if (s->files[i]->matched[j])
				probes[(*count)++] = &s->files[i]->list.probes[j];
	return probes;
}

/* Does an argument that is marked have a fraction? Its bits are no number to be drawn. */
static bool is_real(const struct search *s, unsigned int arg)
{
	size_t i, j, k;

	for (i = 0; i < s->count; i++)
		for (j = 0; j < s->files[i]->list.count; j++) {
			const struct probe *probe = &s->files[i]->list.probes[j];

			for (k = 0; s->files[i]->matched[j] && k < probe->nlocations; k++)
				if (arg < probe->locations[k].nargs &&
				    probe->locations[k].args[arg].is_float)
					return true;
		}
	return false;
}

/* An argument to go by must be there. */
static int check_key(const struct live *l)
{
	const struct session_options *o = &l->options->session;
	bool by_arg =
		o->job == JOB_HISTOGRAM || (o->job != JOB_TRACE && o->key == KEY_ARG);

	if (o->job == JOB_HISTOGRAM && is_real(&l->search, o->arg)) {
		complain("arg%u is a floating-point number: only whole ones can be drawn",
			 o->arg);
		advise("usdt count -k arg%u, which counts each number by itself", o->arg);
		return EXIT_NO;
	}
	if (!by_arg || o->arg < l->columns)
		return 0;
	complain("there is no arg%u: the probe%s %zu argument%s", o->arg,
		 l->npatterns > 1 ? "s have at most" : " has", l->columns,
		 l->columns == 1 ? "" : "s");
	return EXIT_NO;
}

static int check_filter(const struct live *l)
{
	const struct live_options *o = l->options;
	const struct probe **probes;
	struct filter_error error;
	size_t count;
	int err;

	if (!o->filter.count)
		return 0;
	probes = list_marked(&l->search, &count);
	if (!probes)
		return EXIT_BROKEN;
	err = filter_check(&o->filter, probes, count, &error);
	free(probes);
	return err ? filter_complain(o->filter_text, &error) : 0;
}

int live_check(const struct live *l)
{
	int status = check_key(l);

	return status ? status : check_filter(l);
}
