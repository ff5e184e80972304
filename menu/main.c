// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol: the menu of the lab kit, and the same things as subcommands. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/kit.h"
#include "menu/app.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/state.h"
#include "menu/text.h"
#include "menu/ui.h"

static int unknown_command(const char *name)
{
	char *names[32];
	const char *guess;
	int i;

	for (i = 0; commands[i] && i < 31; i++)
		names[i] = (char *)commands[i]->name;
	names[i] = NULL;
	guess = nearest(name, names);
	return command_usage(NULL, "there is no command '%.64s'%s%s%s", name,
			     guess ? "; did you mean '" : "", guess ? guess : "",
			     guess ? "'?" : "");
}

static int app_init(struct app *app)
{
	int err = user_init(&app->user);

	if (err)
		return complain(EXIT_CANNOT,
				text_format("cannot act as user %u (SUDO_UID): %s\n"
					    "  try: run bpfhol without sudo",
					    app->user.uid, strerror(-err)));
	app->folder = state_folder(app->user.home);
	if (!app->folder)
		return complain(EXIT_CANNOT,
				text_copy(
					"cannot tell where to keep your work: no $HOME\n"
					"  try: BPFHOL_HOME=/some/folder bpfhol ..."));
	return 0;
}

static int dispatch(struct app *app, int argc, char **argv)
{
	const struct command *command;

	if (argc < 2)
		return ui_main(app);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help")) {
		commands_help();
		return EXIT_YES;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("bpfhol " KIT_VERSION);
		return EXIT_YES;
	}
	command = command_find(argv[1]);
	if (!command)
		return unknown_command(argv[1]);
	return command_run(app, command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	struct app app = {0};
	int status = app_init(&app);

	signal(SIGPIPE, SIG_IGN); /* a program we feed may end early */
	if (!status)
		status = dispatch(&app, argc, argv);
	if (fflush(stdout) && status == EXIT_YES) {
		fprintf(stderr, "bpfhol: cannot write: %s\n", strerror(errno));
		status = EXIT_CANNOT;
	}
	user_fini(&app.user);
	free(app.folder);
	return status;
}
