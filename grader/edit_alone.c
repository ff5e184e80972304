// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is done for a probe only while somebody traces it. The probe that is kept hands
 * over how much was done so far: nobody traces the other one, and that must be nothing.
 * Then somebody comes, while the program runs, and it must be done for him.
 */
#include <stdlib.h>
#include <string.h>

#include "grader/edit.h"

bool edit_silent(const struct edit *edit, struct judgement *j)
{
	const struct location *location = &edit->probes[0]->locations[0];
	const char *name = edit->probes[0]->name;

	if (edit->runs[0].capture.watches[0].count)
		return false;
	if (!location->semaphore)
		judge_wrong(
			j,
			"%s never fired, though it was traced. The note of %s names no "
			"semaphore, so a tracer knows of none to raise. sys/sdt.h wants "
			"to be told, ahead of its #include, that there are semaphores; "
			"folly_sdt.h has another macro for them.",
			name, name);
	else if (!location->semaphore_offset)
		judge_wrong(
			j,
			"%s never fired, though it was traced. Its semaphore is not in "
			"the file's data (in .bss, probably), where a tracer could not "
			"raise it: it stayed 0. It must be told a section.",
			name);
	else
		judge_wrong(j,
			    "%s never fired, though it was traced and its semaphore went "
			    "up. Is the guard the right way round, and is the guard ever "
			    "open?",
			    name);
	return true;
}

static void show(struct judgement *j, const struct edit *edit,
		 const struct firing *firing)
{
	char *text = firing_text(firing);

	judge_evidence(j, "while nobody traced %s, %s fired with %s",
		       edit->probes[0]->name, edit->probes[1]->name, text ?: "?");
	free(text);
}

/* Nobody traced the probe: the other one fires as the reference's does. */
static bool idle_is_right(const struct edit *edit, struct judgement *j)
{
	const struct watch *truth = &edit->reference->alone.capture.watches[0];
	const struct watch *own = &edit->alone.capture.watches[0];
	size_t i;

	for (i = 0; i < truth->count && i < own->count; i++) {
		if (firing_equal(&truth->firings[i], &own->firings[i]))
			continue;
		show(j, edit, &own->firings[i]);
		judge_wrong(j,
			    "While somebody traces %s, all is right. But your program "
			    "still does the work while nobody traces it. Is all of the "
			    "work behind the guard, and is it this probe's own semaphore "
			    "that the guard asks?",
			    edit->probes[0]->name);
		return false;
	}
	if (own->count >= truth->count)
		return true;
	judge_wrong(j, "While nobody traces %s, %s fires less often than it should.",
		    edit->probes[0]->name, edit->probes[1]->name);
	return false;
}

bool edit_alone(struct edit *edit, struct judgement *j)
{
	const size_t least = edit->reference->alone.capture.watches[0].count;
	const struct run_order order = {.build = &edit->build,
					.learner = edit->learner,
					.probes = edit->probes,
					.count = 2,
					.alone = true,
					.seed = edit->seeds[RUNS - 1],
					.plan = {.least_ms = WATCH_MS, .least = &least}};
	char *why;
	int err = run_traced(&edit->alone, &order, &why);

	if (err)
		judge_unchecked(j, "your program could not be traced: %s",
				why ?: strerror(-err));
	free(why);
	if (err || !idle_is_right(edit, j))
		return false;
	if (edit->alone.late.watches[0].count)
		return true;
	judge_wrong(j,
		    "%s fires if it is traced from the program's start, but not if "
		    "somebody comes while it runs. Your program asks its semaphore too "
		    "early: it must ask each time.",
		    edit->probes[0]->name);
	return false;
}
