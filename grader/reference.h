/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The truth about an edit: the lab's reference source, compiled by the same command as
 * the learner's, run with the grader's seeds and traced. Made once a run of the grader
 * for each question and build.
 */
#ifndef BPFHOL_GRADER_REFERENCE_H
#define BPFHOL_GRADER_REFERENCE_H

#include "common/lab.h"
#include "grader/compare.h"
#include "grader/judgement.h"
#include "grader/run.h"

/* How long a program is watched at least from its first firing: more than two of the ten
 * passes a second that targets make. */
#define WATCH_MS 250

struct reference {
	char *key; /* lab, question and build */
	struct build build;
	struct run runs[RUNS];
	struct run alone;	       /* truth.alone: see run_order.alone */
	const struct probe *probes[2]; /* the one asked for, the one that was there */
	size_t nprobes;
	struct build
		start; /* TRUTH_LOCATIONS: the untouched program, built the same way */
};

/*
 * reference_make - NULL if it cannot be had; then the judgement is made: the compiler is
 * not here, tracing is not allowed, or the kit is broken.
 */
struct reference *reference_make(const struct lab *lab, const struct question *question,
				 const char *flags, const uint64_t seeds[RUNS],
				 const struct learner *learner,
				 struct judgement *judgement);
void reference_free(struct reference *reference);

/* reference_key - what tells references apart, to be freed. */
char *reference_key(const struct lab *lab, const struct question *question,
		    const char *flags);

/* target_source - the name of the source that the question's target is made of. */
const char *target_source(const struct lab *lab, const struct question *question);

/*
 * reference_build - compile the kit's own source NAME ("start/usdt-passwd.c") as the
 * learner builds; build_fini() it. False if that fails; then the judgement is made: the
 * compiler, the learner's flags or the kit is at fault.
 */
bool reference_build(struct build *build, const struct lab *lab,
		     const struct question *question, const char *name, const char *flags,
		     const struct learner *learner, struct judgement *judgement);

/* reference_text - a file of the lab's folder, to be freed; NULL with errno. */
char *reference_text(const char *folder, const char *name);

#endif
