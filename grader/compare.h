/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an edited program's probe said, against what the reference's said, each run twice
 * with other data. Names the difference; shows only what the learner's program did.
 */
#ifndef BPFHOL_GRADER_COMPARE_H
#define BPFHOL_GRADER_COMPARE_H

#include "grader/capture.h"
#include "grader/judgement.h"

#define RUNS 2 /* each with a seed that the learner never saw */

struct comparison {
	const char *name, *title; /* what to call the probe, title: first in a sentence */
	const struct watch *truth[RUNS]; /* the reference's firings */
	const struct watch *own[RUNS];	 /* the learner's */
	const struct watch *keeps[RUNS]; /* the reference's, of the probe that was there;
					    NULL if there is none */
};

/*
 * compare_firings - same values, same order, as far as the reference was watched.
 * Judges "wrong" and returns false if not.
 */
bool compare_firings(const struct comparison *comparison, struct judgement *judgement);

/* compare_values - every firing says what some firing of the reference says, and nothing
 * that the reference says is missing; how often and in what order is left open. */
bool compare_values(const struct comparison *comparison, struct judgement *judgement);

#endif
