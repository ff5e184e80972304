// SPDX-License-Identifier: GPL-2.0-or-later
/* What a question wants of an edit beside what it fires: macros, places, a
 * semaphore, sizes; and that all else is still there. */
#include <string.h>

#include "grader/edit.h"
#include "grader/source.h"

bool edit_macros(const struct edit *edit, struct judgement *j)
{
	const struct truth *truth = edit->truth;
	const char *name = edit->probes[0]->name;
	unsigned int i;

	for (i = 0; i < truth->macros_count; i++) {
		if (source_uses(edit->text, truth->macros[i], name))
			continue;
		judge_wrong(j,
			    "%s is there, but your source does not use %s for it, which "
			    "was asked for. A comment, a #define, or what stands behind "
			    "#if 0, is no use of it.",
			    name, truth->macros[i]);
		edit_namesakes(edit, j);
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

/* The one that was there has none unless the reference's has one. */
static bool keeps_no_semaphore(const struct edit *edit, struct judgement *j)
{
	const struct probe *own = edit->probes[1], *truth = edit->reference->probes[1];

	if (!own || truth->locations[0].semaphore || !own->locations[0].semaphore)
		return true;
	judge_wrong(j,
		    "The probe that your program came with had no semaphore, and has one "
		    "now. Leave it as it was.");
	return false;
}

/* Which one, is not told: its name may be the answer to another question. */
static bool keeps_all(const struct edit *edit, struct judgement *j)
{
	const struct probe_list *list = &edit->reference->build.probes;
	size_t i, n;

	for (i = 0; i < list->count; i++) {
		const struct probe *probe = &list->probes[i], *own;

		for (own = NULL, n = 0; n < edit->build.probes.count && !own; n++) {
			own = &edit->build.probes.probes[n];
			if (strcmp(own->name, probe->name) ||
			    strcmp(own->provider, probe->provider))
				own = NULL;
		}
		if (own)
			continue;
		judge_wrong(j,
			    "A probe that your program came with is gone. Leave all of "
			    "them as they were.");
		return false;
	}
	return true;
}

/* What its values do not show: how many bytes they were read from, and how. */
static bool has_sizes(const struct edit *edit, struct judgement *j)
{
	const struct probe *own = edit->probes[0];
	const struct location *truth = &edit->reference->probes[0]->locations[0];
	size_t i, n;

	for (i = 0; i < own->nlocations; i++) {
		for (n = 0; n < own->locations[i].nargs && n < truth->nargs; n++) {
			const struct operand *arg = &own->locations[i].args[n];

			if (arg->size == truth->args[n].size &&
			    arg->is_signed == truth->args[n].is_signed)
				continue;
			judge_wrong(
				j,
				"%s says what it should, but the operand '%s' of its "
				"argument %zu has another size or sign than was asked "
				"for. On other data that would show.",
				own->name, arg->text, n + 1);
			return false;
		}
	}
	return true;
}

bool edit_wanted(const struct edit *edit, struct judgement *j)
{
	if (!keeps_all(edit, j) || !keeps_no_semaphore(edit, j))
		return false;
	return edit->truth->type != TRUTH_EDIT ||
	       (fires_from_enough(edit, j) && has_semaphore(edit, j) &&
		(!edit->truth->sizes || has_sizes(edit, j)));
}
