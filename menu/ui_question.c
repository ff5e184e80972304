// SPDX-License-Identifier: GPL-2.0-or-later
/* The screen of one question: the text, an answer, the verdict; hints and the way out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "menu/answer.h"
#include "menu/catalog.h"
#include "menu/dialog.h"
#include "menu/progress.h"
#include "menu/report.h"
#include "menu/state.h"
#include "menu/text.h"
#include "menu/ui_parts.h"

static const char *const titles[] = {
	[VERDICT_PASS] = "Right",
	[VERDICT_WRONG] = "Wrong",
	[VERDICT_UNCHECKED] = "Could not be checked",
};

/* How the lab stands after a pass. */
static void add_progress(const struct lab *lab, struct state *state, FILE *out)
{
	struct progress progress;
	char *text = progress_text(lab, state);

	progress_count(lab, state, &progress);
	fprintf(out, "\n%s: %s.", lab->name, text);
	if (progress.passed + progress.revealed == progress.total)
		fputs(" That was the last one of this lab: well done.", out);
	fputc('\n', out);
	free(text);
}

/* What the verdict means for how to go on. */
static void add_outlook(struct ui *ui, const struct judgement *j, FILE *out)
{
	char *id = question_id(j->lab, j->question), *error = NULL;
	const struct question_record *record;
	struct state state;

	if (!state_read(ui->app->folder, &state, &error)) {
		record = state_question(&state, id);
		if (j->verdict == VERDICT_PASS)
			add_progress(j->lab, &state, out);
		else if (j->verdict == VERDICT_WRONG && record->wrong >= 3 &&
			 record->hints < j->question->hints_count)
			fputs("\nA hint may help: there is a button for it.\n", out);
		state_free(&state);
	}
	free(error);
	free(id);
}

static void show_verdict(struct ui *ui, const struct judgement *j)
{
	struct text text;
	unsigned int i;

	text_begin(&text);
	if (j->feedback)
		text_wrap(text.stream, j->feedback, DIALOG_WIDTH, "");
	if (j->evidence_count)
		fputc('\n', text.stream);
	for (i = 0; i < j->evidence_count; i++)
		text_wrap(text.stream, j->evidence[i], DIALOG_WIDTH, "  ");
	if (j->verdict == VERDICT_PASS && j->question->explanation) {
		fputc('\n', text.stream);
		text_wrap(text.stream, j->question->explanation, DIALOG_WIDTH, "");
	}
	add_outlook(ui, j, text.stream);
	text_done(&text);
	dialog_text(ui->app, titles[j->verdict], text.data);
	free(text.data);
}

/* True: it passed, so the question is done with. */
static bool give_answer(struct ui *ui, const struct lab *lab,
			const struct question *question, const char *value)
{
	struct judgement judgement = {.lab = lab, .question = question};
	char *refused = answer_refused(value, strlen(value)), *error = NULL;
	bool passed;

	if (refused) {
		ui_error(ui, refused);
		return false;
	}
	if (question_privileged(question))
		ui_sudo_again(ui);
	judgement.answer = text_copy(value);
	if (answer_take(ui->app, &judgement, &error))
		ui_error(ui, error);
	else
		show_verdict(ui, &judgement);
	passed = judgement.verdict == VERDICT_PASS;
	judgement_fini(&judgement);
	return passed;
}

static void show_hint(struct ui *ui, const struct lab *lab,
		      const struct question *question)
{
	char *text, *error = NULL;
	unsigned int number;

	if (report_hint(ui->app, lab, question, &number, &text, &error)) {
		ui_error(ui, error);
		return;
	}
	dialog_text(ui->app, "Hint", text);
	free(text);
}

static void show_reveal(struct ui *ui, const struct lab *lab,
			const struct question *question)
{
	char *text = NULL, *error = NULL;
	int err = report_reveal(ui->app, lab, question, &text, &error);

	if (err < 0)
		ui_error(ui, error);
	else
		dialog_text(ui->app, err ? "First a try" : "How the answer is found",
			    text);
	free(text);
}

/* "open" or "wrong, 2 wrong answers, 1 of 3 hints" */
static char *describe(struct ui *ui, const char *id, const struct question *question)
{
	struct question_record *record;
	struct state state;
	char *error = NULL, *text;

	if (state_read(ui->app->folder, &state, &error)) {
		free(error);
		return text_copy("");
	}
	record = state_question(&state, id);
	text = text_format("%s; wrong answers: %u; hints: %u of %u",
			   status_name(record->status), record->wrong, record->hints,
			   question->hints_count);
	state_free(&state);
	return text;
}

void ui_question(struct ui *ui, const struct lab *lab, const struct question *question)
{
	static const struct buttons typed = {.ok = "Answer",
					     .cancel = "Back",
					     .extra = "Hint",
					     .help = "Reveal"};
	static const struct buttons judged = {.ok = "Judge it",
					      .cancel = "Back",
					      .extra = "Hint",
					      .help = "Reveal"};
	char *id = question_id(lab, question);
	bool done = false;

	while (!done) {
		char *about = describe(ui, id, question), *value = NULL;
		char *text = text_format("%s\n\nAnswer: %s.\n(%s)", question->ask,
					 question->answer, about);
		int button = question->form == FORM_SOURCE
				     ? dialog_ask(ui->app, id, text, &judged)
				     : dialog_input(ui->app, id, text, &typed, &value);

		if (button == BUTTON_EXTRA)
			show_hint(ui, lab, question);
		else if (button == BUTTON_HELP)
			show_reveal(ui, lab, question);
		else if (button != BUTTON_OK)
			done = true;
		else if (question->form == FORM_SOURCE || (value && *value))
			done = give_answer(ui, lab, question, value ? value : "");
		free(value);
		free(text);
		free(about);
	}
	free(id);
}
