// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol stop: end the programs that `start` started. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/exit.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/state.h"
#include "menu/target.h"
#include "menu/text.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_stop = {
	.name = "stop",
	.operands = "[LAB]",
	.summary = "end the programs that run",
	.most = 1,
	.run = run,
};

/* Does this record belong to what was asked to stop: a lab, a set, or all? */
static bool meant(const struct target_record *record, const char *name)
{
	const struct lab_set *set = name ? catalog_set(name) : NULL;
	const char *const *lab;

	if (!name || !strcmp(record->lab, name))
		return true;
	for (lab = set ? set->labs : NULL; lab && *lab; lab++) {
		if (!strcmp(record->lab, *lab))
			return true;
	}
	return false;
}

static int stop_all(struct state *state, const char *name)
{
	unsigned int i = 0, stopped = 0;
	int status = EXIT_YES;

	while (i < state->targets_count) {
		char *program = text_copy(state->targets[i].program);
		struct target_look look;

		target_look(state, program, &look);
		if (!meant(&state->targets[i], name)) {
			i++;
		} else if (target_stop(state, program)) {
			printf("%s %s\n", program,
			       look.pid ? "has ended." : "was gone already.");
			stopped++;
		} else {
			fprintf(stderr,
				"bpfhol: cannot end %s (process %d): it does not go "
				"away\n",
				program, look.pid);
			status = EXIT_CANNOT;
			i++;
		}
		free(program);
	}
	if (!stopped && status == EXIT_YES)
		puts("Nothing is running.");
	return status;
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	struct lab *lab = NULL;
	struct state state;
	char *error = NULL;
	int err = 0, status;

	if (argc && !catalog_set(argv[0]))
		err = catalog_lab(argv[0], &lab, &error);
	lab_free(lab);
	if (!err)
		err = state_lock(app->folder, &state, &error);
	if (err)
		return complain(status_of(err), error);
	status = stop_all(&state, argc ? argv[0] : NULL);
	err = state_save(&state, &error);
	state_free(&state);
	return err ? complain(status_of(err), error) : status;
}
