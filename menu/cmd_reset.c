// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol reset: the original source again, and with --progress a clean slate. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/exit.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/state.h"
#include "menu/text.h"
#include "menu/work.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

static const struct option_entry option_yes = {
	'y', "yes", NULL, "do not ask", offsetof(struct options, yes),
};
static const struct option_entry option_progress = {
	'p',
	"progress",
	NULL,
	"forget answers, tries and hints too",
	offsetof(struct options, progress),
};

const struct command cmd_reset = {
	.name = "reset",
	.operands = "[LAB]",
	.summary = "the original source again, yours as a backup",
	.more = "Your copy is put aside in the state's folder backup/, under a name with "
		"the\n"
		"date. Answers and progress stay, unless --progress is given. Without "
		"LAB, all\n"
		"labs. It asks first; without a terminal to ask on, -y is needed.",
	.options = {&option_yes, &option_progress},
	.most = 1,
	.run = run,
};

static bool asked(const struct options *options, const char *lab)
{
	char line[16];

	if (options->yes)
		return true;
	if (!isatty(STDIN_FILENO)) {
		command_usage("reset",
			      "reset asks first, and there is no terminal: use -y");
		return false;
	}
	printf("Bring the original source of %s back%s? [y/N] ", lab ? lab : "every lab",
	       options->progress ? " and forget the answers" : "");
	fflush(stdout);
	return fgets(line, sizeof(line), stdin) && (line[0] == 'y' || line[0] == 'Y');
}

static int reset_source(struct app *app, struct state *state, const struct work *work,
			char **error)
{
	char *backup = NULL, *words = work_words(work);
	int done = work_reset(app->folder, work, &backup, error);

	if (done >= 0) {
		if (backup)
			printf("%s: the original is back. Yours is kept as\n  %s\n",
			       words, backup);
		else
			printf("%s: %s.\n", words,
			       done ? "your copy was still the original"
				    : "there was no copy yet");
		state_set_build(state, words, NULL);
	}
	free(backup);
	free(words);
	return done < 0 ? done : 0;
}

static int reset_one(struct app *app, const struct options *options, struct state *state,
		     const struct lab *lab, char **error)
{
	struct work work = {.lab = lab};
	unsigned int i;
	int err;

	for (i = 0; (work.target = lab_source(lab, i)); i++) {
		err = reset_source(app, state, &work, error);
		if (err)
			return err;
	}
	if (!i)
		printf("%s: it has no source to edit.\n", lab->name);
	if (options->progress) {
		state_forget(state, lab->name);
		printf("%s: answers, tries and hints are forgotten.\n", lab->name);
	}
	return 0;
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	char *error = NULL;
	struct lab **labs = catalog_all(argc ? argv[0] : NULL, &error);
	struct state state;
	int err, i;

	if (!labs)
		return complain(status_of(-errno), error);
	if (!asked(options, argc ? argv[0] : NULL)) {
		catalog_free(labs);
		return options->yes || isatty(STDIN_FILENO) ? EXIT_NO : EXIT_USAGE;
	}
	err = state_lock(app->folder, &state, &error);
	if (!err) {
		for (i = 0; labs[i] && !err; i++)
			err = reset_one(app, options, &state, labs[i], &error);
		if (!err)
			err = state_save(&state, &error);
		state_free(&state);
	}
	catalog_free(labs);
	return err ? complain(status_of(err), error) : EXIT_YES;
}
