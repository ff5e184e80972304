// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bpfhol pid: the process ids alone, to put into another command. pgrep(1) would find a
 * neighbour's program, or the learner's own edited copy, just as well.
 */
#include <stdio.h>
#include <string.h>

#include "common/exit.h"
#include "common/kit.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/state.h"
#include "menu/target.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_pid = {
	.name = "pid",
	.operands = "LAB [PROGRAM]",
	.summary = "the process id of a lab's program, alone",
	.more = "To be put into another command: usdt list -p $(bpfhol pid passwd)\n"
		"A lab of several programs has one a line; PROGRAM is one of them.\n"
		"Exit status: 0 it runs, 1 it does not.",
	.least = 1,
	.most = 2,
	.run = run,
};

/* PROGRAM is the only one that is asked for; NULL: all are. */
static int print_pids(const struct state *state, const struct lab *lab,
		      const char *program)
{
	int status = EXIT_YES, asked = 0;
	unsigned int i;

	for (i = 0; i < lab->targets_count; i++) {
		struct target_look look;

		if (program && strcmp(program, lab->targets[i].program))
			continue;
		asked++;
		target_look(state, lab->targets[i].program, &look);
		if (look.pid) {
			printf("%d\n", look.pid);
			continue;
		}
		fprintf(stderr, "bpfhol: %s does not run\n  try: %s start %s\n",
			lab->targets[i].program, kit_bpfhol(), lab->name);
		status = EXIT_NO;
	}
	if (program && !asked) {
		fprintf(stderr,
			"bpfhol: the lab %s has no program %s\n  try: %s list %s\n",
			lab->name, program, kit_bpfhol(), lab->name);
		status = EXIT_USAGE;
	}
	return status;
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	struct lab *lab = NULL;
	struct state state;
	char *error = NULL;
	int err = catalog_lab(argv[0], &lab, &error), status;

	if (!err)
		err = state_read(app->folder, &state, &error);
	if (err) {
		lab_free(lab);
		return complain(status_of(err), error);
	}
	status = print_pids(&state, lab, argc > 1 ? argv[1] : NULL);
	state_free(&state);
	lab_free(lab);
	return status;
}
