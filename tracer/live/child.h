/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program started under trace: forked and held just before its exec, so that tracing
 * can begin with its first instruction.
 */
#ifndef BPFHOL_TRACER_LIVE_CHILD_H
#define BPFHOL_TRACER_LIVE_CHILD_H

#include <sys/types.h>

struct child {
	pid_t pid;
	int go_fd;     /* writing end: child_go() */
	int status_fd; /* reading end: exec's errno, closed by a successful exec */
};

/*
 * child_hold - fork, run SETUP(DATA) in the child (may be NULL; a non-zero return ends
 * the child with that errno), and wait there for child_go(). ARGV[0] is looked up on
 * $PATH by the exec. If the parent dies before child_go(), the child ends without exec.
 * Returns 0 or -errno.
 */
int child_hold(struct child *child, char *const argv[], int (*setup)(void *), void *data);

/* child_go - let it exec. Returns 0, or -errno of exec or SETUP; the child is then gone.
 */
int child_go(struct child *child);

/* child_abandon - kill and reap a child whether it was let go or not. */
void child_abandon(struct child *child);

#endif
