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
static void add_progress(const struct lab *lab, struct state *state, bool revealed,
			 FILE *out)
{
	struct progress progress;
	char *text = progress_text(lab, state);

	progress_count(lab, state, &progress);
	if (revealed)
		fputs("\nIt was revealed before, so it does not count as passed.\n", out);
	fprintf(out, "\n%s: %s.", lab->name, text);
	if (progress_done(&progress))
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
			add_progress(j->lab, &state, record->status == STATUS_REVEALED,
				     out);
		else if (report_hint_helps(j, record))
			fputs("\nA hint may help: there is a button for it.\n", out);
		state_free(&state);
	}
	free(error);
	free(id);
}

static void show_verdict(struct ui *ui, const struct judgement *j)
{
	char *feedback = ui_words(j->feedback ? j->feedback : "");
	struct text text;
	unsigned int i;

	text_begin(&text);
	text_wrap(text.stream, feedback, DIALOG_WIDTH, "");
	free(feedback);
	if (j->wait)
		fputs("\nYour answer is kept: press Answer again then.\n", text.stream);
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
	dialog_text(ui->app,
		    j->wait	  ? "Please wait a moment"
		    : j->not_here ? "Not here"
				  : titles[j->verdict],
		    text.data);
	free(text.data);
}

/* True: it passed, so the question is done with. *VALUE is freed, or kept where it was
 * not judged, to be given again. */
static bool give_answer(struct ui *ui, const struct lab *lab,
			const struct question *question, char **value)
{
	struct judgement judgement = {.lab = lab, .question = question};
	char *refused = answer_refused(*value, strlen(*value)), *error = NULL;

	if (refused) {
		ui_error(ui, refused);
		return false;
	}
	if (answer_blank(*value) && question_is_typed(question)) {
		dialog_text(ui->app, "Nothing typed",
			    "There is no answer yet. Type one, then press Enter.\n");
		return false;
	}
	if (question_privileged(question))
		ui_sudo_again(ui);
	judgement.answer = text_copy(*value);
	if (answer_take(ui->app, &judgement, &error))
		ui_error(ui, error);
	else
		show_verdict(ui, &judgement);
	if (judgement.verdict != VERDICT_UNCHECKED)
		text_replace(value, NULL);
	judgement_fini(&judgement);
	return judgement.verdict == VERDICT_PASS;
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
	ui_show(ui, "Hint", text);
	free(text);
}

/* As the state has it: has it been tried, and would revealing it cost something? */
static void look_up(struct ui *ui, const char *id, bool *tried, bool *costs)
{
	struct question_record *record;
	struct state state;
	char *error = NULL;

	*tried = *costs = true;
	if (state_read(ui->app->folder, &state, &error)) {
		free(error); /* report_reveal() will say so */
		return;
	}
	record = state_question(&state, id);
	*tried = answer_tried(record);
	*costs = record->status != STATUS_PASSED && record->status != STATUS_REVEALED;
	state_free(&state);
}

static void show_reveal(struct ui *ui, const struct lab *lab,
			const struct question *question, const char *id)
{
	static const struct buttons sure = {.ok = "Show it", .cancel = "Back"};
	char *text = NULL, *error = NULL;
	bool tried, costs;

	look_up(ui, id, &tried, &costs);
	if (!tried) {
		dialog_text(ui->app, "First a try",
			    "Nothing is revealed before a try that could be judged; a "
			    "wrong answer\nwill do. There are hints, too.\n");
		return;
	}
	if (costs && dialog_ask(ui->app, "Reveal",
				"This shows how the answer is found. The question then "
				"stays `revealed`: it will not count as passed, even if "
				"you answer it right afterwards.",
				&sure) != BUTTON_OK)
		return;
	if (report_reveal(ui->app, lab, question, &text, &error) < 0)
		ui_error(ui, error);
	else
		dialog_text(ui->app, "How the answer is found", text);
	free(text);
}

/* "Open. Hints: 0 of 3" or "Wrong so far, 2 answers counted. Hints: 1 of 3" */
static char *describe(struct ui *ui, const char *id, const struct question *question)
{
	static const char *const names[] = {
		[STATUS_OPEN] = "Open",		[STATUS_WRONG] = "Wrong so far",
		[STATUS_PASSED] = "Passed",	[STATUS_REVEALED] = "Revealed",
		[STATUS_NOT_HERE] = "Not here",
	};
	struct question_record *record;
	char *error = NULL, *text, *count;
	struct state state;

	if (state_read(ui->app->folder, &state, &error)) {
		free(error);
		return text_copy("");
	}
	record = state_question(&state, id);
	count = record->wrong ? text_format("; wrong answers: %u", record->wrong)
			      : text_copy("");
	text = text_format("%s%s; hints: %u of %u", names[record->status], count,
			   record->hints, question->hints_count);
	free(count);
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
	char *id = question_id(lab, question), *kept = NULL;
	bool done = false;

	while (!done) {
		char *about = describe(ui, id, question), *value = NULL;
		char *text = text_format("%s\n\nAnswer: %s.\n(%s)", question->ask,
					 question->answer, about);
		int button =
			question_is_typed(question)
				? dialog_input(ui->app, id, text, &typed, kept, &value)
				: dialog_ask(ui->app, id, text, &judged);

		if (button == BUTTON_OK) {
			text_replace(&kept, value ? value : "");
			done = give_answer(ui, lab, question, &kept);
		} else if (button == BUTTON_EXTRA) {
			show_hint(ui, lab, question);
		} else if (button == BUTTON_HELP) {
			show_reveal(ui, lab, question, id);
		} else {
			done = true;
		}
		free(value);
		free(text);
		free(about);
	}
	free(kept);
	free(id);
}
