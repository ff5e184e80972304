// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "grader/edit.h"

static bool counts_equal(const struct edit *edit, struct judgement *j)
{
	size_t i, n, expected;

	for (i = 0; i < 2 && edit->probes[i]; i++) {
		const struct probe *own = edit->probes[i];

		expected = edit->reference->probes[i]->locations[0].nargs;
		for (n = 0; n < own->nlocations; n++) {
			if (own->locations[n].nargs == expected)
				continue;
			judge_evidence(j, "operands of the location at 0x%llx: %s",
				       (unsigned long long)own->locations[n].address,
				       own->locations[n].nargs
					       ? own->locations[n].args_text
					       : "none");
			if (i == 0 && edit->truth->type == TRUTH_EDIT)
				judge_wrong(j,
					    "%s has %zu argument%s: not the number that "
					    "was asked "
					    "for. The macro's number is that of its "
					    "arguments.",
					    own->name, own->locations[n].nargs,
					    own->locations[n].nargs == 1 ? "" : "s");
			else
				judge_wrong(j, "A location of the probe that was there "
					       "has another "
					       "number of arguments than it had.");
			return false;
		}
	}
	return true;
}

/* Only assembler writes operands by hand, and so can forget a size. */
static void tell_sizeless(const struct edit *edit, struct judgement *j)
{
	const struct location *location = &edit->probes[0]->locations[0];
	size_t i;

	for (i = 0; i < location->nargs; i++) {
		if (strchr(location->args[i].text, '@'))
			continue;
		judge_evidence(j,
			       "the operand '%s' has no size and sign in front of it, so "
			       "tracers have to guess them",
			       location->args[i].text);
	}
}

static void tell_end(const struct run *run, struct judgement *j)
{
	if (WIFSIGNALED(run->status))
		judge_evidence(j, "your program was ended by signal %d (%s)",
			       WTERMSIG(run->status), strsignal(WTERMSIG(run->status)));
	else
		judge_evidence(j, "your program ended by itself, with status %d",
			       WEXITSTATUS(run->status));
}

static bool run_both(struct edit *edit, struct judgement *j)
{
	bool locations = edit->truth->type == TRUTH_LOCATIONS;
	size_t least[2], run, i;
	struct run_order order = {.build = &edit->build,
				  .learner = edit->learner,
				  .probes = edit->probes,
				  .count = edit->reference->nprobes,
				  /* As long as the reference, however fast one fires. */
				  .plan = {.least_ms = WATCH_MS, .least = least}};
	char *why;
	int err;

	for (run = 0; run < RUNS; run++) {
		const struct capture *truth = &edit->reference->runs[run].capture;

		for (i = 0; i < truth->count; i++)
			least[i] = locations ? 2 : truth->watches[i].count;
		order.plan.locations = locations ? edit->truth->locations : 0;
		order.seed = edit->seeds[run];
		err = run_traced(&edit->runs[run], &order, &why);
		if (err)
			judge_unchecked(j, "your program could not be traced: %s",
					why ?: strerror(-err));
		free(why);
		if (err)
			return false;
		/* What it does on other data is beside the point then. */
		if (!edit->runs[run].capture.watches[0].count)
			break;
	}
	return true;
}

static bool compare(const struct edit *edit, size_t which, const char *name,
		    const char *title, struct judgement *j)
{
	bool locations = edit->truth->type == TRUTH_LOCATIONS;
	struct comparison comparison = {.name = name, .title = title};
	size_t run;

	for (run = 0; run < RUNS; run++) {
		const struct capture *truth = &edit->reference->runs[run].capture;
		const struct capture *own = &edit->runs[run].capture;

		comparison.truth[run] = &truth->watches[which];
		comparison.own[run] = own->count ? &own->watches[which] : NULL;
		comparison.keeps[run] =
			which == 0 && truth->count > 1 ? &truth->watches[1] : NULL;
	}
	return locations ? compare_values(&comparison, j)
			 : compare_firings(&comparison, j);
}

/* The probe that was there is called by its name, too: it may be far from the edit. */
static bool compare_kept(const struct edit *edit, struct judgement *j)
{
	char title[128], name[128];

	snprintf(title, sizeof(title), "The probe that was there (%s)",
		 edit->probes[1]->name);
	strcpy(name, title);
	*name = 't';
	return compare(edit, 1, name, title, j);
}

bool edit_trace(struct edit *edit, struct judgement *j)
{
	bool named = edit->truth->type == TRUTH_EDIT;
	size_t run;
	bool right;

	if (!counts_equal(edit, j))
		return false;
	tell_sizeless(edit, j);
	if (!run_both(edit, j))
		return false;
	for (run = 0; run < RUNS; run++) {
		if (!edit->runs[run].ended)
			continue;
		tell_end(&edit->runs[run], j);
		judge_wrong(
			j,
			"Your program came to an end while it was watched. It should run "
			"on, as the one you began with does.");
		return false;
	}
	if (edit->truth->alone && edit_silent(edit, j))
		return false;
	right = compare(edit, 0, named ? edit->probes[0]->name : "the probe",
			named ? edit->probes[0]->name : "The probe", j);
	if (!right && named)
		edit_namesakes(edit, j);
	if (right && edit->probes[1])
		right = compare_kept(edit, j);
	return right && (!edit->truth->alone || edit_alone(edit, j));
}
