/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc tells of a running target. */
#ifndef BPFHOL_GRADER_PROCESS_H
#define BPFHOL_GRADER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "grader/learner.h"

struct process {
	pid_t pid, parent;
	char state;   /* R, S, D, T stopped, t held by a tracer, Z; 0: no such process */
	pid_t tracer; /* who ptraces it, 0 if nobody */
	uid_t uid;
};

/* process_look - as it is now. Returns 0, or -ESRCH if it is gone (or a zombie). */
int process_look(pid_t pid, struct process *out);

/*
 * process_descendants - the processes it has started, and those that these have, as far
 * as they still run and are the same user's; 16 at most. Returns how many are in *OUT, to
 * be freed.
 */
size_t process_descendants(pid_t pid, pid_t **out);

/* process_exe - the path of its program, to be freed; NULL with errno. */
char *process_exe(pid_t pid);

/* process_runs - is PROGRAM (a base name) what the process at path EXE runs? A program
 * whose file was replaced since is shown as "NAME (deleted)". */
bool process_runs(const char *exe, const char *program);

/*
 * process_memfd - a file in memory of that name which the process holds and can change no
 * more, opened for reading with the learner's rights: what targets keep their data in.
 * Nothing else that is called so will do: a name is all that a link in /proc/PID/fd
 * tells, and any file can have it. Returns a descriptor, or -ENOENT.
 */
int process_memfd(pid_t pid, const char *name, const struct learner *learner);

#endif
