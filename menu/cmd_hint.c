// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol hint: the next hint of a question, from general to specific. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/exit.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/report.h"
#include "menu/state.h"
#include "menu/text.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_hint = {
	.name = "hint",
	.operands = "LAB.QUESTION",
	.summary = "the next hint for a question",
	.more = "Each call gives the next one; after the last, the last again.",
	.options = {&option_json},
	.least = 1,
	.most = 1,
	.run = run,
};

static void print_json(const struct lab *lab, const struct question *q,
		       unsigned int number)
{
	json_t *line =
		json_pack("{s:s, s:s, s:i, s:i, s:s}", "lab", lab->name, "question",
			  q->id, "number", number, "of", q->hints_count, "hint",
			  number ? q->hints[number - 1] : "");

	json_dumpf(line, stdout, JSON_COMPACT);
	puts("");
	json_decref(line);
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	const struct question *question;
	char *error = NULL, *text;
	unsigned int number;
	struct lab *lab;
	int err = catalog_question(argv[0], &lab, &question, &error);

	if (err)
		return complain(status_of(err), error);
	err = report_hint(app, lab, question, &number, &text, &error);
	if (err) {
		lab_free(lab);
		return complain(status_of(err), error);
	}
	if (options->json)
		print_json(lab, question, number);
	else
		fputs(text, stdout);
	free(text);
	lab_free(lab);
	return EXIT_YES;
}
