// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol shell: a shell that finds the kit's programs. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/kit.h"
#include "menu/command.h"
#include "menu/run.h"
#include "menu/text.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_shell = {
	.name = "shell",
	.operands = "",
	.summary = "a shell with the kit's programs on $PATH",
	.more = "It is $SHELL, else /bin/sh. sudo has a $PATH of its own: there, give "
		"the\n"
		"programs' full path.",
	.run = run,
};

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	const char *shell = getenv("SHELL"), *path = getenv("PATH");
	char *bin = kit_path("bin"), *longer;
	int err;

	shell = shell && *shell ? shell : "/bin/sh";
	if (!bin)
		return complain(EXIT_BROKEN, text_copy("cannot find the kit's folder"));
	longer = text_format("%s:%s", bin, path ? path : "/usr/local/bin:/usr/bin:/bin");
	setenv("PATH", longer, 1);
	free(longer);
	if (isatty(STDIN_FILENO))
		fprintf(stderr,
			"The kit's programs are found by their names here. sudo does not "
			"look there; for\n"
			"it, give the whole name: sudo %s/usdt\n"
			"`exit` ends this shell.\n",
			bin);
	free(bin);
	err = user_settle(&app->user, false);
	if (!err) {
		run_reset_signals();
		execlp(shell, shell, (char *)NULL);
		err = -errno;
	}
	return complain(EXIT_CANNOT, text_format("cannot run the shell '%s': %s\n"
						 "  try: SHELL=/bin/sh bpfhol shell",
						 shell, strerror(-err)));
}
