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
	.operands = "LAB",
	.summary = "compile your copy of the lab's source",
	.more = "$CC and $CFLAGS are respected, and remembered: your copy is judged as "
		"you\n"
		"built it last. Exit status: 0 it compiles, 1 it does not.",
	.least = 1,
	.most = 1,
	.run = run,
};

static int build(struct app *app, const struct lab *lab)
{
	char *command, *messages, *error = NULL,
				  *program = work_program(app->folder, lab);
	char *how = work_environment();
	int err = work_build(app, lab, how, &command, &messages, &error), status;

	if (err >= 0) {
		if (command)
			fold_command(stdout, command, COMMAND_WIDTH);
		fflush(stdout);
		fputs(messages, stderr);
	}
	if (err < 0) {
		status = complain(status_of(err), error);
	} else if (err) {
		fprintf(stderr,
			"bpfhol: it does not compile; the compiler says why\n"
			"  try: %s edit %s\n",
			kit_bpfhol(), lab->name);
		status = EXIT_NO;
	} else {
		printf("Built %s\n\n", program);
		next_built(stdout, &app->user, lab, program);
		status = EXIT_YES;
	}
	free(command);
	free(messages);
	free(program);
	free(how);
	return status;
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	char *error = NULL;
	struct lab *lab;
	int err = catalog_lab(argv[0], &lab, &error), status;

	if (err)
		return complain(status_of(err), error);
	status = build(app, lab);
	lab_free(lab);
	return status;
}
