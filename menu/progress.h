/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far the learner is in a lab. */
#ifndef BPFHOL_MENU_PROGRESS_H
#define BPFHOL_MENU_PROGRESS_H

struct lab;
struct state;

struct progress {
	unsigned int total;
	unsigned int passed;
	unsigned int revealed;
};

void progress_count(const struct lab *lab, struct state *state,
		    struct progress *progress);

/* progress_text - "2 of 6 passed, 1 revealed", to be freed. */
char *progress_text(const struct lab *lab, struct state *state);

#endif
