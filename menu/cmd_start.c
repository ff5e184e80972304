// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol start: a lab's programs, in the background. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kit.h"
#include "common/exit.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/next.h"
#include "menu/state.h"
#include "menu/target.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_start = {
	.name = "start",
	.operands = "LAB|usdt",
	.summary = "run a lab's programs in the background",
	.more = "`usdt` starts the programs of a set of labs: passwd and thrift, those "
		"of them\n"
		"that this kit has. A program that runs already keeps running; its "
		"values are\n"
		"the same at each start. `bpfhol stop` ends it.",
	.options = {&option_json},
	.least = 1,
	.most = 1,
	.run = run,
};

static void print_started(struct app *app, const struct options *options,
			  const struct state *state, const struct lab *lab,
			  const struct lab_target *target, bool already)
{
	const char *program = target->program;
	struct target_look look;
	json_t *line;
	char *path;

	target_look(state, program, &look);
	if (options->json) {
		line = json_pack("{s:s, s:s, s:i, s:b}", "lab", lab->name, "program",
				 program, "pid", look.pid, "already", already);
		json_dumpf(line, stdout, JSON_COMPACT);
		puts("");
		json_decref(line);
		return;
	}
	printf("%s %s in the background as process %d.\n\n", program,
	       already ? "runs already" : "runs", look.pid);
	puts("In another terminal:\n");
	path = target_program(state, target);
	next_running(stdout, &app->user, path, look.pid);
	free(path);
	puts("");
}

static int start_lab(struct app *app, const struct options *options, struct state *state,
		     const struct lab *lab, char **error)
{
	unsigned int i;

	for (i = 0; i < lab->targets_count; i++) {
		const struct lab_target *target = &lab->targets[i];
		int err = target_start(&app->user, state, lab->name, target, -1, error);

		if (err < 0)
			return err;
		print_started(app, options, state, lab, target, err == 1);
	}
	if (!options->json)
		printf("The questions: %1$s list %2$s\nTo end %3$s: %1$s stop\n",
		       kit_bpfhol(), lab->name, i > 1 ? "them" : "it");
	return 0;
}

/* Of a set: what exists of it. */
static int start_set(struct app *app, const struct options *options, struct state *state,
		     const struct lab_set *set, char **error)
{
	const char *const *name;
	struct lab *lab;
	int err;

	for (name = set->labs; *name; name++) {
		err = lab_load(*name, &lab, error);
		if (err == -ENOENT) {
			free(*error);
			*error = NULL;
			continue;
		}
		if (!err) {
			err = start_lab(app, options, state, lab, error);
			lab_free(lab);
		}
		if (err)
			return err;
	}
	return 0;
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	const struct lab_set *set = catalog_set(argv[0]);
	struct lab *lab = NULL;
	struct state state;
	char *error = NULL;
	int err = set ? 0 : catalog_lab(argv[0], &lab, &error);

	if (err)
		return complain(status_of(err), error);
	err = state_lock(app->folder, &state, &error);
	if (!err) {
		if (set)
			err = start_set(app, options, &state, set, &error);
		else
			err = start_lab(app, options, &state, lab, &error);
		state_free(&state);
	}
	lab_free(lab);
	/* What is missing here is a program of the kit, not a lab the caller named. */
	return err ? complain(err == -ENOENT ? EXIT_BROKEN : status_of(err), error)
		   : EXIT_YES;
}
