/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the grader says of one answer: a verdict, why, and what was seen. */
#ifndef BPFHOL_GRADER_JUDGEMENT_H
#define BPFHOL_GRADER_JUDGEMENT_H

#include <stdbool.h>
#include <stddef.h>

enum verdict {
	VERDICT_PASS,
	VERDICT_WRONG,
	VERDICT_UNCHECKED, /* could not be checked: never the learner's fault */
};

struct judgement {
	enum verdict verdict;
	bool broken;	/* unchecked because the kit itself is at fault */
	bool shapeless; /* wrong, and not even of the form that was asked for */
	bool not_here;	/* unchecked because this machine lacks what the question needs */
	char *feedback; /* owned; NULL only when memory ran out */
	char **evidence;
	size_t evidence_count;
};

/* The first call decides; later ones change nothing, so the first real cause is told.
 * What is not UTF-8 (a compiler or a learner's program may print anything) is shown as
 * '?', here and below. */
void judge_pass(struct judgement *judgement, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void judge_wrong(struct judgement *judgement, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void judge_shapeless(struct judgement *judgement, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void judge_unchecked(struct judgement *judgement, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void judge_not_here(struct judgement *judgement, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void judge_broken(struct judgement *judgement, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* judged - has one of the above been said? */
bool judged(const struct judgement *judgement);

/* What was seen, one line a call: it may show what the learner gave or made, never the
 * truth. Bytes that are not printable are shown as '?'. */
void judge_evidence(struct judgement *judgement, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void judgement_fini(struct judgement *judgement);

#endif
