/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The loop of count, hist and latency: what the kernel has counted is read now and then,
 * and drawn anew on a terminal, or told in a line each interval, and shown at the end.
 */
#ifndef BPFHOL_TRACER_COMMANDS_SUM_H
#define BPFHOL_TRACER_COMMANDS_SUM_H

#include <stdio.h>

#include "tracer/commands/live.h"
#include "tracer/live/aggregate.h"

struct sum {
	struct live live;
	const struct summary *how;
	void *data;    /* of the command */
	uint64_t hits; /* set by .read */
};

struct summary {
	/* read what there is now; 0 or -errno */
	int (*read)(struct sum *sum);
	/* all of it, in at most ROWS lines (0: no limit) */
	void (*print)(struct sum *sum, FILE *out, size_t rows);
	void (*print_json)(struct sum *sum, FILE *out);
	/* what is new since the last such line; WHEN is the time of day, or NULL for JSON
	 */
	void (*line)(struct sum *sum, FILE *out, const char *when);
};

/* sum_run - attach, loop, show. Returns an exit status; SUM's live part is finished. */
int sum_run(struct sum *sum, const struct live_options *options, char *const patterns[],
	    size_t count, size_t ends);

/* sum_read_histogram - .read for a command whose .data is a struct histogram, at first
 * zeroed. */
int sum_read_histogram(struct sum *sum);

/* sum_print_totals - what was left out, a line each; nothing if nothing was. */
void sum_print_totals(const struct sum *sum, FILE *out);

/* sum_print_totals_json - the same as members: ,"unreadable":0,"no_room":0 */
void sum_print_totals_json(const struct sum *sum, FILE *out);

#endif
