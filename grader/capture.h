/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture: what some probes of one program said while the grader watched.
 * It is where live truth comes from, and what is compared with it.
 */
#ifndef BPFHOL_GRADER_CAPTURE_H
#define BPFHOL_GRADER_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "grader/firing.h"
#include "tracer/live/session.h"
#include "tracer/static/probe.h"

/* A probe, and the list it is in. */
struct subject {
	const struct probe_list *list;
	const struct probe *probe;
};

/* One probe that is watched, and all its firings: in order, those of a process. */
struct watch {
	const struct probe *probe;
	struct firing *firings;
	size_t count;
};

struct capture {
	struct watch *watches;
	size_t count;
	uint64_t lost;
	bool complete; /* each probe fired as often as the plan has it, or a whole round
			  was seen */
};

/* When a capture has seen enough. */
struct capture_plan {
	pid_t pid;		   /* this process, */
	const pid_t *children;	   /* and these, */
	size_t children_count;	   /* or */
	pid_t follow;		   /* this one, held before its exec, and its children */
	unsigned int least_ms;	   /* go on for that long after the first firing */
	unsigned int limit_ms;	   /* give up after that time */
	size_t locations;	   /* so many locations of each probe */
	const size_t *least;	   /* so many firings of each probe; NULL: two of each; 0:
				      it may never fire */
	const struct probe *round; /* instead: keep the firings of one round, from one
				      of this probe to the next; NULL: no rounds */
	int (*release)(void *);	   /* called once all is attached; 0 or -errno */
	bool (*over)(void *);	   /* has the program ended? may be NULL */
	void *data;
};

/*
 * capture_take - trace SUBJECTS until the plan is fulfilled. A probe that fires twice as
 * often as is needed while another stays behind ends it, too, if there are no rounds.
 * Returns 0 (look at the counts), or -errno as session_attach() or release() with *WHY,
 * to be freed: what went wrong and what to try.
 */
int capture_take(struct capture *capture, const struct subject *subjects, size_t count,
		 const struct capture_plan *plan, char **why);
void capture_fini(struct capture *capture);

/* capture_watch - by probe; NULL if it was not watched. */
const struct watch *capture_watch(const struct capture *capture,
				  const struct probe *probe);

/* probe_by_name - "provider:name" in a list, NULL if it is not there. */
const struct probe *probe_by_name(const struct probe_list *list, const char *full);

#endif
