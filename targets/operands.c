// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where arguments live: a probe for each kind of operand that a compiler writes into a
 * note. It depends on how wide a value is, whether it has a sign, and where it is kept.
 *
 * VARIANT, from 0 to 63, is given to the compiler (-DVARIANT=17) and changes widths,
 * distances and order: so every learner's program has operands of its own.
 */
#include <stdint.h>
#include <sys/sdt.h>
#include <unistd.h>

#include "heartbeat.h"
#include "seed.h"
#include "stop.h"
#include "word.h"

#ifndef VARIANT
#define VARIANT 0
#endif

#if VARIANT % 4 == 0
typedef int32_t cell;
typedef int16_t narrow;
#elif VARIANT % 4 == 1
typedef int16_t cell;
typedef int8_t narrow;
#elif VARIANT % 4 == 2
typedef int64_t cell;
typedef int16_t narrow;
#else
typedef uint16_t cell;
typedef int8_t narrow;
#endif

#define CELLS 16

struct row {
	uint64_t head[1 + VARIANT / 4 % 4];
	uint32_t total;
	cell cells[CELLS];
};

/* What is drawn from the seed, by its place in the sequence. */
enum draw { WORD, AMOUNT = 2, NUMBERS, READINGS = 11, ROUNDS = 15 };
/* And from what each round has for itself. */
enum draw_of_round { INDEX, BITS, ROW, DRAWS = ROW + CELLS };

static uint64_t seed;
static int reading;

/* No place at all: the note itself has the value. */
static void constant(void)
{
	STAP_PROBE2(operands, constant, VARIANT, 'v');
}

/* Memory, some bytes behind where a register points. */
static void field(const struct row *row)
{
	STAP_PROBE1(operands, field, row->total);
}

/* The lowest bytes of a register; and memory, by two registers and a factor. */
static void element(const struct row *row, long i, uint64_t bits)
{
	narrow low = bits;

	STAP_PROBE2(operands, element, low, row->cells[i]);
	STOP_HERE(row + 1);
}

/* All widths, with and without a sign. Only six of them can come in registers. */
static void numbers(int8_t a, uint8_t b, int64_t balance, uint64_t d, int32_t e,
		    uint32_t f, int16_t g, uint16_t h)
{
	STAP_PROBE8(operands, numbers, a, b, balance, d, e, f, g, h);
}

/* Three times eight bytes without a sign, one of them the address of a text. */
static void text(const char *words, const struct row *row, uint64_t amount, int n)
{
#if VARIANT / 16 == 0
	STAP_PROBE4(operands, text, row, amount, words, n);
#elif VARIANT / 16 == 1
	STAP_PROBE4(operands, text, amount, words, row, n);
#elif VARIANT / 16 == 2
	STAP_PROBE4(operands, text, words, amount, row, n);
#else
	STAP_PROBE4(operands, text, n, row, amount, words);
#endif
}

/* A variable, by its name. It has this value now, and another in a moment. */
static void global(const char *side)
{
	STAP_PROBE2(operands, global, side, reading);
}

/* Other values each round: those of the first are in the picture that is kept. */
static void fire_element(struct row *row, unsigned long round)
{
	uint64_t first = ROUNDS + round * DRAWS;
	int i;

	for (i = 0; i < CELLS; i++)
		row->cells[i] = (int64_t)seed_mix(seed, first + ROW + i) >> 40;
	/* Its lowest bytes are a number below zero, be it one or two. */
	element(row, 1 + seed_mix(seed, first + INDEX) % (CELLS - 1),
		seed_mix(seed, first + BITS) | 0x8080);
}

static void fire_numbers(void)
{
	uint64_t draw[8];
	int i;

	for (i = 0; i < 8; i++)
		draw[i] = seed_mix(seed, NUMBERS + i);
	numbers(draw[0], draw[1], -1000000 - (int64_t)(draw[2] % 900000000), draw[3],
		draw[4], draw[5], draw[6], draw[7]);
}

static void fire_text(const struct row *row)
{
	uint64_t amount = 1000000000000000 + seed_mix(seed, AMOUNT) % 1000000000000000;
	char words[2 * WORD_MAX], *second = words;

	word_put(words, seed_mix(seed, WORD));
	while (*second)
		second++;
	*second = ' ';
	word_put(second + 1, seed_mix(seed, WORD + 1));
	text(words, row, amount, amount % 100);
}

static void fire_global(unsigned long round)
{
	static const char *const sides[] = {"north", "east", "south", "west"};
	int i, side;

	for (i = 0; i < 4; i++) {
		side = (round + i) % 4;
		reading = 100000 + seed_mix(seed, READINGS + side) % 900000;
		global(sides[side]);
		reading = 0;
	}
}

int main(void)
{
	struct row row = {.head = {1}};
	unsigned long round;

	seed = seed_read();
	heartbeat_start("a round a second");
	for (round = 1;; round++) {
		STAP_PROBE1(operands, round, round);
		row.total = round % 100;
		constant();
		field(&row);
		fire_element(&row, round);
		fire_numbers();
		fire_text(&row);
		fire_global(round);
		heartbeat("rounds", round);
		sleep(1);
	}
}
