// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol edit: the learner's own copy of a lab's source, in the editor. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/kit.h"
#include "common/exit.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/editor.h"
#include "menu/state.h"
#include "menu/text.h"
#include "menu/work.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_edit = {
	.name = "edit",
	.operands = "LAB [PROGRAM]",
	.summary = "edit your own copy of the lab's source",
	.more = "Where a lab has several sources, PROGRAM says whose.\n"
		"The copy is made the first time. The editor is $VISUAL, else $EDITOR, "
		"else nano,\n"
		"vi or editor. Without a terminal to edit in, it prints where the copy "
		"is.",
	.least = 1,
	.most = 2,
	.run = run,
};

static int edit(struct app *app, const struct work *work)
{
	char *source = work_source(app->folder, work), *words = work_words(work);
	char *error = NULL;
	int status = EXIT_YES;

	if (!editor_usable() || editor_run(&app->user, source, &error)) {
		printf("%s\n", source);
		if (error)
			status = complain(EXIT_CANNOT, error);
	} else {
		printf("Your copy: %s\nThen: %s build %s\n", source, kit_bpfhol(), words);
	}
	free(words);
	free(source);
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
	if (!err)
		err = work_prepare(app->folder, &work, &error);
	status = err < 0 ? complain(status_of(err), error) : edit(app, &work);
	lab_free(lab);
	return status;
}
