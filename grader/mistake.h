/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Known mistakes, as a lab's file describes them. */
#ifndef BPFHOL_GRADER_MISTAKE_H
#define BPFHOL_GRADER_MISTAKE_H

#include "grader/judge.h"

/* mistake_find - the first of the part's that this ANSWER is; NULL if none. */
const struct mistake *mistake_find(const struct asked *asked, const struct part *part,
				   const char *answer);

#endif
