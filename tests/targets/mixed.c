// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fires `hit` 400 times with an int, an unsigned long, a double, a float and a string,
 * and writes the same values to standard output as JSON, by printf alone. With an
 * argument also pairs of `start` and `end`, and how long each took by its own clock.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/sdt.h>
#include <time.h>

static const char *const words[] = {"alpha", "alp",	"beta",	      "alphabet",
				    "",	     "a\"q\\b", "caf\303\251"};

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void print_json(const char *text)
{
	for (; *text; text++)
		printf(*text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
}

/* Nested pairs, told apart by their number: 2i takes three times as long as 2i + 1. */
static void pairs(int count)
{
	struct timespec nap = {.tv_nsec = 1000000};
	long i, begin, inner;

	for (i = 0; i < count; i++) {
		begin = now();
		STAP_PROBE1(mixed, start, 2 * i);
		nanosleep(&nap, NULL);
		inner = now();
		STAP_PROBE1(mixed, start, 2 * i + 1);
		nanosleep(&nap, NULL);
		STAP_PROBE1(mixed, end, 2 * i + 1);
		printf("inner %ld\n", now() - inner);
		nanosleep(&nap, NULL);
		STAP_PROBE1(mixed, end, 2 * i);
		printf("outer %ld\n", now() - begin);
	}
	STAP_PROBE1(mixed, start, -1L);
	STAP_PROBE1(mixed, end, -2L);
}

int main(int argc, char *argv[])
{
	int i;

	for (i = 0; i < 400; i++) {
		int n = i * 37 % 101 - 50;
		unsigned long u = i % 3 ? (unsigned long)i * 1000003 : -(unsigned long)i;
		double d = (i % 16 - 8) / 4.0;
		float f = (float)(i % 5) - 1.5f;
		const char *s = words[i % 7];

		STAP_PROBE5(mixed, hit, n, u, d, f, s);
		if (argc > 1)
			continue;
		printf("{\"i\":%d,\"n\":%d,\"u\":%lu,\"d\":%.17g,\"f\":%.9g,\"s\":\"", i,
		       n, u, d, f);
		print_json(s);
		printf("\"}\n");
	}
	if (argc > 1)
		pairs(atoi(argv[1]));
	return 0;
}
