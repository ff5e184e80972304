// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/utf8.h"
#include "menu/answer.h"
#include "menu/app.h"
#include "menu/catalog.h"
#include "menu/state.h"
#include "menu/text.h"

#define FREE_TRIES 5
static const unsigned int waits[] = {10, 20, 40, 60};

char *answer_refused(const char *text, size_t length)
{
	if (length > ANSWER_MAX)
		return text_format("cannot take an answer of %zu bytes: %d are the most\n"
				   "  try: only the value that was asked for",
				   length, ANSWER_MAX);
	if (strnlen(text, length) != length || !utf8_printable(text, length))
		return text_copy("cannot take this answer: it is no text (UTF-8)\n"
				 "  try: the value as your tracer prints it");
	return NULL;
}

unsigned int answer_wait(const struct question_record *record, int64_t now)
{
	unsigned int step, most = sizeof(waits) / sizeof(*waits) - 1;
	int64_t passed = now - record->last_wrong;

	if (record->wrong < FREE_TRIES || passed < 0) /* the clock was set back */
		return 0;
	step = record->wrong - FREE_TRIES;
	step = step < most ? step : most;
	return passed < waits[step] ? waits[step] - passed : 0;
}

int answer_tried(const struct question_record *record)
{
	return record->right || record->wrong || record->status != STATUS_OPEN;
}

int answer_blank(const char *text)
{
	return !text[strspn(text, " \t\r\n")];
}

void answer_not_here(struct question_record *record)
{
	if (record->status == STATUS_OPEN || record->status == STATUS_WRONG)
		record->status = STATUS_NOT_HERE;
}

void answer_record(struct question_record *record, const struct judgement *judgement,
		   int64_t now)
{
	text_replace(&record->answer, judgement->answer);
	switch (judgement->verdict) {
	case VERDICT_PASS:
		text_replace(&record->right, judgement->answer);
		if (record->status != STATUS_REVEALED)
			record->status = STATUS_PASSED;
		record->wrong = 0;
		break;
	case VERDICT_WRONG:
		if (!judgement->shapeless) {
			record->wrong++;
			record->last_wrong = now;
		}
		if (record->status == STATUS_OPEN || record->status == STATUS_NOT_HERE)
			record->status = STATUS_WRONG;
		break;
	case VERDICT_UNCHECKED:
		if (judgement->not_here)
			answer_not_here(record);
		break;
	}
}

static int update(const struct app *app, struct judgement *j, const char *id,
		  char **error)
{
	struct state state;
	int err = state_lock(app->folder, &state, error);

	if (err)
		return err;
	answer_record(state_question(&state, id), j, time(NULL));
	err = state_save(&state, error);
	state_free(&state);
	return err;
}

int answer_take(const struct app *app, struct judgement *j, char **error)
{
	char *id = question_id(j->lab, j->question);
	int turn = state_turn(app->folder, error), err = turn;
	struct state state;
	unsigned int wait;

	if (turn < 0)
		goto out;
	err = state_read(app->folder, &state, error);
	if (err)
		goto out;
	wait = question_edits(j->question)
		       ? 0
		       : answer_wait(state_question(&state, id), time(NULL));
	if (wait) {
		j->wait = wait;
		judgement_decide(
			j, VERDICT_UNCHECKED,
			text_format(
				"After so many wrong answers the next one is taken in "
				"%u s. Use them to look with your tracer: that is "
				"faster than guessing.",
				wait));
	} else {
		err = judge(app, &state, j, 1, error);
	}
	state_free(&state);
	if (!err && !wait)
		err = update(app, j, id, error);
out:
	if (turn >= 0)
		close(turn);
	free(id);
	return err;
}
