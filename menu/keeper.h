/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keeper: a process of its own that has a target as its child, so that the target
 * can run in the background and still never outlives what started it.
 *
 *	bpfhol start ---fork---> keeper ---fork, exec---> target
 *
 * The keeper ends its target and itself when it gets SIGTERM (that is `bpfhol stop`),
 * when the state no longer has a record of this target (or is gone), or when the leash is
 * let go. The kernel ends the target when the keeper dies in any other way
 * (PR_SET_PDEATHSIG). The keeper writes nothing but a last line to the target's log.
 */
#ifndef BPFHOL_MENU_KEEPER_H
#define BPFHOL_MENU_KEEPER_H

#include <stdint.h>

#include "menu/process.h"

struct user;

struct keeper_order {
	const char *program;   /* absolute path */
	const char *folder;    /* the state's */
	const char *heartbeat; /* its standard output goes there */
	const char *log;       /* its standard error goes there */
	uint64_t seed;	       /* goes to its standard input */
	/*
	 * The read end of a pipe the menu holds for as long as it lives, or -1. End of
	 * file: the menu is gone, end the target. A byte: let the leash go, stay.
	 */
	int leash;
};

/* A keeper that waits for its record to be written. */
struct keeper {
	struct process keeper;
	struct process target;
	int hold; /* close it once the record is in the state, or to give up */
};

/*
 * keeper_start - start a target under a new keeper. Once this returned 0 the caller must
 * write the record and then close .hold; if it dies before, the keeper finds no record
 * and ends the target. Returns 0 or a negative errno (what execve(2) gave, ...).
 */
int keeper_start(const struct user *user, const struct keeper_order *order,
		 struct keeper *keeper);

#endif
