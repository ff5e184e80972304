// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One probe, a family of functions: strings are joined by five functions, and each of
 * them has the same probe, so that a tracer gets all joins under one name.
 *
 * The probe hands over two sizes: that of the first part, and that of all that is put
 * behind it. What this means each function knows for itself, so each computes the two in
 * its own way.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sdt.h>

#include "heartbeat.h"
#include "script.h"
#include "seed.h"

struct string {
	size_t size;
	const char *text;
};

static char *new_text(size_t size)
{
	char *text = malloc(size);

	if (!text) {
		perror(program_invocation_short_name);
		exit(1);
	}
	return text;
}

/* put - S at TO; returns where the next string goes. */
static char *put(char *to, struct string s)
{
	return mempcpy(to, s.text, s.size);
}

static struct string concat_ss(struct string s1, struct string s2)
{
	char *text = new_text(s1.size + s2.size);

	DTRACE_PROBE2(text, cow_concat, s1.size, s2.size);
	put(put(text, s1), s2);
	return (struct string){s1.size + s2.size, text};
}

static struct string concat_s3(struct string s1, struct string s2, struct string s3)
{
	size_t size = s1.size + s2.size + s3.size;
	char *text = new_text(size);

	DTRACE_PROBE2(text, cow_concat, s1.size, s2.size + s3.size);
	put(put(put(text, s1), s2), s3);
	return (struct string){size, text};
}

static struct string concat_s4(struct string s1, struct string s2, struct string s3,
			       struct string s4)
{
	size_t rest = s2.size + s3.size + s4.size;
	char *text = new_text(s1.size + rest);

	DTRACE_PROBE2(text, cow_concat, s1.size, rest);
	put(put(put(put(text, s1), s2), s3), s4);
	return (struct string){s1.size + rest, text};
}

/* A string and an integer, as in "room " and 12: the size is that of its digits. */
static struct string concat_si(struct string s1, unsigned int number)
{
	char digits[16];
	size_t size = sprintf(digits, "%u", number);
	char *text = new_text(s1.size + size);

	DTRACE_PROBE2(text, cow_concat, s1.size, size);
	memcpy(put(text, s1), digits, size);
	return (struct string){s1.size + size, text};
}

static struct string concat_is(unsigned int number, struct string s2)
{
	char digits[16];
	struct string s1 = {sprintf(digits, "%u", number), digits};
	char *text = new_text(s1.size + s2.size);

	DTRACE_PROBE2(text, cow_concat, s1.size, s2.size);
	put(put(text, s1), s2);
	return (struct string){s1.size + s2.size, text};
}

/* piece - the part number I of a step's parts, cut from a text as the seed says. */
static struct string piece(uint64_t seed, struct step step, unsigned int i)
{
	static const char letters[] =
		"Whoever joins strings copies them: the old ones stay as they were.";
	uint64_t draw = seed_mix(seed_mix(seed, step.number), i);
	size_t size = 1 + draw % 40;

	return (struct string){size, letters + draw / 40 % (sizeof(letters) - size)};
}

/* integer - that of a step's parts, of one to ten digits. */
static unsigned int integer(uint64_t seed, struct step step)
{
	uint64_t draw = seed_mix(seed_mix(seed, step.number), ~0ull);

	return (unsigned int)draw >> (draw >> 32) % 32;
}

static struct string join(uint64_t seed, struct step step)
{
	struct string s1 = piece(seed, step, 0), s2 = piece(seed, step, 1);
	struct string s3 = piece(seed, step, 2), s4 = piece(seed, step, 3);
	unsigned int number = integer(seed, step);

	switch (step.kind) {
	case 0:
		return concat_ss(s1, s2);
	case 1:
		return concat_s3(s1, s2, s3);
	case 2:
		return concat_s4(s1, s2, s3, s4);
	case 3:
		return concat_si(s1, number);
	default:
		return concat_is(number, s2);
	}
}

static void play(struct script *script, unsigned int round)
{
	unsigned int i;

	DTRACE_PROBE1(text, round, round);
	script_shuffle(script, round);
	for (i = 0; i < script->steps; i++) {
		free((char *)join(script->seed, script->step[i]).text);
		script_pause(script);
	}
}

int main(void)
{
	static struct script script;
	unsigned int round = 0;

	script_write(&script, seed_read(), 5);
	heartbeat_start("a round of joins a second");
	for (;;) {
		heartbeat("rounds", ++round);
		play(&script, round);
	}
}
