/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a session's BPF program has counted so far. Nothing is reset by reading it. */
#ifndef BPFHOL_TRACER_LIVE_AGGREGATE_H
#define BPFHOL_TRACER_LIVE_AGGREGATE_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/live/session.h"

/* Hits with one key: a row of a count. */
struct counted {
	const struct probe *probe;
	const struct location *location; /* with KEY_PROBE and KEY_LOCATION, else NULL */
	uint64_t number;		 /* pid, tid or the argument's value */
	const char *text; /* comm or the string, .len bytes; NULL if .number counts. Gone
			     when the callback returns */
	size_t len;
	bool cut; /* the string goes on */
	uint64_t hits;
};

typedef int (*counted_fn)(const struct counted *counted, void *data);

/* aggregate_counts - of a JOB_COUNT, in no order. Returns 0, what FN returned, or
 * -errno. */
int aggregate_counts(const struct session *session, counted_fn fn, void *data);

/* aggregate_slots - how many slots the histogram of such a session has. */
size_t aggregate_slots(const struct session_options *options);

/*
 * aggregate_histogram - of a JOB_HISTOGRAM or JOB_LATENCY: SLOTS has aggregate_slots()
 * elements, which are filled. Returns 0 or -errno.
 */
int aggregate_histogram(const struct session *session, uint64_t *slots);

/*
 * aggregate_bounds - the values, both included, that a slot stands for. Slots at the ends
 * of a linear histogram reach as far as numbers do.
 */
void aggregate_bounds(const struct session_options *options, size_t slot, int64_t *low,
		      int64_t *high);

/* What could not be counted, and a latency's sums. Exact. */
struct aggregate_totals {
	uint64_t unreadable; /* hits whose argument could not be read */
	uint64_t no_room;    /* hits whose key found its table full */
	uint64_t restarted;  /* starts that began anew before their end */
	uint64_t unstarted;  /* ends without a start */
	uint64_t open;	     /* starts that wait for their end */
	uint64_t longest;    /* ns */
};

void aggregate_totals(const struct session *session, struct aggregate_totals *out);

#endif
