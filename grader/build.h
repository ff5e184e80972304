/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A source compiled in a folder of its own, and the program's probes. */
#ifndef BPFHOL_GRADER_BUILD_H
#define BPFHOL_GRADER_BUILD_H

#include "grader/learner.h"
#include "grader/scratch.h"
#include "tracer/static/probe.h"

struct build {
	struct scratch *scratch; /* where it was made; removed by build_fini() */
	char *program;		 /* path of what was made */
	char *words; /* what the compiler said, NULL if it did not run; owned */
	struct probe_list probes;
};

/*
 * build_make - compile TEXT, known to the compiler as NAME (a base name; its end says in
 * which language it is),
 * with the command of common/compile.h, without privileges.
 * Returns 0; -EILSEQ: it does not compile, see .words; or -errno with *WHY, to be freed:
 * something else, not the source's fault. Either way build_fini().
 */
int build_make(struct build *build, const struct learner *learner, const char *text,
	       const char *name, const char *flags, char **why);
void build_fini(struct build *build);

#endif
