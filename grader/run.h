/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A compiled program run under trace with a seed of the grader's. */
#ifndef BPFHOL_GRADER_RUN_H
#define BPFHOL_GRADER_RUN_H

#include "grader/build.h"
#include "grader/capture.h"

struct run {
	struct capture capture;
	struct capture late; /* of run_order.alone */
	bool ended;	     /* the program came to its end before it was killed */
	int status;	     /* then, as of waitpid(2) */
};

/* What is to be run, and what of it to be watched. */
struct run_order {
	const struct build *build;
	const struct learner *learner;
	const struct probe *const *probes; /* .count of them, of the build */
	size_t count;
	bool alone; /* of two probes only the second is watched, and the first is not
		       traced; then, in the same process, both, until each has fired
		       twice or clearly does not: that is .late */
	uint64_t seed;
	struct capture_plan plan; /* its .least, .locations, .least_ms */
};

/*
 * run_traced - run the program in the sandbox, held until the probes are attached; end it
 * when the plan is fulfilled.
 * Returns 0, or -errno with *WHY, to be freed: it could not be traced here.
 */
int run_traced(struct run *run, const struct run_order *order, char **why);
void run_fini(struct run *run);

#endif
