// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/kit.h"
#include "menu/answer.h"
#include "menu/app.h"
#include "menu/catalog.h"
#include "menu/fold.h"
#include "menu/progress.h"
#include "menu/report.h"
#include "menu/state.h"
#include "menu/target.h"
#include "menu/text.h"

#define WORDS_MAX 8 /* lines of them that are shown */

/* What a program has to say, e.g. where it listens; its own name in front is left out. */
static void report_words(FILE *out, const char *program, const char *log)
{
	size_t name = strlen(program), room = 0;
	FILE *in = fopen(log, "re");
	char *line = NULL;
	unsigned int i;

	for (i = 0; in && i < WORDS_MAX && getline(&line, &room, in) > 0; i++) {
		bool named =
			!strncmp(line, program, name) && !strncmp(line + name, ": ", 2);

		line[strcspn(line, "\n")] = '\0';
		fprintf(out, "\n  %s", line + (named ? name + 2 : 0));
	}
	free(line);
	if (in)
		fclose(in);
}

static void report_target(FILE *out, const struct state *state,
			  const struct target_record *record)
{
	char *log = target_file(state, record->program, "log"), *ago;
	struct target_look look;

	target_look(state, record->program, &look);
	ago = text_ago(look.age);
	switch (look.condition) {
	case TARGET_RUNNING:
		fprintf(out, "%s: running as process %d", record->program, look.pid);
		break;
	case TARGET_HELD:
		fprintf(out,
			"%s: held, process %d is stopped (by a debugger? let it "
			"continue)",
			record->program, look.pid);
		break;
	default:
		fprintf(out,
			"%s: gone; it ended, or the machine was started anew%s\n"
			"  to bring it back:  %s start %s\n"
			"  its last words:    %s",
			record->program,
			record->menu ? ",\n  or the menu it was started from lost its "
				       "terminal and took it along"
				     : "",
			kit_bpfhol(), record->lab, log);
	}
	if (look.pid && look.beats)
		fprintf(out, "\n  heartbeat %" PRIu64 ", %s", look.count, ago);
	else if (look.pid)
		fputs("\n  no heartbeat yet", out);
	if (look.pid)
		report_words(out, record->program, log);
	fputc('\n', out);
	free(log);
	free(ago);
}

void report_status(FILE *out, struct state *state)
{
	char *error = NULL;
	struct lab **labs = catalog_all(NULL, &error), **lab;
	unsigned int i;

	if (!state->targets_count)
		fprintf(out,
			"No program of a lab is running. To start one:\n"
			"  %s start LAB\n",
			kit_bpfhol());
	for (i = 0; i < state->targets_count; i++)
		report_target(out, state, &state->targets[i]);
	fputc('\n', out);
	for (lab = labs; lab && *lab; lab++) {
		char *text = progress_text(*lab, state);

		fprintf(out, "%s: %s\n", (*lab)->name, text);
		free(text);
	}
	if (error)
		fprintf(out, "%s\n", error);
	catalog_free(labs);
	free(error);
}

int report_hint(const struct app *app, const struct lab *lab,
		const struct question *question, unsigned int *number, char **text,
		char **error)
{
	char *id = question_id(lab, question);
	struct question_record *record;
	struct state state;
	struct text hint;
	int err = state_lock(app->folder, &state, error);

	if (err)
		goto out;
	record = state_question(&state, id);
	if (record->hints < question->hints_count)
		record->hints++;
	*number = record->hints < question->hints_count ? record->hints
							: question->hints_count;
	err = state_save(&state, error);
	state_free(&state);
	if (err)
		goto out;
	text_begin(&hint);
	if (*number) {
		fprintf(hint.stream, "Hint %u of %u:\n", *number, question->hints_count);
		text_wrap(hint.stream, question->hints[*number - 1], 74, "  ");
	} else {
		fputs("This question has no hints.\n", hint.stream);
	}
	if (*number == question->hints_count)
		fprintf(hint.stream,
			"That was the last one. Once you have tried:\n  %s reveal %s\n",
			kit_bpfhol(), id);
	*text = text_done(&hint);
out:
	free(id);
	return err;
}

