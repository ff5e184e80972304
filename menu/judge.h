/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ask `grade` for verdicts. All questions go into one run of it, on its standard input;
 * with sudo only when one of them needs root, see question_privileged().
 */
#ifndef BPFHOL_MENU_JUDGE_H
#define BPFHOL_MENU_JUDGE_H

#include <stdbool.h>
#include <stdio.h>

#include "common/lab.h"

struct app;
struct state;

enum verdict { VERDICT_UNCHECKED, VERDICT_PASS, VERDICT_WRONG };

struct judgement {
	const struct lab *lab;		 /* points to the caller's */
	const struct question *question; /* points into .lab */
	char *answer;			 /* "" when only the source counts */
	enum verdict verdict;
	bool shapeless;	   /* wrong, and not even of the form that was asked for */
	bool broken;	   /* unchecked, and grade says that the kit itself is at fault */
	bool not_here;	   /* unchecked, as this machine lacks what the question needs */
	bool open;	   /* never answered, so nothing was judged */
	unsigned int wait; /* seconds until the next try counts; 0: now */
	char *feedback;
	char **evidence;
	unsigned int evidence_count;
};

const char *verdict_name(enum verdict verdict);

/* judgement_decide - set a verdict without asking grade. FEEDBACK is taken over. */
void judgement_decide(struct judgement *judgement, enum verdict verdict, char *feedback);

/*
 * judge - verdicts for COUNT answers; those that already have a .feedback are left alone.
 * @state: as it is, for pids and builds. Returns 0, or a negative errno with *ERROR when
 * grade could not be run or is broken.
 */
int judge(const struct app *app, const struct state *state, struct judgement *judgements,
	  unsigned int count, char **error);

/* judgement_print - for a person, lines broken at WIDTH; judgement_json - one line. */
void judgement_print(FILE *out, const struct judgement *judgement, unsigned int width);
void judgement_json(FILE *out, const struct judgement *judgement);
void judgement_fini(struct judgement *judgement);

#endif
