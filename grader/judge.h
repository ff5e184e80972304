/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging what was found out about a target: part by part, against the truth. */
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

void judge_answer(const struct asked *asked, struct judgement *judgement);

#endif
