/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User stacks at a hit: unwound where only a copy of the stack was kept, and the frames'
 * addresses given names (libdwfl). Keeps what it has read of each process.
 */
#ifndef BPFHOL_TRACER_LIVE_STACK_H
#define BPFHOL_TRACER_LIVE_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/live/event.h"
#include "tracer/live/session.h"

struct stacks; /* opaque: holds libdwfl's view of processes */

struct frame {
	uint64_t address;   /* in the process */
	const char *symbol; /* function, NULL if unknown */
	uint64_t offset;    /* from its start; 0 of an inlined one */
	const char *path;   /* of the file it is in, NULL if unknown */
	bool inlined;	    /* written into the next frame's function */
};

struct stacks *stacks_new(enum session_stack kind);
void stacks_free(struct stacks *stacks);

/* Innermost frame first. What FRAME points to is gone when the callback returns. */
typedef void (*frame_fn)(const struct frame *frame, void *data);

/*
 * stacks_walk - Returns whether the stack was walked to its outermost frame: what starts
 * programs and threads. Where it was not, frame pointers or unwind tables were missing.
 */
bool stacks_walk(struct stacks *stacks, const struct event *event, frame_fn fn,
		 void *data);

#endif
