/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A compiled program run under trace with a seed of the grader's. */
#ifndef BPFHOL_GRADER_RUN_H
#define BPFHOL_GRADER_RUN_H

#include "grader/build.h"
#include "grader/capture.h"

struct run {
	struct capture capture;
	bool ended; /* the program came to its end before it was killed */
	int status; /* then, as of waitpid(2) */
};

/*
 * run_traced - run the program in the sandbox, held until PROBES are attached; end it
 * when the plan (its .least, .locations, .least_ms) is fulfilled.
 * Returns 0, or -errno with *WHY, to be freed: it could not be traced here.
 */
int run_traced(struct run *run, const struct build *build, const struct learner *learner,
	       const struct probe *const probes[], size_t count, uint64_t seed,
	       const struct capture_plan *plan, char **why);
void run_fini(struct run *run);

#endif
