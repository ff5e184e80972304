// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A wrong probe is told apart by a row of questions, from the plainest cause to the
 * vaguest. Each looks for one mistake in one run ("at"), or in both; the first that finds
 * its mistake says so.
 */
#include <stdlib.h>

#include "grader/compare.h"

#define SAMPLE 32 /* firings looked at where a few tell as much as all */

typedef bool (*suspicion)(const struct comparison *c, size_t at, struct judgement *j);

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void show(struct judgement *j, const char *what, const struct firing *firing)
{
	char *text = firing_text(firing);

	judge_evidence(j, "%s %s", what, text ?: "?");
	free(text);
}

static bool is_in(const struct firing *firing, const struct watch *watch)
{
	size_t i;

	for (i = 0; i < watch->count; i++) {
		if (firing_equal(firing, &watch->firings[i]))
			return true;
	}
	return false;
}

/* Do the first firings have one value in argument ARG, that of FIRST? */
static bool constant(const struct watch *watch, size_t arg, const struct datum *first)
{
	size_t i;

	for (i = 0; i < least(watch->count, SAMPLE); i++) {
		if (arg >= watch->firings[i].nargs ||
		    !datum_equal(&watch->firings[i].data[arg], first))
			return false;
	}
	return true;
}

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

static bool unreadable(const struct comparison *c, size_t at, struct judgement *j)
{
	const struct firing *firing = c->own[at]->firings;
	size_t i;

	for (i = 0; i < firing->nargs; i++) {
		if (firing->data[i].kind != VALUE_ERROR)
			continue;
		judge_wrong(j,
			    "Argument %zu of %s cannot be read: %s. What is handed over "
			    "must be "
			    "a value, or a pointer to a string that is still there.",
			    i + 1, c->name, firing->data[i].text);
		return true;
	}
	return false;
}

static bool other_count(const struct comparison *c, size_t at, struct judgement *j)
{
	if (c->own[at]->firings[0].nargs == c->truth[at]->firings[0].nargs)
		return false;
	judge_wrong(j, "%s fires with another number of arguments than asked for.",
		    c->title);
	return true;
}

/*
 * The only argument in which the firings differ from the reference's, and in *FIRST the
 * first that does; -1: none. All count: the first few may be those that are right.
 */
static int odd_argument(const struct watch *truth, const struct watch *own,
			const struct firing **first)
{
	size_t count = least(truth->count, own->count), i, arg;
	int odd = -1;

	for (i = 0; i < count; i++) {
		if (own->firings[i].nargs != truth->firings[i].nargs)
			return -1;
		for (arg = 0; arg < truth->firings[i].nargs; arg++) {
			if (datum_equal(&truth->firings[i].data[arg],
					&own->firings[i].data[arg]))
				continue;
			if (odd >= 0 && (size_t)odd != arg)
				return -1;
			if (odd < 0)
				*first = &own->firings[i];
			odd = arg;
		}
	}
	return odd;
}

static bool same_kind(const struct datum *a, const struct datum *b)
{
	return (a->kind == VALUE_STRING) == (b->kind == VALUE_STRING);
}

/* In this run the argument is what it should be at the first firing, and stays that;
 * the others are all right. */
static bool stays(const struct watch *truth, const struct watch *own, size_t arg)
{
	const struct datum *first = &truth->firings[0].data[arg];
	const struct firing *odd;

	return own->count > 1 && datum_equal(&own->firings[0].data[arg], first) &&
	       constant(own, arg, first) && odd_argument(truth, own, &odd) == (int)arg;
}

static bool kept(const struct comparison *c, size_t at, struct judgement *j)
{
	size_t nargs = c->truth[0]->firings[0].nargs, arg;

	for (arg = 0; nargs > 1 && c->own[1]->count && arg < nargs; arg++) {
		if (!stays(c->truth[0], c->own[0], arg) ||
		    !stays(c->truth[1], c->own[1], arg))
			continue;
		show(j, "fired with", &c->own[at]->firings[0]);
		show(j, "and then with", &c->own[at]->firings[1]);
		judge_wrong(
			j,
			"Argument %zu of %s is right the first time, and from then on "
			"stays the same. It must be found out anew each time: is it "
			"kept, or is it written into the source?",
			arg + 1, c->name);
		return true;
	}
	return false;
}

/* An argument that never changes, though the reference's does. Of a string where a number
 * belongs, or a number where a string does, that is the lesser mistake. */
