// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sudo and the menu. A password can only be asked for while dialog does not have the
 * screen, so it is asked for once at the beginning; from then on `sudo -n` is used. When
 * sudo forgets (after some minutes, as it is set up), it is asked again, between screens.
 */
#include <stdio.h>
#include <stdlib.h>

#include "menu/dialog.h"
#include "menu/run.h"
#include "menu/text.h"
#include "menu/ui_parts.h"

static bool remembers(const struct app *app)
{
	char *const argv[] = {"sudo", "-n", "-v", NULL};
	struct run run = {.argv = argv, .capture = 1, .capture_errors = true};
	bool yes = !run_program(&app->user, &run) && run.status == 0;

	run_fini(&run);
	return yes;
}

static void ask(struct app *app)
{
	char *const argv[] = {"sudo", "-v", NULL};
	struct run run = {.argv = argv};

	app->no_sudo = run_program(&app->user, &run) || run.status != 0;
	run_fini(&run);
	if (!app->no_sudo)
		return;
	fputs("\nThen without. You can do all there is here, but answers that only a "
	      "trace can\n"
	      "confirm come out as `unchecked`. Press Enter to go on. ",
	      stdout);
	fflush(stdout);
	while (getchar() != '\n' && !feof(stdin))
		;
}

void ui_sudo(struct ui *ui)
{
	struct app *app = ui->app;
	char *sudo;

	if (user_has_root(&app->user))
		return;
	sudo = run_find("sudo");
	if (!sudo) {
		app->no_sudo = true;
		return;
	}
	free(sudo);
	if (remembers(app))
		return;
	puts("To check some of your answers, the kit traces the lab's program, and the "
	     "kernel\n"
	     "lets only root do that. sudo asks for your password now; it is used for "
	     "the\n"
	     "program `grade` (and `usdt doctor`) alone. Ctrl-C goes on without.\n");
	fflush(stdout);
	ask(app);
}

void ui_sudo_again(struct ui *ui)
{
	struct app *app = ui->app;

	if (user_has_root(&app->user) || app->no_sudo || remembers(app))
		return;
	dialog_clear();
	puts("sudo has forgotten you in the meantime. Once more, please:\n");
	fflush(stdout);
	ask(app);
}
