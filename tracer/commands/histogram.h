/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A histogram's slots as bars, and its quantiles. */
#ifndef BPFHOL_TRACER_COMMANDS_HISTOGRAM_H
#define BPFHOL_TRACER_COMMANDS_HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

#include "tracer/live/session.h"

struct histogram {
	const struct session_options *options; /* say what the slots are */
	uint64_t *slots, *told;		       /* now, and at the last line */
	size_t count;
};

/* histogram_init - Returns 0 or -ENOMEM. */
int histogram_init(struct histogram *histogram, const struct session_options *options);
void histogram_fini(struct histogram *histogram);

/* Of all there is, or with SINCE_TOLD of what came since histogram_told(). */
uint64_t histogram_hits(const struct histogram *histogram, bool since_told);

/*
 * histogram_quantile - the value up to which the share SHARE (0 to 1) of the hits are, by
 * their places in a slot taken as even; 0 without hits. For slots with bounds, such as a
 * latency's. LONGEST, if not 0, is the most it can be.
 */
int64_t histogram_quantile(const struct histogram *histogram, bool since_told,
			   double share, int64_t longest);
void histogram_told(struct histogram *histogram);

/* histogram_print - a line a bar, from the first that has hits to the last. A latency's
 * slots are gathered to powers of two, and shown as times. Returns how wide the names of
 * the bars were. */
int histogram_print(const struct histogram *histogram, FILE *out, size_t rows);

/* histogram_print_json - the array's elements: {"low":1,"high":1,"hits":3} */
void histogram_print_json(const struct histogram *histogram, FILE *out);

/* print_time - nanoseconds in a unit people read: "1.25 ms". */
void print_time(FILE *out, int64_t ns);

#endif
