/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far the learner is in a lab. */
#ifndef BPFHOL_MENU_PROGRESS_H
#define BPFHOL_MENU_PROGRESS_H

#include <stdbool.h>

struct lab;
struct state;

struct progress {
	unsigned int total;
	unsigned int passed;
	unsigned int revealed;
	unsigned int not_here;
};

void progress_count(const struct lab *lab, struct state *state,
		    struct progress *progress);

/* progress_done - nothing is left that can be answered on this machine. */
bool progress_done(const struct progress *progress);

/* progress_text - "2 of 6 passed, 1 revealed, 1 not here", to be freed. */
char *progress_text(const struct lab *lab, struct state *state);

#endif
