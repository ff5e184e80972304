// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol answer: one answer, judged. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kit.h"
#include "common/exit.h"
#include "menu/answer.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/report.h"
#include "menu/state.h"
#include "menu/text.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_answer = {
	.name = "answer",
	.operands = "LAB.QUESTION VALUE...",
	.summary = "give an answer and have it judged",
	.more = "Several words are one answer. A single - reads the answer from standard "
		"input.\n"
		"Questions about your edited source that ask for no value need none.\n"
		"After five wrong answers to one question the next is taken 10 s later, "
		"then\n"
		"20, 40 and 60; edited sources never wait. Options go before "
		"LAB.QUESTION.\n"
		"Exit status: 0 right, 1 wrong, 77 it could not be checked, and it says "
		"why.",
	.options = {&option_json},
	.least = 1,
	.most = -1,
	.operands_verbatim = true,
	.run = run,
};

/* The whole of standard input, but no more than makes it too long; less the last newline.
 */
static char *read_answer(size_t *length)
{
	const size_t most = ANSWER_MAX + 2; /* the newline may be CR LF */
	char *text = calloc(1, most + 1);

	if (!text)
		return NULL;
	*length = fread(text, 1, most, stdin);
	if (*length == most && getc(stdin) != EOF) { /* to say how much it was */
		do
			(*length)++;
		while (getc(stdin) != EOF);
		return text;
	}
	while (*length && (text[*length - 1] == '\n' || text[*length - 1] == '\r'))
		text[--*length] = '\0';
	return text;
}

static void show(const struct judgement *j, const struct state *state)
{
	struct question_record *record;
	char *id = question_id(j->lab, j->question);

	judgement_print(stdout, j, 78);
	record = state_question((struct state *)state, id);
	if (j->verdict == VERDICT_PASS && j->question->explanation) {
		puts("");
		text_wrap(stdout, j->question->explanation, 78, "  ");
		if (record->status == STATUS_REVEALED)
			puts("\n  It was revealed before, so it does not count as "
			     "passed.");
	} else if (report_hint_helps(j, record)) {
		printf("  A hint: %s hint %s\n", kit_bpfhol(), id);
	}
	free(id);
}

static int judge_one(struct app *app, const struct options *options, struct judgement *j)
{
	static const int statuses[] = {
		[VERDICT_PASS] = EXIT_YES,
		[VERDICT_WRONG] = EXIT_NO,
		[VERDICT_UNCHECKED] = EXIT_CANNOT,
	};
	char *error = NULL;
	struct state state;
	int err = answer_take(app, j, &error);

	if (!err)
		err = state_read(app->folder, &state, &error);
	if (err)
		return complain(status_of(err), error);
	if (options->json)
		judgement_json(stdout, j);
	else
		show(j, &state);
	state_free(&state);
	return j->broken ? EXIT_BROKEN : statuses[j->verdict];
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	struct judgement judgement = {0};
	char *error = NULL, *refused;
	struct lab *lab;
	size_t length = 0;
	int err = catalog_question(argv[0], &lab, &judgement.question, &error), status;

	if (err)
		return complain(status_of(err), error);
	judgement.lab = lab;
	if (argc == 2 && !strcmp(argv[1], "-")) {
		judgement.answer = read_answer(&length);
	} else {
		/* Habit puts a -- before an answer that begins with a dash. */
		int skip = argc > 2 && !strcmp(argv[1], "--");

		judgement.answer = text_join(argv + 1 + skip, argc - 1 - skip);
		length = strlen(judgement.answer);
	}
	refused = judgement.answer ? answer_refused(judgement.answer, length) : NULL;
	if (refused)
		status = complain(EXIT_USAGE, refused);
	else if (answer_blank(judgement.answer) && question_is_typed(judgement.question))
		status = command_usage("answer", "%s asks for a value: %s", argv[0],
				       judgement.question->answer);
	else
		status = judge_one(app, options, &judgement);
	judgement_fini(&judgement);
	lab_free(lab);
	return status;
}
