// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fast COUNT: after a byte on stdin, t:fast(i, "a string of 24 characters") COUNT times
 * without a pause; then one line with the nanoseconds a hit took.
 */
#include <stdio.h>
#include <sys/sdt.h>
#include <time.h>

#include "go.h"

static void fire(int number, const char *text)
{
	STAP_PROBE2(t, fast, number, text);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char *argv[])
{
	int count = argc > 1 ? atoi(argv[1]) : 300000, i;
	double begun;

	wait_for_go();
	begun = now();
	for (i = 0; i < count; i++)
		fire(i, "a string of 24 characters");
	printf("%.0f\n", (now() - begun) / count);
	return 0;
}