static bool hard_coded(const struct comparison *c, size_t at, struct judgement *j)
{
	const struct firing *truth = c->truth[0]->firings, *own = c->own[0]->firings,
			    *odd;
	size_t arg;

	for (arg = 0; arg < truth->nargs && c->own[0]->count && c->own[1]->count; arg++) {
		const struct datum *first = &truth->data[arg];

		if (constant(c->truth[0], arg, first) &&
		    constant(c->truth[1], arg, first))
			continue;
		first = &own->data[arg];
		if (!same_kind(first, &truth->data[arg]))
			continue;
		if (!constant(c->own[0], arg, first) || !constant(c->own[1], arg, first))
			continue;
		show(j, "fired with", own);
		show(j, "with other data it fired with", c->own[1]->firings);
		judge_wrong(j,
			    "Argument %zu of %s has one and the same value each time, on "
			    "other data too. It must come from what the program is "
			    "looking at; is it written into the source%s?",
			    arg + 1, c->name,
			    odd_argument(c->truth[0], c->own[0], &odd) == (int)arg
				    ? ", or is it another field, or does it change only "
				      "further down"
				    : "");
		return true;
	}
	return false;
}

/* The first that the reference never fires; NULL if all are fine. */
static struct firing *first_foreign(const struct comparison *c, size_t at)
{
	const struct watch *own = c->own[at];
	size_t i;

	for (i = 0; i < own->count; i++) {
		if (!is_in(&own->firings[i], c->truth[at]))
			return &own->firings[i];
	}
	return NULL;
}

/* Are the firing's arguments A and B, changed over, what the reference fires? */
static bool fits_swapped(const struct watch *truth, const struct firing *own, size_t a,
			 size_t b)
{
	struct datum kept = own->data[a];
	bool fits;

	own->data[a] = own->data[b];
	own->data[b] = kept;
	fits = is_in(own, truth);
	own->data[b] = own->data[a];
	own->data[a] = kept;
	return fits;
}

static bool swapped(const struct comparison *c, size_t at, struct judgement *j)
{
	const struct firing *own = first_foreign(c, at);
	size_t a, b;

	for (a = 0; own && a < own->nargs; a++) {
		for (b = a + 1; b < own->nargs; b++) {
			if (!fits_swapped(c->truth[at], own, a, b))
				continue;
			show(j, "fired with", own);
			judge_wrong(
				j,
				"Arguments %zu and %zu of %s are swapped: the values are "
				"right, their order is not.",
				a + 1, b + 1, c->name);
			return true;
		}
	}
	return false;
}

static bool wrong_argument(const struct comparison *c, size_t at, struct judgement *j)
{
	const struct firing *truth = c->truth[at]->firings, *own = NULL;
	int arg = truth->nargs > 1 ? odd_argument(c->truth[at], c->own[at], &own) : -1;
	bool text;

	if (arg < 0)
		return false;
	text = truth->data[arg].kind == VALUE_STRING;
	show(j, "fired with", own);
	if (!same_kind(&truth->data[arg], &own->data[arg]))
		judge_wrong(j, "Argument %d of %s should be %s and is %s.", arg + 1,
			    c->name, text ? "a string" : "a number",
			    text ? "a number" : "a string");
	else
		judge_wrong(
			j,
			"%s fires when it should and its other arguments are right, but "
			"argument %d is not the value that was asked for.",
			c->title, arg + 1);
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
	const struct firing *example = first_foreign(c, at);
	size_t foreign = 0, i;

	if (!example)
		return false;
	for (i = 0; i < own->count; i++)
		foreign += !is_in(&own->firings[i], truth);
	show(j, "fired, and should not have, with", example);
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
		missing += !is_in(&c->truth[at]->firings[i], c->own[at]);
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

static size_t times(const struct firing *firing, const struct watch *watch, size_t count)
{
	size_t found = 0, i;

	for (i = 0; i < least(count, watch->count); i++)
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
	size_t count = least(truth->count, own->count);

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
		never_fires, unreadable, other_count,	 kept,
		hard_coded,  swapped,	 wrong_argument, wrong_branch,
		missed,	     repeated,	 stopped,	 out_of_order,
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
		never_fires, unreadable, other_count,  kept,	     hard_coded,
		swapped,     missed,	 wrong_branch, out_of_order,
	};
	size_t at, i;

	for (at = 0; at < RUNS; at++) {
		const struct watch *truth = c->truth[at], *own = c->own[at];

		if (!own->count)
			return suspect(suspicions, c, at, j);
		for (i = 0; i < truth->count; i++) {
			if (!is_in(&truth->firings[i], own))
				return suspect(suspicions, c, at, j);
		}
		for (i = 0; i < own->count; i++) {
			if (!is_in(&own->firings[i], truth))
				return suspect(suspicions, c, at, j);
		}
	}
	return true;
}
