// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "script.h"
#include "seed.h"

/* What is drawn from the seed, by its place in the sequence. */
enum draw { NEVER, MOST, COUNTS, ORDERS = COUNTS + SCRIPT_KINDS };

static unsigned int count_of(uint64_t seed, unsigned int kind, unsigned int kinds)
{
	unsigned int never = seed_mix(seed, NEVER) % kinds;
	unsigned int most = (never + 1 + seed_mix(seed, MOST) % (kinds - 1)) % kinds;
	uint64_t draw = seed_mix(seed, COUNTS + kind);

	if (kind == never)
		return 0;
	return kind == most ? 24 + draw % 40 : SCRIPT_FEW + draw % 12;
}

void script_write(struct script *script, uint64_t seed, unsigned int kinds)
{
	unsigned int kind, count;

	script->seed = seed;
	script->steps = 0;
	for (kind = 0; kind < kinds; kind++) {
		for (count = count_of(seed, kind, kinds); count; count--) {
			script->step[script->steps] = (struct step){kind, script->steps};
			script->steps++;
		}
	}
}

void script_shuffle(struct script *script, unsigned int round)
{
	uint64_t order = seed_mix(script->seed, ORDERS + round);
	unsigned int i, other;

	for (i = script->steps; i > 1; i--) {
		struct step moved = script->step[i - 1];

		other = seed_mix(order, i) % i;
		script->step[i - 1] = script->step[other];
		script->step[other] = moved;
	}
}

void script_pause(const struct script *script)
{
	usleep(1000000 / script->steps);
}
