/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every subcommand and every screen is given: who, and where the state is. */
#ifndef BPFHOL_MENU_APP_H
#define BPFHOL_MENU_APP_H

#include <stdbool.h>

#include "menu/user.h"

struct app {
	struct user user;
	char *folder; /* the state's */
	bool menu;    /* dialog has the terminal: sudo must not ask there */
	bool no_sudo; /* the learner declined it when the menu opened */
};

/*
 * complain - "bpfhol: ERROR" on standard error. Frees ERROR and returns STATUS, so that a
 * command can end with: return complain(EXIT_BROKEN, error).
 */
int complain(int status, char *error);

/* status_of - the exit status for a negative errno of this program's own files. */
int status_of(int err);

#endif
