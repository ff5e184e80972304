/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking an answer: from what was typed to a verdict that stands in the state. Also what
 * follows from the record: how long to wait, what may be revealed.
 */
#ifndef BPFHOL_MENU_ANSWER_H
#define BPFHOL_MENU_ANSWER_H

#include <stdint.h>

#include "menu/judge.h"

struct app;
struct question_record;

#define ANSWER_MAX 4096 /* bytes */

/* answer_refused - why TEXT cannot be an answer at all (too long, no text), or NULL.
 * To be freed. */
char *answer_refused(const char *text, size_t length);

/*
 * answer_take - judge one answer and record the verdict. One at a time: a second one
 * waits, so that the waiting times below cannot be run around.
 * @judgement: with .lab, .question and .answer set. Returns 0 or a negative errno with
 * *ERROR.
 */
int answer_take(const struct app *app, struct judgement *judgement, char **error);

/* answer_record - enter a verdict into a record. Unchecked only remembers the answer; a
 * pass takes the wrong ones off. What has not even the form of an answer is no guess, and
 * not counted. */
void answer_record(struct question_record *record, const struct judgement *judgement,
		   int64_t now);

/* answer_not_here - enter that it cannot be answered on this machine, unless it has been
 * on another. */
void answer_not_here(struct question_record *record);

/*
 * answer_wait - seconds until the next answer counts: none for the first five wrong ones,
 * then 10, 20, 40 and at last 60 after each. Edited sources never wait. Tracing is faster
 * than guessing.
 */
unsigned int answer_wait(const struct question_record *record, int64_t now);

/* answer_blank - nothing but blanks? */
int answer_blank(const char *text);

/* answer_tried - was any answer judged, so that it may be revealed? */
int answer_tried(const struct question_record *record);

#endif
