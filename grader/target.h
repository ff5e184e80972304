/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A target as the questions of one run of the grader see it: the notes of its program and
 * of the libraries it maps, and one capture of the running process that serves them all.
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
	pid_t pid;	   /* 0: not running */
	bool has_children; /* it is watched together with them */
	pid_t *children;   /* owned; as they were when they were looked for */
	size_t children_count;
	bool looked_for_children;
	bool running;		      /* .pid is there and runs .program */
	bool hidden;		      /* .pid is there, but may not be looked at */
	struct probe_list probes;     /* of what the process runs, else of bin/PROGRAM */
	struct probe_list functions;  /* of the same file: see functions.h */
	struct probe_list *libraries; /* with probes, that the processes map */
	size_t libraries_count;
	bool looked_for_libraries;
	struct capture capture;
	bool captured; /* .capture was tried; .blind says why it is empty */
	char *blind;
	struct capture *captures; /* others, of target_capture() */
	size_t captures_count;
	char *trouble; /* what target_is_fit() said no for; the next call forgets it */
};

/* Who asks about a target: for the words of a judgement, and for what to watch. */
struct target_use {
	const struct lab *lab;
	const struct learner *learner;
};

/*
 * target_open - find the program and read its notes.
 * Returns 0, or -errno with *WHY, to be freed: the kit's program cannot be read.
 */
int target_open(struct target *target, const struct lab_target *as, pid_t pid,
		char **why);
void target_close(struct target *target);

/* target_libraries - read those of a running process (and of its children), once; how
 * many there are. target_children: how many .children there are. */
size_t target_libraries(struct target *target);
size_t target_children(struct target *target);

/*
 * target_find - the probe "provider:name" of the program, a function of it that the lab
 * has it watched at, "entry:SYMBOL", or a probe of a library it maps; its .probe is NULL
 * if it is nowhere. target_match: all that PATTERN (*, ?, [...]) matches, but for the
 * probe that begins a round; returns how many are in *OUT, to be freed.
 */
struct subject target_find(struct target *target, const char *full);
size_t target_match(struct target *target, const struct lab *lab, const char *pattern,
		    struct subject **out);

/*
 * target_watch - the firings of a probe of the running process: of one round, where the
 * target has rounds, else LEAST or more. The first call traces all probes that live
 * questions of the lab about this target ask for. NULL if it could not be; then the
 * judgement is made: unchecked, and what to do.
 */
const struct watch *target_watch(struct target *target, const struct target_use *use,
				 const struct probe *probe, size_t least,
				 struct judgement *judgement);

/*
 * target_is_watched_for - does the question want what target_watch() tells?
 * target_watch_ahead - watch a fit target now, for all such questions. Several targets
 * can be watched at a time, each by a thread.
 */
bool target_is_watched_for(const struct question *question);
void target_watch_ahead(struct target *target, const struct target_use *use);

/*
 * target_capture - a capture of its own, of these probes, in this order, and the one that
 * begins a round. It serves all who ask for the same. NULL if it could not be; then the
 * judgement is made.
 */
const struct capture *target_capture(struct target *target, const struct target_use *use,
				     const struct subject *subjects, size_t count,
				     struct judgement *judgement);

/* target_is_fit - is it there, the learner's, and does it run? Else .trouble says. */
bool target_is_fit(struct target *target, const struct target_use *use);

/* target_forget - what target_capture() has kept: look anew. */
void target_forget(struct target *target);

/* target_round - the probe that begins its rounds, "provider:name"; NULL: no rounds. */
const char *target_round(const struct target *target, const struct lab *lab);

#endif
