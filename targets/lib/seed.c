// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "seed.h"

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
	uint64_t seed;

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

uint64_t seed_mix(uint64_t seed, uint64_t n)
{
	uint64_t x = seed + (n + 1) * 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}
