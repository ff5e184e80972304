// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol reveal: how to find the answer, for who has tried. */
#include <stdio.h>
#include <stdlib.h>

#include "common/exit.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/report.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_reveal = {
	.name = "reveal",
	.operands = "LAB.QUESTION",
	.summary = "how the answer is found, once you have tried",
	.more = "A question you have not passed is recorded as revealed, and stays so "
		"when a\n"
		"right answer follows.",
	.least = 1,
	.most = 1,
	.run = run,
};

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	const struct question *question;
	char *error = NULL, *text = NULL;
	struct lab *lab;
	int err = catalog_question(argv[0], &lab, &question, &error), status;

	if (err)
		return complain(status_of(err), error);
	err = report_reveal(app, lab, question, &text, &error);
	if (err < 0) {
		status = complain(status_of(err), error);
	} else {
		fputs(text, err ? stderr : stdout);
		status = err ? EXIT_NO : EXIT_YES;
	}
	free(text);
	lab_free(lab);
	return status;
}
