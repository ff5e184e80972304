// SPDX-License-Identifier: GPL-2.0-or-later
/* Fires COUNT times as fast as it can and prints what one cost; "tick": every 0.2 ms. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sdt.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	const char *volatile text = "a string to be copied";
	int tick = !strcmp(argv[1], "tick");
	long i, count = tick ? 1L << 40 : atol(argv[1]);
	struct timespec begin, end;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (i = 0; i < count; i++) {
		STAP_PROBE2(fast, hit, (int)i, text);
		if (tick)
			usleep(200);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.1f ns a hit\n",
	       ((end.tv_sec - begin.tv_sec) * 1e9 + end.tv_nsec - begin.tv_nsec) / count);
	return 0;
}
