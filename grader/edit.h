/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging a learner's edited source by what the program made of it does. */
#ifndef BPFHOL_GRADER_EDIT_H
#define BPFHOL_GRADER_EDIT_H

#include "grader/reference.h"
#include "grader/request.h"

struct edit {
	const struct lab *lab;
	const struct question *question;
	const struct truth *truth; /* the question's */
	const struct request *request;
	const struct learner *learner;
	const uint64_t *seeds;	     /* RUNS of them */
	struct reference *reference; /* NULL until edit_trace() has need of it */
	char *text;		     /* the source */
	size_t macros;		     /* of them name the question's probe */
	struct build build;
	const struct probe *probes[2]; /* as in struct reference */
	struct run runs[RUNS];
	struct run alone; /* as in struct reference */
};

/* Each step judges and returns false if the edit cannot be right, or not be checked. */

/* edit_build - read the source, compile it, see whether the probes are there. */
bool edit_build(struct edit *edit, struct judgement *judgement);

/* edit_namesakes - tell, as evidence, of probes whose names are the question's but for a
 * slip: what they fire is missing in the right one. */
void edit_namesakes(const struct edit *edit, struct judgement *judgement);

/* edit_macros - does the source use the macros that were asked for? */
bool edit_macros(const struct edit *edit, struct judgement *judgement);

/* edit_trace - run it and the reference, compare what they fire. .reference is set. */
bool edit_trace(struct edit *edit, struct judgement *judgement);

/* edit_alone - run it once more while nobody traces the probe, and then somebody does:
 * the work for it is done only then. .reference is set. */
bool edit_alone(struct edit *edit, struct judgement *judgement);

/* edit_silent - it never fired. Is it the semaphore's fault? Judges and returns true
 * then.
 */
bool edit_silent(const struct edit *edit, struct judgement *judgement);

/* edit_wanted - it fires what it should: from enough places, with a semaphore if there is
 * to be one? */
bool edit_wanted(const struct edit *edit, struct judgement *judgement);

/* edit_fired - from how many locations did the question's probe fire? */
size_t edit_fired(const struct edit *edit);

/* edit_locations - more than one location fires, and the answer names all there are. */
bool edit_locations(struct edit *edit, struct judgement *judgement);

/* edit_fini - all but .reference, which is the caller's. */
void edit_fini(struct edit *edit);

#endif
