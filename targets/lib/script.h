/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a target does in one round: steps of several kinds. Every round has the same steps
 * in another order. The seed chooses how many there are of each kind, so that one kind
 * never comes, one comes far more often than the others, and each of the others comes at
 * least SCRIPT_FEW times.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdint.h>

#define SCRIPT_FEW 6
#define SCRIPT_KINDS 10 /* at most */
#define SCRIPT_STEPS 256

struct step {
	unsigned char kind;   /* from 0 */
	unsigned char number; /* of the step, from 0: each has its own, in every round */
};

struct script {
	uint64_t seed;
	unsigned int steps;
	struct step step[SCRIPT_STEPS];
};

/* script_write - SCRIPT as SEED gives it, with steps of KINDS kinds (3 to SCRIPT_KINDS).
 */
void script_write(struct script *script, uint64_t seed, unsigned int kinds);

/* script_shuffle - brings the steps into an order of this ROUND's own. */
void script_shuffle(struct script *script, unsigned int round);

/* script_pause - sleeps so long that a round of the SCRIPT takes a second. */
void script_pause(const struct script *script);

#endif
