// SPDX-License-Identifier: GPL-2.0-or-later
/* Truth that stands in ELF notes: of the program's file, and of libraries it maps. */
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "grader/truth.h"

static size_t count_providers(const struct probe_list *list)
{
	size_t count = 0, i;

	/* Sorted by provider. */
	for (i = 0; i < list->count; i++)
		count += !i ||
			 strcmp(list->probes[i].provider, list->probes[i - 1].provider);
	return count;
}

/* Those with so many arguments; 0: with any number. */
static size_t count_probes(const struct probe_list *list, unsigned int nargs)
{
	size_t count = 0, i;

	for (i = 0; i < list->count; i++)
		count += !nargs || list->probes[i].locations[0].nargs == nargs;
	return count;
}

static size_t count_locations(const struct probe_list *list)
{
	size_t count = 0, i;

	for (i = 0; i < list->count; i++)
		count += list->probes[i].nlocations;
	return count;
}

/* Of all probes together that the pattern matches, whichever files they are in. */
static size_t count_matching(const struct asked *asked, const char *pattern)
{
	struct subject *matches;
	size_t count = target_match(asked->target, asked->lab, pattern, &matches);
	size_t locations = 0, i;

	for (i = 0; i < count; i++)
		locations += matches[i].probe->nlocations;
	free(matches);
	return locations;
}

static bool set_number(struct true_value *out, uint64_t number)
{
	out->kind = TRUE_NUMBER;
	out->number = number;
	out->is_count = true;
	return true;
}

static bool set_probe(struct true_value *out, struct subject subject)
{
	out->kind = TRUE_PROBE;
	out->subject = subject;
	return true;
}

/* The first one, or the one that is named; the rest of the kit's labs have just one. */
static bool the_probe(const struct asked *asked, const struct truth *truth,
		      struct true_value *out, struct judgement *j)
{
	const struct probe_list *list = &asked->target->probes;

	if (truth->probe) {
		out->kind = TRUE_PROBE;
		out->subject = truth_subject(asked, truth->probe, j);
		return out->subject.probe;
	}
	if (list->count == 1)
		return set_probe(out, (struct subject){list, list->probes});
	judge_broken(j, "%s has %s probe; try: make", list->path,
		     list->count ? "more than one" : "no");
	return false;
}

/* Does another location of the probe stand in the same line of the source? */
static bool shares_line(const struct probe *probe, const struct location *location)
{
	size_t i;

	for (i = 0; location->source && i < probe->nlocations; i++) {
		const struct location *other = &probe->locations[i];

		if (other != location && other->source &&
		    !strcmp(other->source, location->source))
			return true;
	}
	return false;
}

static bool addresses(const struct asked *asked, const struct truth *truth,
		      struct true_value *out, struct judgement *j)
{
	struct subject subject = truth_subject(asked, truth->probe, j);
	const struct probe *probe = subject.probe;
	const struct location **slot;
	size_t i;

	if (!probe)
		return false;
	if (truth->line == LINE_SHARED)
		probes_read_types((struct probe_list *)subject.list, NULL, NULL);
	out->kind = TRUE_LOCATIONS;
	out->subject = subject;
	for (i = 0; i < probe->nlocations; i++) {
		const struct location *location = &probe->locations[i];

		if (truth->line == LINE_SHARED && !shares_line(probe, location))
			continue;
		slot = array_add(out->locations, out->count);
		if (!slot)
			return false;
		*slot = location;
	}
	return out->count || truth_not_one(j);
}

/* By one of its probes, or the only one that has any: some systems' C library has. */
static bool library(const struct asked *asked, const struct truth *truth,
		    struct true_value *out, struct judgement *j)
{
	const struct target_use use = {asked->lab, asked->learner};
	struct target *target = asked->target;

	if (!target_is_fit(target, &use)) {
		judge_unchecked(j, "%s", target->trouble ?: "out of memory");
		return false;
	}
	out->kind = TRUE_FILE;
	if (truth->probe) {
		out->subject = truth_subject(asked, truth->probe, j);
		return out->subject.probe;
	}
	out->subject.list = target->libraries;
	return target_libraries(target) == 1 || truth_not_one(j);
}

static bool is_dead(const struct probe *probe)
{
	size_t i;

	for (i = 0; i < probe->nlocations; i++) {
		if (probe->locations[i].semaphore &&
		    !probe->locations[i].semaphore_offset)
			return true;
	}
	return false;
}

static bool dead_semaphore(const struct asked *asked, struct true_value *out,
			   struct judgement *j)
{
	const struct probe_list *list = &asked->target->probes;
	const struct probe *dead = NULL;
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (!is_dead(&list->probes[i]))
			continue;
		if (dead)
			return truth_not_one(j);
		dead = &list->probes[i];
	}
	return dead ? set_probe(out, (struct subject){list, dead}) : truth_not_one(j);
}

static bool is_number(enum truth_type type)
{
	return type == TRUTH_NARGS || type == TRUTH_NLOCATIONS || type == TRUTH_PROBES ||
	       type == TRUTH_PROVIDERS;
}

/* A pattern that matches nothing: of a library, and nothing runs? */
static bool nlocations(const struct asked *asked, const struct truth *truth,
		       struct true_value *out, struct judgement *j)
{
	size_t count = count_matching(asked, truth->probe);

	if (!count)
		truth_subject(asked, truth->probe, j);
	return count && set_number(out, count);
}

bool truth_of_notes(const struct asked *asked, const struct truth *truth,
		    struct true_value *out, struct judgement *j)
{
	const struct probe_list *list = &asked->target->probes;
	struct subject subject = {};

	if (truth->type == TRUTH_NLOCATIONS && truth->probe &&
	    truth_is_pattern(truth->probe))
		return nlocations(asked, truth, out, j);
	if (is_number(truth->type) && truth->probe) {
		subject = truth_subject(asked, truth->probe, j);
		if (!subject.probe)
			return false;
		list = subject.list;
	}
	switch (truth->type) {
	case TRUTH_NARGS:
		return set_number(out, subject.probe->locations[0].nargs);
	case TRUTH_PROBES:
		return set_number(out, count_probes(list, truth->nargs));
	case TRUTH_PROVIDERS:
		return set_number(out, count_providers(list));
	case TRUTH_NLOCATIONS:
		return set_number(out, subject.probe ? subject.probe->nlocations
						     : count_locations(list));
	case TRUTH_ADDRESSES:
		return addresses(asked, truth, out, j);
	case TRUTH_LIBRARY:
		return library(asked, truth, out, j);
	case TRUTH_DEAD_SEMAPHORE:
		return dead_semaphore(asked, out, j);
	default: /* PROBE, FULL */
		return the_probe(asked, truth, out, j);
	}
}
