/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging what was found out about a target: from its notes, and from its firings. */
#ifndef BPFHOL_GRADER_JUDGE_H
#define BPFHOL_GRADER_JUDGE_H

#include "grader/request.h"
#include "grader/target.h"

struct asked {
	const struct lab *lab;
	const struct question *question;
	const struct request *request;
	const struct learner *learner;
	struct target *target;
};

void judge_probe(const struct asked *asked, struct judgement *judgement);
void judge_nargs(const struct asked *asked, struct judgement *judgement);
void judge_arg(const struct asked *asked, struct judgement *judgement);

#endif
