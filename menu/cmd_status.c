// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol status: what runs, and whether it is alive. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/exit.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/report.h"
#include "menu/state.h"
#include "menu/target.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_status = {
	.name = "status",
	.operands = "",
	.summary = "what runs, and how far you are",
	.more = "A heartbeat that grows shows that a program is alive.\n"
		"Exit status: 0 something runs, 1 nothing does.",
	.options = {&option_json},
	.run = run,
};

static void print_json(const struct state *state, const struct target_record *record)
{
	struct target_look look;
	char *log = target_file(state, record->program, "log");
	json_t *line;

	target_look(state, record->program, &look);
	line = json_pack("{s:s, s:s, s:s, s:i, s:I, s:s}", "lab", record->lab, "program",
			 record->program, "state", target_condition_name(look.condition),
			 "pid", look.pid, "started", (json_int_t)record->started, "log",
			 log);
	if (look.beats) {
		json_object_set_new(line, "heartbeat", json_integer(look.count));
		json_object_set_new(line, "age", json_real(look.age));
	}
	json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	puts("");
	json_decref(line);
	free(log);
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	struct target_look look;
	struct state state;
	char *error = NULL;
	unsigned int i, running = 0;
	int err = state_read(app->folder, &state, &error);

	if (err)
		return complain(status_of(err), error);
	for (i = 0; i < state.targets_count; i++) {
		target_look(&state, state.targets[i].program, &look);
		running += look.pid != 0;
		if (options->json)
			print_json(&state, &state.targets[i]);
	}
	if (!options->json)
		report_status(stdout, &state);
	state_free(&state);
	return running ? EXIT_YES : EXIT_NO;
}
