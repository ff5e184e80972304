/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running a program that is not trusted: the learner's, or the compiler on the learner's
 * source. As the account of learner.h, in a session of its own, with a bare environment,
 * no way to new privileges, and limits on time, memory, files and processes. Killed at
 * the end with everything it started. This is care, not a prison: the code may do what
 * the learner may do anyway.
 */
#ifndef BPFHOL_GRADER_SANDBOX_H
#define BPFHOL_GRADER_SANDBOX_H

#include <stdbool.h>

#include "grader/learner.h"
#include "tracer/live/child.h"

/*
 * How many tasks the account may have more than are seen. Of a user whom containers share
 * only this container's are: where the first makes the kernel say EAGAIN, the second is
 * for another try.
 */
#define SANDBOX_TASKS 32
#define SANDBOX_TASKS_SHARED 4096

struct sandbox {
	struct child child;
	int output; /* reading end of what it prints, -1 if that is thrown away */
	bool ended; /* it has come to its end by itself */
	int status; /* then: as of waitpid(2) */
};

/*
 * sandbox_hold - ready to go, held before its exec; .child.pid is there to be traced.
 * @folder: where it runs; @input: what stands on its standard input, NULL for nothing;
 * @want_output: keep what it prints for sandbox_output(); @more_tasks: one of the above.
 * Returns 0 or -errno.
 */
int sandbox_hold(struct sandbox *sandbox, const struct learner *learner,
		 const char *folder, char *const argv[], const char *input,
		 bool want_output, unsigned int more_tasks);

/* sandbox_go - let it exec. Returns 0 or -errno of the exec or of setting it up. */
int sandbox_go(struct sandbox *sandbox);

/* sandbox_ended - has it ended? Never waits. */
bool sandbox_ended(struct sandbox *sandbox);

/*
 * sandbox_output - what it prints until its end, at most LIMIT bytes, at most for
 * SECONDS; NUL-terminated, to be freed. NULL with errno ENOMEM or ETIME.
 */
char *sandbox_output(struct sandbox *sandbox, size_t limit, int seconds);

/*
 * sandbox_end - kill it and all it started, reap them: but wait no longer than a few
 * seconds, as a debugger of the learner's can keep a dead process from being reaped.
 */
void sandbox_end(struct sandbox *sandbox);

#endif
