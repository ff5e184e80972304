// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol list: the labs, their questions, and how far one is. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/exit.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/progress.h"
#include "menu/state.h"
#include "menu/target.h"
#include "menu/text.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_list = {
	.name = "list",
	.operands = "[LAB]",
	.summary = "labs and questions, and how far you are",
	.more = "With LAB, each question's full text and the form of its answer too.",
	.options = {&option_json},
	.most = 1,
	.run = run,
};

static void print_json(const struct lab *lab, struct state *state)
{
	json_t *questions = json_array(), *targets = json_array(), *line;
	struct progress progress;
	unsigned int i;

	progress_count(lab, state, &progress);
	for (i = 0; i < lab->questions_count; i++) {
		const struct question *q = &lab->questions[i];
		char *id = question_id(lab, q);
		const struct question_record *record = state_question(state, id);

		json_array_append_new(questions,
				      json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:i}",
						"question", q->id, "status",
						status_name(record->status), "ask",
						q->ask, "form", q->answer, "wrong",
						record->wrong, "hints", record->hints,
						"hints_total", q->hints_count));
		free(id);
	}
	for (i = 0; i < lab->targets_count; i++)
		json_array_append_new(targets, json_string(lab->targets[i].program));
	line = json_pack("{s:s, s:s, s:i, s:s, s:i, s:i, s:i, s:o, s:o}", "lab",
			 lab->name, "title", lab->title, "minutes", lab->minutes,
			 "chapter", lab->chapter, "passed", progress.passed, "revealed",
			 progress.revealed, "not_here", progress.not_here, "targets",
			 targets, "questions", questions);
	json_dumpf(line, stdout, JSON_COMPACT);
	puts("");
	json_decref(line);
}

/* Whether they are there, grade finds out, or `bpfhol doctor --lab`. */
static void print_needs(const struct lab *lab, const struct question *question)
{
	unsigned int i;

	for (i = 0; i < question->needs_count; i++)
		printf("      Only where this works: %s (see: bpfhol doctor --lab %s)\n",
		       question->needs[i], lab->name);
}

static void print_text(const struct lab *lab, struct state *state, bool full)
{
	char *summary = progress_text(lab, state);
	unsigned int i;

	printf("%s: %s (%u min, %s)\n", lab->name, lab->title, lab->minutes, summary);
	free(summary);
	for (i = 0; i < lab->questions_count; i++) {
		const struct question *q = &lab->questions[i];
		char *id = question_id(lab, q);
		const struct question_record *record = state_question(state, id);

		printf("  %-26s %s\n", id, status_name(record->status));
		if (full) {
			char *form = text_format("Answer: %s", q->answer);

			text_wrap(stdout, q->ask, 78, "      ");
			text_wrap(stdout, form, 78, "      ");
			print_needs(lab, q);
			free(form);
		}
		free(id);
	}
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	char *error = NULL;
	struct lab **labs = catalog_all(argc ? argv[0] : NULL, &error), **lab;
	struct state state;
	int err;

	if (!labs)
		return complain(argc ? status_of(-ENOENT) : EXIT_BROKEN, error);
	err = state_read(app->folder, &state, &error);
	if (err) {
		catalog_free(labs);
		return complain(status_of(err), error);
	}
	for (lab = labs; *lab; lab++) {
		if (options->json)
			print_json(*lab, &state);
		else
			print_text(*lab, &state, argc > 0);
	}
	if (!argc && !options->json)
		puts("\n`bpfhol list LAB` shows the questions, `bpfhol read LAB` the "
		     "chapter.");
	state_free(&state);
	catalog_free(labs);
	return EXIT_YES;
}
