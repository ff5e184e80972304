// SPDX-License-Identifier: GPL-2.0-or-later
#include "grader/compare.h"
#include "grader/suspicion.h"

static bool never_fires(const struct comparison *c, size_t at, struct judgement *j)
{
	if (c->own[at]->count)
		return false;
	judge_wrong(
		j,
		"%s never fired while your program ran. Is the place it stands in ever "
		"reached?",
		c->title);
	return true;
}

/* Does the firing hand over a string that the probe that was there hands over? */
static bool is_kept_one(const struct firing *firing, const struct watch *keeps)
{
	size_t i;

	for (i = 0; i < firing->nargs && keeps && keeps->count; i++) {
		if (firing->data[i].kind == VALUE_STRING &&
		    datum_equal(&firing->data[i], &keeps->firings[0].data[0]))
			return true;
	}
	return false;
}

static bool wrong_branch(const struct comparison *c, size_t at, struct judgement *j)
{
	const struct watch *truth = c->truth[at], *own = c->own[at];
	const struct firing *example = suspicion_foreign(c, at);
	size_t foreign = 0, i;

	if (!example)
		return false;
	for (i = 0; i < own->count; i++)
		foreign += !watch_has(truth, &own->firings[i]);
	suspicion_show(j, "fired, and should not have, with", example);
	judge_evidence(j, "%zu of the %zu firings looked at should not have been",
		       foreign, own->count);
	if (is_kept_one(example, c->keeps[at]))
		judge_wrong(
			j,
			"%s fires %s for the entry that the program looks for. See the "
			"evidence for an example.",
			c->title,
			foreign == own->count ? "in the wrong branch: it fires just"
					      : "whatever the branch: it fires also");
	else
		judge_wrong(j,
			    "%s fires in the wrong branch, or with other values than "
			    "asked for: "
			    "a right program never fires it with those in the evidence.",
			    c->title);
	return true;
}

static bool missed(const struct comparison *c, size_t at, struct judgement *j)
{
	size_t count = c->truth[at]->count, missing = 0, i;

	for (i = 0; i < count; i++)
		missing += !watch_has(c->own[at], &c->truth[at]->firings[i]);
	if (!missing)
		return false;
	judge_evidence(j, "%zu of %zu firings that should have been never came", missing,
		       count);
	judge_wrong(j,
		    "%s is right when it fires, but it misses some: there are times when "
		    "it should fire and does not.",
		    c->title);
	return true;
}

/* Among the first COUNT, and there are as many. */
static size_t times(const struct firing *firing, const struct watch *watch, size_t count)
{
	size_t found = 0, i;

	for (i = 0; i < count; i++)
		found += firing_equal(firing, &watch->firings[i]);
	return found;
}

/* Is some firing like the one right before it? */
static bool has_echo(const struct watch *watch)
{
	size_t i;

	for (i = 1; i < watch->count; i++) {
		if (firing_equal(&watch->firings[i - 1], &watch->firings[i]))
			return true;
	}
	return false;
}

static bool repeated(const struct comparison *c, size_t at, struct judgement *j)
{
	const struct watch *truth = c->truth[at], *own = c->own[at];
	size_t count = own->count < truth->count ? own->count : truth->count;

	if (times(own->firings, own, count) <= times(own->firings, truth, count) &&
	    (!has_echo(own) || has_echo(truth)))
		return false;
	judge_wrong(
		j,
		"%s fires more than once where it should fire once. Does it stand in two "
		"places that are both reached?",
		c->title);
	return true;
}

static bool stopped(const struct comparison *c, size_t at, struct judgement *j)
{
	if (c->own[at]->count >= c->truth[at]->count)
		return false;
	judge_wrong(j, "%s fired %zu times as it should, and then no more.", c->title,
		    c->own[at]->count);
	return true;
}

static bool out_of_order(const struct comparison *c, size_t at, struct judgement *j)
{
	judge_wrong(j,
		    "%s fires with the right values, but not in the order of the data.",
		    c->title);
	return true;
}

static bool suspect(const suspicion *suspicions, const struct comparison *c, size_t at,
		    struct judgement *j)
{
	while (!(*suspicions)(c, at, j))
		suspicions++;
	return false;
}

bool compare_firings(const struct comparison *c, struct judgement *j)
{
	static const suspicion suspicions[] = {
		never_fires,  suspect_unreadable, suspect_count,
		suspect_kept, suspect_hard_coded, suspect_swapped,
		suspect_kind, suspect_argument,	  wrong_branch,
		missed,	      repeated,		  stopped,
		out_of_order,
	};
	size_t at, i;

	for (at = 0; at < RUNS; at++) {
		const struct watch *truth = c->truth[at], *own = c->own[at];

		if (own->count < truth->count)
			return suspect(suspicions, c, at, j);
		for (i = 0; i < truth->count; i++) {
			if (!firing_equal(&truth->firings[i], &own->firings[i]))
				return suspect(suspicions, c, at, j);
		}
	}
	return true;
}

bool compare_values(const struct comparison *c, struct judgement *j)
{
	static const suspicion suspicions[] = {
		never_fires,	    suspect_unreadable, suspect_count, suspect_kept,
		suspect_hard_coded, suspect_swapped,	suspect_kind,  missed,
		wrong_branch,	    out_of_order,
	};
	size_t at, i;

	for (at = 0; at < RUNS; at++) {
		const struct watch *truth = c->truth[at], *own = c->own[at];

		if (!own->count)
			return suspect(suspicions, c, at, j);
		for (i = 0; i < truth->count; i++) {
			if (!watch_has(own, &truth->firings[i]))
				return suspect(suspicions, c, at, j);
		}
		for (i = 0; i < own->count; i++) {
			if (!watch_has(truth, &own->firings[i]))
				return suspect(suspicions, c, at, j);
		}
	}
	return true;
}
