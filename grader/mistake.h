/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Known mistakes, as a lab's file describes them. */
#ifndef BPFHOL_GRADER_MISTAKE_H
#define BPFHOL_GRADER_MISTAKE_H

#include "common/lab.h"
#include "grader/target.h"

/* What a wrong answer is looked at against. */
struct mistake_facts {
	const struct target *target;
	const struct learner *learner;
	const struct probe *probe; /* the probe asked about, may be NULL */
	const struct watch *watch; /* its firings, NULL for a static question */
};

/* mistake_find - the first of the question's that this ANSWER is; NULL if none. */
const struct mistake *mistake_find(const struct question *question, const char *answer,
				   const struct mistake_facts *facts);

#endif
