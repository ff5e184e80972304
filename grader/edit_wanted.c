// SPDX-License-Identifier: GPL-2.0-or-later
/* What a question wants of an edit beside what it fires: macros, places, a semaphore. */
#include "grader/edit.h"
#include "grader/source.h"

bool edit_macros(const struct edit *edit, struct judgement *j)
{
	const struct truth *truth = edit->truth;
	unsigned int i;

	for (i = 0; i < truth->macros_count; i++) {
		if (source_uses(edit->text, truth->macros[i]))
			continue;
		judge_wrong(j,
			    "%s is there, but your source does not use %s, which was "
			    "asked for. A comment, or a #define, is no use of it.",
			    edit->probes[0]->name, truth->macros[i]);
		return false;
	}
	return true;
}

size_t edit_fired(const struct edit *edit)
{
	const struct probe *probe = edit->probes[0];
	size_t count = 0, n, i, run;

	for (n = 0; n < probe->nlocations; n++) {
		bool fired = false;

		for (run = 0; run < RUNS; run++) {
			const struct watch *watch = &edit->runs[run].capture.watches[0];

			for (i = 0; i < watch->count && !fired; i++)
				fired = watch->firings[i].location ==
					&probe->locations[n];
		}
		count += fired;
	}
	return count;
}

static bool fires_from_enough(const struct edit *edit, struct judgement *j)
{
	size_t fired = edit_fired(edit);

	if (fired >= edit->truth->locations)
		return true;
	judge_evidence(j, "the probe has %zu location%s, and fired from %zu",
		       edit->probes[0]->nlocations,
		       edit->probes[0]->nlocations == 1 ? "" : "s", fired);
	judge_wrong(j,
		    "%s says what it should, but not from as many places as were asked "
		    "for: each is to have a macro of its own.",
		    edit->probes[0]->name);
	return false;
}

/* If the reference has one, so must each location, and where a tracer can raise it. */
static bool has_semaphore(const struct edit *edit, struct judgement *j)
{
	const struct probe *own = edit->probes[0];
	size_t i;

	if (!edit->reference->probes[0]->locations[0].semaphore)
		return true;
	for (i = 0; i < own->nlocations && own->locations[i].semaphore_offset; i++)
		;
	if (i == own->nlocations)
		return true;
	judge_evidence(j, "the note of the location at 0x%llx names %s",
		       (unsigned long long)own->locations[i].address,
		       own->locations[i].semaphore
			       ? "a semaphore that is not in the file's data"
			       : "no semaphore");
	judge_wrong(j,
		    "%s says what it should, but it has no semaphore that a tracer could "
		    "raise.",
		    own->name);
	return false;
}

bool edit_wanted(const struct edit *edit, struct judgement *j)
{
	return edit->truth->type != TRUTH_EDIT ||
	       (fires_from_enough(edit, j) && has_semaphore(edit, j));
}
