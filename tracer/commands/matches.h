/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The probes that a search has marked, in the order in which they are shown. */
#ifndef BPFHOL_TRACER_COMMANDS_MATCHES_H
#define BPFHOL_TRACER_COMMANDS_MATCHES_H

#include <stddef.h>

#include "tracer/commands/search.h"

struct match {
	const struct searched_file *file;
	const struct probe *probe;
};

/*
 * matches_find - sorted by path, provider, name. Returns *COUNT of them, to be freed;
 * they point into SEARCH. NULL on ENOMEM.
 */
struct match *matches_find(const struct search *search, size_t *count);

#endif
