// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "seed.h"

/* No register keeps what the function worked with: one that a target shows, or hands
 * over half of, would tell. Compilers know it from gcc 11 and clang 15 on. */
#if __has_attribute(zero_call_used_regs)
#define SEED_LEAVES_NOTHING __attribute__((zero_call_used_regs("used-gpr")))
#else
#define SEED_LEAVES_NOTHING
#endif

#define PATIENCE_MS 3000 /* a pipe that nobody writes to must not look like a hang */

/* Reads the line byte by byte: a buffer would keep the seed's digits in memory. */
static bool read_number(uint64_t *seed)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	unsigned int digits = 0;
	char byte;

	if (isatty(STDIN_FILENO))
		return false;
	*seed = 0;
	while (poll(&input, 1, PATIENCE_MS) == 1 && read(STDIN_FILENO, &byte, 1) == 1) {
		if (byte == '\n')
			return digits;
		if (byte < '0' || byte > '9' || ++digits > 20)
			return false;
		*seed = *seed * 10 + (byte - '0');
	}
	return digits;
}

uint64_t seed_read(void)
{
	static uint64_t seed; /* what is on the stack stays there, for a while */

	if (read_number(&seed))
		return seed;
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed)) {
		perror(program_invocation_short_name);
		exit(1);
	}
	fprintf(stderr, "%s: no seed on standard input: took a random one\n",
		program_invocation_short_name);
	return seed;
}

/* Two finishers, of splitmix64 and of MurmurHash3. Each alone can be run backwards. */
static inline uint64_t splitmix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static inline uint64_t murmur(uint64_t x)
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccd;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53;
	return x ^ x >> 33;
}

SEED_LEAVES_NOTHING uint64_t seed_mix(uint64_t seed, uint64_t n)
{
	uint64_t x = seed + (n + 1) * 0x9e3779b97f4a7c15;

	return splitmix(x) ^ murmur(x);
}
