// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol build: compile the learner's copy, the way `grade` will. */
#include <stdio.h>
#include <stdlib.h>

#include "common/kit.h"
#include "common/exit.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/fold.h"
#include "menu/next.h"
#include "menu/text.h"
#include "menu/work.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_build = {
	.name = "build",
	.operands = "LAB [PROGRAM]",
	.summary = "compile your copy of the lab's source",
	.more = "Where a lab has several sources, PROGRAM says whose.\n"
		"$CC and $CFLAGS are respected, and remembered: your copy is judged as "
		"you\n"
		"built it last. Exit status: 0 it compiles, 1 it does not.",
	.least = 1,
	.most = 2,
	.run = run,
};

static int build(struct app *app, const struct work *work)
{
	char *program = work_program(app->folder, work), *words = work_words(work);
	char *command, *messages, *error = NULL, *how = work_environment();
	int err = work_build(app, work, how, &command, &messages, &error), status;

	if (err >= 0) {
		if (command)
			fold_command(stdout, command, COMMAND_WIDTH, NULL);
		fflush(stdout);
		fputs(messages, stderr);
	}
	if (err < 0) {
		status = complain(status_of(err), error);
	} else if (err) {
		fprintf(stderr,
			"bpfhol: it does not compile; the compiler says why\n"
			"  try: %s edit %s\n",
			kit_bpfhol(), words);
		status = EXIT_NO;
	} else {
		printf("Built %s\n\n", program);
		next_built(stdout, &app->user, work->lab, program);
		status = EXIT_YES;
	}
	free(command);
	free(messages);
	free(program);
	free(words);
	free(how);
	return status;
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	char *error = NULL;
	struct work work;
	struct lab *lab;
	int err = catalog_lab(argv[0], &lab, &error), status;

	if (err)
		return complain(status_of(err), error);
	err = work_find(lab, argc > 1 ? argv[1] : NULL, &work, &error);
	status = err ? complain(status_of(err), error) : build(app, &work);
	lab_free(lab);
	return status;
}
