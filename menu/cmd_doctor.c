// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol doctor: what works here, and what to do about the rest. */
#include <stdio.h>
#include <stdlib.h>

#include "common/exit.h"
#include "menu/catalog.h"
#include "menu/checkup.h"
#include "menu/command.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

static const struct option_entry option_lab = {
	'l',
	"lab",
	"LAB",
	"can every question of this lab be checked here?",
	offsetof(struct options, lab),
};

const struct command cmd_doctor = {
	.name = "doctor",
	.operands = "",
	.summary = "what works here, and how to mend the rest",
	.more = "Tracing is tried for real, with sudo where that is needed.\n"
		"Exit status: 0 all that the kit (with --lab, that lab) needs is here,\n"
		"77 not all.",
	.options = {&option_json, &option_lab},
	.run = run,
};

static int examine(struct app *app, const struct options *options, const struct lab *lab)
{
	struct checkup checkup;
	char *error = NULL;
	int err = checkup_run(app, &checkup, &error);
	bool well = checkup.traces;
	unsigned int i;

	if (err) {
		checkup_fini(&checkup);
		return complain(EXIT_BROKEN, error);
	}
	if (options->json)
		checkup_json(stdout, &checkup);
	else
		checkup_print(stdout, &checkup);
	for (i = 0; i < checkup.count; i++) {
		if (!checkup.checks[i].ok && !checkup.checks[i].optional && !lab)
			well = false;
	}
	if (lab)
		well = checkup_lab(stdout, &checkup, lab, options->json);
	checkup_fini(&checkup);
	return well ? EXIT_YES : EXIT_CANNOT;
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	struct lab *lab = NULL;
	char *error = NULL;
	int err = options->lab ? catalog_lab(options->lab, &lab, &error) : 0, status;

	if (err)
		return complain(status_of(err), error);
	status = examine(app, options, lab);
	lab_free(lab);
	return status;
}
