// SPDX-License-Identifier: GPL-2.0-or-later
/* Mistakes in what a probe hands over, argument by argument. */
#include <stdlib.h>

#include "grader/suspicion.h"

#define SAMPLE 32 /* firings looked at where a few tell as much as all */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

void suspicion_show(struct judgement *j, const char *what, const struct firing *firing)
{
	char *text = firing_text(firing);

	judge_evidence(j, "%s %s", what, text ?: "?");
	free(text);
}

bool watch_has(const struct watch *watch, const struct firing *firing)
{
	size_t i;

	for (i = 0; i < watch->count; i++) {
		if (firing_equal(firing, &watch->firings[i]))
			return true;
	}
	return false;
}

const struct firing *suspicion_foreign(const struct comparison *c, size_t at)
{
	const struct watch *own = c->own[at];
	size_t i;

	for (i = 0; i < own->count; i++) {
		if (!watch_has(c->truth[at], &own->firings[i]))
			return &own->firings[i];
	}
	return NULL;
}

bool suspect_unreadable(const struct comparison *c, size_t at, struct judgement *j)
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

bool suspect_count(const struct comparison *c, size_t at, struct judgement *j)
{
	if (c->own[at]->firings[0].nargs == c->truth[at]->firings[0].nargs)
		return false;
	judge_wrong(j, "%s fires with another number of arguments than asked for.",
		    c->title);
	return true;
}

/* Have the firings, at most MOST of them, one value in argument ARG, that of FIRST? */
static bool constant(const struct watch *watch, size_t arg, const struct datum *first,
		     size_t most)
{
	size_t i;

	for (i = 0; i < least(watch->count, most); i++) {
		if (arg >= watch->firings[i].nargs ||
		    !datum_equal(&watch->firings[i].data[arg], first))
			return false;
	}
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

static bool is_text(const struct datum *datum)
{
	return datum->kind == VALUE_STRING;
}

/* Is it a string each time, or a number each time? */
static bool is_of_kind(const struct watch *watch, size_t arg, bool text)
{
	size_t i;

	for (i = 0; i < watch->count; i++) {
		if (arg >= watch->firings[i].nargs ||
		    is_text(&watch->firings[i].data[arg]) != text)
			return false;
	}
	return true;
}

/* In this run the argument is what it should be at the first firing, and that each time;
 * the others are all right. ODD is where it should have been another. */
static bool stays(const struct watch *truth, const struct watch *own, size_t arg,
		  const struct firing **odd)
{
	const struct datum *first = &truth->firings[0].data[arg];

	return odd_argument(truth, own, odd) == (int)arg &&
	       constant(own, arg, first, own->count);
}

bool suspect_kept(const struct comparison *c, size_t at, struct judgement *j)
{
	size_t nargs = c->truth[0]->firings[0].nargs, arg;
	const struct firing *odd[RUNS];

	for (arg = 0; nargs > 1 && c->own[1]->count && arg < nargs; arg++) {
		if (!stays(c->truth[0], c->own[0], arg, &odd[0]) ||
		    !stays(c->truth[1], c->own[1], arg, &odd[1]))
			continue;
		suspicion_show(j, "fired with", c->own[at]->firings);
		suspicion_show(j, "and then with", odd[at]);
		judge_wrong(
			j,
			"Argument %zu of %s is right the first time, and from then on "
			"stays the same. It must be that of what the program is "
			"looking at: is it kept, always that of the first, another "
			"field, or written into the source?",
			arg + 1, c->name);
		return true;
	}
	return false;
}

/* An argument that never changes, though the reference's does. Of one that is a string
 * and should be a number, or the other way round, that is the lesser mistake. */
bool suspect_hard_coded(const struct comparison *c, size_t at, struct judgement *j)
{
	const struct firing *truth = c->truth[0]->firings, *own = c->own[0]->firings,
			    *odd;
	size_t arg;

	for (arg = 0; arg < truth->nargs && c->own[0]->count && c->own[1]->count; arg++) {
		const struct datum *first = &truth->data[arg];

		if (constant(c->truth[0], arg, first, SAMPLE) &&
		    constant(c->truth[1], arg, first, SAMPLE))
			continue;
		first = &own->data[arg];
		if (is_text(first) != is_text(&truth->data[arg]))
			continue;
		if (!constant(c->own[0], arg, first, SAMPLE) ||
		    !constant(c->own[1], arg, first, SAMPLE))
			continue;
		suspicion_show(j, "fired with", own);
		suspicion_show(j, "with other data it fired with", c->own[1]->firings);
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

/* Are the firing's arguments A and B, changed over, what the reference fires? */
static bool fits_swapped(const struct watch *truth, const struct firing *own, size_t a,
			 size_t b)
{
	struct datum put_aside = own->data[a];
	bool fits;

	own->data[a] = own->data[b];
	own->data[b] = put_aside;
	fits = watch_has(truth, own);
	own->data[b] = own->data[a];
	own->data[a] = put_aside;
	return fits;
}

bool suspect_swapped(const struct comparison *c, size_t at, struct judgement *j)
{
	const struct firing *own = suspicion_foreign(c, at);
	size_t a, b;

	for (a = 0; own && a < own->nargs; a++) {
		for (b = a + 1; b < own->nargs; b++) {
			if (!fits_swapped(c->truth[at], own, a, b))
				continue;
			suspicion_show(j, "fired with", own);
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

bool suspect_kind(const struct comparison *c, size_t at, struct judgement *j)
{
	const struct firing *truth = c->truth[at]->firings, *own = c->own[at]->firings;
	size_t arg;

	for (arg = 0; arg < truth->nargs; arg++) {
		bool text = is_text(&truth->data[arg]);

		if (!is_of_kind(c->truth[at], arg, text) ||
		    !is_of_kind(c->own[at], arg, !text))
			continue;
		suspicion_show(j, "fired with", own);
		judge_wrong(j, "Argument %zu of %s should be %s and is %s.", arg + 1,
			    c->name, text ? "a string" : "a number",
			    text ? "a number" : "a string");
		return true;
	}
	return false;
}

bool suspect_argument(const struct comparison *c, size_t at, struct judgement *j)
{
	const struct firing *own = NULL;
	int arg = c->truth[at]->firings[0].nargs > 1
			  ? odd_argument(c->truth[at], c->own[at], &own)
			  : -1;

	if (arg < 0)
		return false;
	suspicion_show(j, "fired with", own);
	judge_wrong(j,
		    "%s fires when it should and its other arguments are right, but "
		    "argument %d is not the value that was asked for.",
		    c->title, arg + 1);
	return true;
}
