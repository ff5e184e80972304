/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run another program: always by an argument vector, never through a shell, so nothing a
 * learner types is ever parsed as a command. What goes in (answers) travels by a pipe,
 * not in argv, where every user of the machine could read it.
 */
#ifndef BPFHOL_MENU_RUN_H
#define BPFHOL_MENU_RUN_H

#include <stdbool.h>
#include <stddef.h>

struct user;

struct run {
	/* what the caller fills in */
	char *const *argv;
	bool as_root;	     /* where user_has_root(); otherwise as the invoking user */
	const char *input;   /* goes to its standard input; NULL: it keeps ours */
	int capture;	     /* this descriptor of its ends up in .output; 0: none */
	bool capture_errors; /* its standard error ends up in .errors */
	bool dies_with_us;   /* SIGTERM to it when this process dies */
	int pass;	     /* a descriptor it inherits (as the same number); 0: none */

	/* what run_program() fills in; run_fini() frees */
	char *output;
	char *errors;
	int status; /* exit status, or 128 + the signal that ended it */
};

/*
 * run_program - start it, feed it, collect, wait.
 * argv[0] without a slash is looked up on $PATH. Returns 0 when it ran (see .status), or
 * a negative errno when it could not be started.
 */
int run_program(const struct user *user, struct run *run);
void run_fini(struct run *run);

/* run_find - is NAME a program on $PATH? Its path, to be freed, or NULL. */
char *run_find(const char *name);

/* run_reset_signals - for a child about to exec: the dispositions a program expects. */
void run_reset_signals(void);

#endif
