/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A target as the questions of one run of the grader see it: its program's notes, and
 * one capture of the running process that serves them all.
 */
#ifndef BPFHOL_GRADER_TARGET_H
#define BPFHOL_GRADER_TARGET_H

#include <stdbool.h>

#include "common/lab.h"
#include "grader/capture.h"
#include "grader/judgement.h"
#include "grader/learner.h"

struct target {
	char *program;
	pid_t pid;		  /* 0: not running */
	bool running;		  /* .pid is there and runs .program */
	bool hidden;		  /* .pid is there, but may not be looked at */
	struct probe_list probes; /* of what the process runs, else of bin/PROGRAM */
	struct capture capture;
	bool captured; /* .capture was tried; .trouble says why it is empty */
	char *trouble;
};

/*
 * target_open - find the program and read its notes.
 * Returns 0, or -errno with *WHY, to be freed: the kit's program cannot be read.
 */
int target_open(struct target *target, const char *program, pid_t pid, char **why);
void target_close(struct target *target);

/*
 * target_watch - the firings of a probe ("provider:name") of the running process. The
 * first call traces all probes that live questions of LAB about this target ask for.
 * NULL if it could not be; then the judgement is made: unchecked, and what to do.
 */
const struct watch *target_watch(struct target *target, const struct lab *lab,
				 const char *probe, const struct learner *learner,
				 struct judgement *judgement);

#endif
