/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a question needs of the machine: checks of `usdt doctor -j`, by name, or programs.
 * Where one is missing, the question cannot be answered here, and that is nobody's fault.
 */
#ifndef BPFHOL_GRADER_NEEDS_H
#define BPFHOL_GRADER_NEEDS_H

#include "common/lab.h"
#include "grader/judgement.h"

struct check;

/* All zero at first; `usdt doctor` is asked once, when it is needed. */
struct needs {
	struct check *checks;
	size_t count;
	bool asked;
};

/*
 * needs_met - is all there? Also where nothing can be traced at all: then judging finds
 * out, and says what to do. False: judged.
 */
bool needs_met(struct needs *needs, const struct question *question,
	       struct judgement *judgement);
void needs_fini(struct needs *needs);

#endif
