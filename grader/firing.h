/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One hit of a probe, kept: an event (tracer/live/event.h) is gone when it was told. */
#ifndef BPFHOL_GRADER_FIRING_H
#define BPFHOL_GRADER_FIRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/live/event.h"

struct datum {
	enum value_kind kind;
	uint64_t number; /* also of a string: the pointer */
	char *text;	 /* STRING, ERROR; owned, else NULL */
};

struct firing {
	uint64_t time; /* ns, CLOCK_BOOTTIME */
	pid_t pid, tid;
	const struct location *location; /* points into the probe list */
	struct datum *data;
	size_t nargs;
};

/* firing_fini - frees what it owns, not itself. */
void firing_fini(struct firing *firing);

bool datum_equal(const struct datum *a, const struct datum *b);
bool firing_equal(const struct firing *a, const struct firing *b);

/* firing_text - "(\"root\", 0)", to be freed; NULL on ENOMEM. */
char *firing_text(const struct firing *firing);

#endif
