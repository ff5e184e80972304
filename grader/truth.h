/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The truth: found out now, from the notes of the file that runs or from the firings of
 * the running process. It is never stored.
 *
 * Adding a type: a finder here, its row in truth.c's table, and one in common/lab_check.c
 * and lab_parse.c.
 */
#ifndef BPFHOL_GRADER_TRUTH_H
#define BPFHOL_GRADER_TRUTH_H

#include "grader/judge.h"

enum true_kind {
	TRUE_NUMBER,	/* .number; negative ones as two's complement */
	TRUE_TEXT,	/* .text */
	TRUE_ARG,	/* .number of an argument, from 0 */
	TRUE_TIME,	/* .number nanoseconds, give or take .tolerance percent */
	TRUE_PROBE,	/* .subject */
	TRUE_FILE,	/* .subject.list */
	TRUE_ADDRESS,	/* .number */
	TRUE_LOCATIONS, /* .locations, .count of them, of .subject */
};

struct true_value {
	enum true_kind kind;
	uint64_t number;
	char *text;	  /* owned */
	bool is_count;	  /* NUMBER: never negative */
	bool is_negative; /* NUMBER: not the same as that of 64 bits without a sign */
	unsigned int tolerance;
	const char *unit; /* of an answer without one; points into the lab */
	struct subject subject;
	const struct location **locations; /* owned array */
	size_t count;
};

/*
 * truth_find - what is right. False if that cannot be told: then the judgement is made
 * (unchecked, or the kit is broken).
 */
bool truth_find(const struct asked *asked, const struct truth *truth,
		struct true_value *out, struct judgement *judgement);
void true_value_fini(struct true_value *value);

/* What is said of a right answer, and of a wrong one that is no known mistake. */
const char *truth_praise(const struct truth *truth);
const char *truth_doubt(const struct truth *truth);

/* The rest is for the finders. */

typedef bool (*truth_finder)(const struct asked *asked, const struct truth *truth,
			     struct true_value *out, struct judgement *judgement);

bool truth_of_notes(const struct asked *asked, const struct truth *truth,
		    struct true_value *out, struct judgement *judgement);
bool truth_size(const struct asked *asked, const struct truth *truth,
		struct true_value *out, struct judgement *judgement);
bool truth_note(const struct asked *asked, const struct truth *truth,
		struct true_value *out, struct judgement *judgement);
bool truth_operand(const struct asked *asked, const struct truth *truth,
		   struct true_value *out, struct judgement *judgement);
bool truth_arg(const struct asked *asked, const struct truth *truth,
	       struct true_value *out, struct judgement *judgement);
bool truth_which(const struct asked *asked, const struct truth *truth,
		 struct true_value *out, struct judgement *judgement);
bool truth_fires(const struct asked *asked, const struct truth *truth,
		 struct true_value *out, struct judgement *judgement);
bool truth_tally(const struct asked *asked, const struct truth *truth,
		 struct true_value *out, struct judgement *judgement);
bool truth_latency(const struct asked *asked, const struct truth *truth,
		   struct true_value *out, struct judgement *judgement);
bool truth_site(const struct asked *asked, const struct truth *truth,
		struct true_value *out, struct judgement *judgement);
bool truth_semaphore(const struct asked *asked, const struct truth *truth,
		     struct true_value *out, struct judgement *judgement);

bool truth_silent(const struct asked *asked, const struct truth *truth,
		  struct true_value *out, struct judgement *judgement);
bool truth_mapping(const struct asked *asked, const struct truth *truth,
		   struct true_value *out, struct judgement *judgement);

/* truth_subject - a probe by name; NULL .probe: judged, the kit is broken. */
struct subject truth_subject(const struct asked *asked, const char *full,
			     struct judgement *judgement);

/* truth_the_one - of the probes that a pattern matches the only one that fires, and its
 * firings; NULL: judged. */
const struct watch *truth_the_one(const struct asked *asked, const char *pattern,
				  struct subject *out, struct judgement *judgement);

/* truth_watch - the firings of a probe by name, as target_watch(), or of the one that
 * fires by a pattern. */
const struct watch *truth_watch(const struct asked *asked, const char *full,
				struct judgement *judgement);

/* truth_holds - is the firing one of those that WHERE means? NULL: it is. */
bool truth_holds(const struct truth_where *where, const struct firing *firing);

/* truth_of_datum - a firing's value; false: judged, it cannot be read. */
bool truth_of_datum(const struct datum *datum, struct true_value *out,
		    struct judgement *judgement);

/*
 * truth_untraced - does nobody trace a probe of the program other than SUBJECTS, by a
 * breakpoint or a raised semaphore? What the program does for somebody who looks, and
 * what a hit costs, would be taken for its own. False: judged.
 */
bool truth_untraced(const struct asked *asked, const struct subject *subjects,
		    size_t count, struct judgement *judgement);

/* truth_still_untraced - nor has anybody come since? Of SUBJECTS nothing is known, as our
 * own tracers may have left them a moment ago. */
bool truth_still_untraced(const struct asked *asked, const struct subject *subjects,
			  size_t count, struct judgement *judgement);

/*
 * truth_capture - of .probe, then .then and .traced in this order, while nothing else is
 * traced; what belongs to none of them must not be. NULL: judged.
 */
const struct capture *truth_capture(const struct asked *asked, const struct truth *truth,
				    struct judgement *judgement);

/* truth_attach - a tracer of the grader's own. 0 or -errno; *OUT is to be freed. */
struct session;
int truth_attach(struct session **out, pid_t pid, struct subject subject);

/* truth_read_semaphore - as the process has it. 0 or -errno. */
int truth_read_semaphore(pid_t pid, struct subject subject, uint16_t *out);

/* truth_cannot - judges: WHAT failed by a negative errno, or root is needed. */
void truth_cannot(struct judgement *judgement, const char *what, int err);

/* truth_not_one - the question has no one answer: the kit is broken. Returns false. */
bool truth_not_one(struct judgement *judgement);

#endif
