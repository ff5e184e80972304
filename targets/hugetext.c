// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Probes that go silent: a bakery that moves part of its text to large pages when it
 * starts. What was moved runs as before, at the same addresses, but in other memory than
 * the file's, and breakpoints are put into pages of the file.
 *
 * Which stretches of text are moved is drawn from the seed, and which of the functions in
 * them are ever called.
 */
#include <stdbool.h>
#include <sys/sdt.h>
#include <unistd.h>

#include "heartbeat.h"
#include "huge_text.h"
#include "seed.h"

#define STRETCHES 4
#define IN_STRETCH 4 /* steps */
#define STEPS (STRETCHES * IN_STRETCH)
#define MOST 40 /* times a step is taken in a round */

HUGE_STRETCH(0)
HUGE_STRETCH(1)
HUGE_STRETCH(2)
HUGE_STRETCH(3)
HUGE_STRETCH_END

/* What is drawn from the seed, by its place in the sequence. */
enum draw {
	FIRST_MOVED,
	OTHER_MOVED,
	RUNS,
	LEFT_OUT,
	TIMES = LEFT_OUT + STRETCHES,
	ORDERS = TIMES + STEPS
};

static unsigned long taken[STEPS]; /* how often, in this round */

/* clang-format off */
#define EACH_STEP(DO) \
	DO(0, grind) DO(0, sift) DO(0, soak) DO(0, knead) \
	DO(1, rest) DO(1, roll) DO(1, fold) DO(1, shape) \
	DO(2, score) DO(2, steam) DO(2, bake) DO(2, turn) \
	DO(3, brush) DO(3, cool) DO(3, slice) DO(3, wrap)
/* clang-format on */

#define ENUMERATE(stretch, name) STEP_##name,
enum step { EACH_STEP(ENUMERATE) };

#define FUNCTION(stretch, name)                                  \
	HUGE_TEXT(stretch) static void name(void)                \
	{                                                        \
		taken[STEP_##name]++;                            \
		DTRACE_PROBE1(bakery, name, taken[STEP_##name]); \
	}
EACH_STEP(FUNCTION)

#define ENTRY(stretch, name) {#name, name},
static const struct {
	const char *name;
	void (*take)(void);
} steps[STEPS] = {EACH_STEP(ENTRY)};

struct work {
	bool moved[STRETCHES];
	unsigned int times[STEPS];
	unsigned char order[STEPS * MOST];
	unsigned int count;
};

/* Two stretches are moved. Of what is in them, one step is ever taken; of the others' all
 * but one. */
static void plan(struct work *work, uint64_t seed)
{
	unsigned int first = seed_mix(seed, FIRST_MOVED) % STRETCHES;
	unsigned int other =
		(first + 1 + seed_mix(seed, OTHER_MOVED) % (STRETCHES - 1)) % STRETCHES;
	unsigned int runs = seed_mix(seed, RUNS) % IN_STRETCH;
	unsigned int step, i;

	work->moved[first] = work->moved[other] = true;
	for (step = 0; step < STEPS; step++) {
		unsigned int stretch = step / IN_STRETCH, at = step % IN_STRETCH;
		unsigned int idle = seed_mix(seed, LEFT_OUT + stretch) % IN_STRETCH;
		bool taken = work->moved[stretch] ? stretch == first && at == runs
						  : at != idle;

		if (taken)
			work->times[step] = 4 + seed_mix(seed, TIMES + step) % (MOST - 4);
		for (i = 0; i < work->times[step]; i++)
			work->order[work->count++] = step;
	}
}

static void shuffle(struct work *work, uint64_t order)
{
	unsigned int i, other;

	for (i = work->count; i > 1; i--) {
		unsigned char last = work->order[i - 1];

		other = seed_mix(order, i) % i;
		work->order[i - 1] = work->order[other];
		work->order[other] = last;
	}
}

NEVER_HUGIFY() static void begin(unsigned long round)
{
	DTRACE_PROBE1(bakery, round, round);
}

/* At the end of a round: which steps were taken in it, and how often. */
NEVER_HUGIFY() static void account(void)
{
	unsigned int step;

	for (step = 0; step < STEPS; step++) {
		if (taken[step])
			DTRACE_PROBE2(bakery, taken, steps[step].name, taken[step]);
		taken[step] = 0;
	}
}

static void move_text(const struct work *work)
{
	if (work->moved[0])
		hugify(HUGE_START(0), HUGE_STOP(0));
	if (work->moved[1])
		hugify(HUGE_START(1), HUGE_STOP(1));
	if (work->moved[2])
		hugify(HUGE_START(2), HUGE_STOP(2));
	if (work->moved[3])
		hugify(HUGE_START(3), HUGE_STOP(3));
}

int main(void)
{
	static struct work work;
	uint64_t seed = seed_read();
	unsigned long round;
	unsigned int i;

	plan(&work, seed);
	move_text(&work);
	heartbeat_start("a round a second");
	for (round = 1;; round++) {
		begin(round);
		shuffle(&work, seed_mix(seed, ORDERS + round));
		for (i = 0; i < work.count; i++) {
			steps[work.order[i]].take();
			usleep(1000000 / work.count);
		}
		account();
		heartbeat("rounds", round);
	}
}
