/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The BPF program of usdt.bpf.c, loaded: with its table of specs, the set of followed
 * processes, and the ring its records come through. Attaching is attach.h's business.
 */
#ifndef BPFHOL_TRACER_LIVE_PROGRAM_H
#define BPFHOL_TRACER_LIVE_PROGRAM_H

#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/live/decode.h"
#include "tracer/live/ring.h"
#include "tracer/live/session.h"
#include "tracer/live/shared.h"

struct program_plan {
	const struct session_options *options; /* no 0 stands for a default any more */
	const struct spec *specs;	       /* by cookie */
	size_t count, room;		       /* specs there are, and may become */
	size_t max_args, max_strings;	       /* of any spec */
	bool multi;			       /* to be attached by uprobe_multi */
	pid_t only; /* this process' hits count, by the program; 0: whoever's */
};

struct program; /* opaque: holds libbpf's objects */

/*
 * program_load - Returns 0, -EPERM not privileged, -ENOMEM, or what the kernel said
 * (*STEP then names what was being done).
 */
int program_load(const struct program_plan *plan, struct program **out,
		 const char **step);
void program_free(struct program *program);

/* program_add_specs - more of them, up to the plan's room: COUNT from number FROM on. */
int program_add_specs(struct program *program, const struct spec *specs, size_t from,
		      size_t count);

/* program_job - the one to be attached. */
const struct bpf_program *program_job(const struct program *program);
struct ring *program_ring(const struct program *program);
const struct decode_layout *program_layout(const struct program *program);
/* program_signal_followed - see session.h. */
size_t program_signal_followed(const struct program *program, int signal);
uint64_t program_lost(const struct program *program);
uint64_t program_unfollowed(const struct program *program);
/* The skeleton: for aggregate.c, which reads its maps. */
struct usdt_bpf *program_bpf(const struct program *program);

/* program_set_attached - all locations are (or are about to be given up): latencies
 * begin and end only between the two. */
void program_set_attached(struct program *program, bool is_attached);

#endif
