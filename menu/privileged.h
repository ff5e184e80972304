/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run one of the kit's programs with root's rights where they can be had: directly when
 * this is root (or was started by sudo), else by sudo(8). Where they cannot, the program
 * runs all the same: without them it does what it can, and says what it cannot.
 */
#ifndef BPFHOL_MENU_PRIVILEGED_H
#define BPFHOL_MENU_PRIVILEGED_H

#include <stdbool.h>

struct app;
struct run;

/*
 * privileged_run - PROGRAM ("bin/grade", or "bin/usdt" with the SUBCOMMAND "doctor",
 * else NULL) with -j, INPUT on its standard input (or NULL).
 * @privileged: false runs it as the learner right away. The output is in RUN, to be
 * freed with run_fini() whatever is returned; *REASON (to be freed) is why root's rights
 * were not had, or NULL. Returns 0 or a negative errno.
 */
int privileged_run(const struct app *app, bool privileged, const char *program,
		   const char *subcommand, const char *input, struct run *run,
		   char **reason);

#endif
