/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The learner's editor: $VISUAL, $EDITOR (split at blanks), nano, vi, editor. */
#ifndef BPFHOL_MENU_EDITOR_H
#define BPFHOL_MENU_EDITOR_H

#include <stdbool.h>

struct user;

/* editor_usable - is there a terminal that an editor can use? */
bool editor_usable(void);

/* editor_run - edit a file and wait. 0, or a negative errno with *ERROR. */
int editor_run(const struct user *user, const char *path, char **error);

#endif
