/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that a subcommand prints and a screen of the menu shows. */
#ifndef BPFHOL_MENU_REPORT_H
#define BPFHOL_MENU_REPORT_H

#include <stdbool.h>
#include <stdio.h>

struct app;
struct judgement;
struct lab;
struct question;
struct question_record;
struct state;

/* report_status - what runs, and how far the learner is in each lab. */
void report_status(FILE *out, struct state *state);

/*
 * report_hint - the next hint, recorded as shown. *NUMBER counts from 1, 0: it has none.
 * 0 with *TEXT (to be freed), or a negative errno with *ERROR.
 */
int report_hint(const struct app *app, const struct lab *lab,
		const struct question *question, unsigned int *number, char **text,
		char **error);

/* report_hint_helps - after this verdict, is it time to speak of hints? */
bool report_hint_helps(const struct judgement *judgement,
		       const struct question_record *record);

/*
 * report_reveal - how the answer is found, recorded as revealed unless it has passed.
 * *TEXT has lines of shell that run as they are. 0 with *TEXT, 1 with *TEXT saying that
 * nothing has been tried yet, or a negative errno with *ERROR.
 */
int report_reveal(const struct app *app, const struct lab *lab,
		  const struct question *question, char **text, char **error);

#endif
