// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/kit.h"
#include "menu/app.h"
#include "menu/privileged.h"
#include "menu/run.h"
#include "menu/text.h"

enum way { WAY_PLAIN, WAY_ROOT, WAY_SUDO };

/* Sudo asks for a password on the terminal, where nothing else may be drawn then. */
static int run_way(const struct app *app, enum way way, const char *program,
		   const char *subcommand, const char *input, struct run *run)
{
	char *path = kit_path(program);
	bool ask = way == WAY_SUDO && !app->menu && isatty(STDIN_FILENO);
	char *argv[7];
	int argc = 0, err;

	if (way == WAY_SUDO) {
		argv[argc++] = "sudo";
		if (!ask)
			argv[argc++] = "-n";
		argv[argc++] = "--";
	}
	argv[argc++] = path;
	if (subcommand)
		argv[argc++] = (char *)subcommand;
	argv[argc++] = "-j";
	argv[argc] = NULL;
	*run = (struct run){.argv = argv,
			    .as_root = way == WAY_ROOT,
			    .input = input,
			    .capture = 1,
			    .capture_errors = !ask};
	err = path ? run_program(&app->user, run) : -errno;
	run->argv = NULL;
	free(path);
	return err;
}

/* Sudo that says no prints no object; our programs do, or say that they are broken. */
static bool refused(const struct run *run)
{
	return run->status != EXIT_BROKEN && !strchr(run->output, '{');
}

/* Remarks of sudo's that are no reason. */
static bool is_noise(const char *line, size_t length)
{
	static const char *const noise[] = {"unable to resolve host", "incident"};
	unsigned int i;

	for (i = 0; i < sizeof(noise) / sizeof(*noise); i++) {
		if (memmem(line, length, noise[i], strlen(noise[i])))
			return true;
	}
	return !length;
}

/* What sudo said, without its name and its remarks. */
static char *sudo_reason(const struct run *run)
{
	const char *said = run->errors, *between = "sudo said: ";
	struct text text;

	text_begin(&text);
	while (*said) {
		size_t length = strcspn(said, "\r\n");
		bool named = !strncmp(said, "sudo: ", 6);

		if (!is_noise(said, length)) {
			fprintf(text.stream, "%s%.*s", between,
				(int)(named ? length - 6 : length),
				named ? said + 6 : said);
			between = "; ";
		}
		said += length;
		said += strspn(said, "\r\n");
	}
	text_done(&text);
	if (!*text.data) {
		free(text.data);
		return text_copy("sudo did not let it");
	}
	return text.data;
}

int privileged_run(const struct app *app, bool privileged, const char *program,
		   const char *subcommand, const char *input, struct run *run,
		   char **reason)
{
	enum way way = !privileged		   ? WAY_PLAIN
		       : user_has_root(&app->user) ? WAY_ROOT
						   : WAY_SUDO;
	int err;

	*reason = NULL;
	if (way == WAY_SUDO && app->no_sudo) {
		*reason = text_copy("sudo was declined when the menu opened");
		way = WAY_PLAIN;
	}
	err = run_way(app, way, program, subcommand, input, run);
	if (way != WAY_SUDO || (!err && !refused(run)))
		return err;
	*reason = err ? text_format("sudo cannot be run: %s", strerror(-err))
		      : sudo_reason(run);
	run_fini(run);
	return run_way(app, WAY_PLAIN, program, subcommand, input, run);
}