bool report_hint_helps(const struct judgement *j, const struct question_record *record)
{
	return j->verdict == VERDICT_WRONG && record->hints < j->question->hints_count &&
	       record->wrong >= 3;
}

/*
 * A lab's text with what is known here put in: {kit} the kit's folder, {pid} the process
 * of the question's program, or what prints it, {work} the folder of the learner's copy.
 */
static char *fill_in(const struct app *app, const struct lab *lab,
		     const struct question *question, const struct state *state)
{
	const char *text;
	struct target_look look = {0};
	char *kit = kit_path(""), *pid, *work, *flowed = text_flow(question->reveal);
	struct text filled;
	unsigned int i;

	if (kit && *kit)
		kit[strlen(kit) - 1] = '\0'; /* the slash */
	target_look(state, question->target, &look);
	if (look.pid)
		pid = text_format("%d", look.pid);
	else if (lab->targets_count == 1)
		pid = text_format("$(%s pid %s)", kit_bpfhol(), lab->name);
	else
		pid = text_format("$(%s pid %s %s)", kit_bpfhol(), lab->name,
				  question->target);
	work = text_format("%s/work/%s", app->folder, lab->name);
	text_begin(&filled);
	for (text = flowed; *text;) {
		const struct {
			const char *mark, *value;
		} marks[] = {{"{kit}", kit}, {"{pid}", pid}, {"{work}", work}};

		for (i = 0; i < 3 && strncmp(text, marks[i].mark, strlen(marks[i].mark));
		     i++)
			;
		if (i < 3) {
			fputs(marks[i].value ? marks[i].value : "", filled.stream);
			text += strlen(marks[i].mark);
		} else {
			fputc(*text++, filled.stream);
		}
	}
	free(flowed);
	free(kit);
	free(pid);
	free(work);
	return text_done(&filled);
}

/* Prose is wrapped; lines that begin with blanks are commands. */
static void put_how(FILE *out, const char *how)
{
	char quote = 0;

	while (*how) {
		size_t length = strcspn(how, "\n");
		char *line = text_format("%.*s", (int)length, how);

		if (*line == ' ')
			fold_command(out, line, COMMAND_WIDTH, &quote);
		else if (*line)
			text_wrap(out, line, COMMAND_WIDTH, "");
		else
			fputc('\n', out);
		quote = *line == ' ' ? quote : 0;
		free(line);
		how += length + (how[length] == '\n');
	}
}

int report_reveal(const struct app *app, const struct lab *lab,
		  const struct question *question, char **text, char **error)
{
	char *id = question_id(lab, question);
	struct question_record *record;
	struct state state;
	struct text told;
	int err = state_lock(app->folder, &state, error);

	if (err)
		goto out;
	text_begin(&told);
	record = state_question(&state, id);
	if (!answer_tried(record)) {
		fprintf(told.stream,
			"Nothing is revealed before a try that could be judged; a wrong "
			"answer will do:\n  %1$s answer %2$s%3$s\n"
			"There are hints, too:\n  %1$s hint %2$s\n",
			kit_bpfhol(), id, question_is_typed(question) ? " VALUE" : "");
		err = 1;
	} else {
		if (record->status != STATUS_PASSED)
			record->status = STATUS_REVEALED;
		err = state_save(&state, error);
		if (question->reveal) {
			char *how = fill_in(app, lab, question, &state);

			put_how(told.stream, how);
			free(how);
		}
		if (question->explanation) {
			fputc('\n', told.stream);
			text_wrap(told.stream, question->explanation, COMMAND_WIDTH, "");
		}
	}
	state_free(&state);
	*text = text_done(&told);
out:
	free(id);
	return err;
}
