// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fires COUNT times as fast as it can and prints what one cost; "tick": every 0.2 ms.
 * -DNOP5: at a 5-byte nop (build with -mno-red-zone). -DNO_PROBE: the loop alone.
 * THREADS, a second argument, share the work.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../targets/note.h"

static const char *volatile text = "a string to be copied";
static long count;

static void fire(int i)
{
#if defined(NOP5)
	__asm__ volatile(NOTE_AT(".byte 0x0f, 0x1f, 0x44, 0, 0", "fast", "hit",
				 "-4@%%edi 8@%%rsi")
			 :
			 : "D"(i), "S"(text));
#elif defined(NO_PROBE)
	__asm__ volatile("" : : "D"(i), "S"(text));
#else
	STAP_PROBE2(fast, hit, i, text);
#endif
}

static void *work(void *unused)
{
	long i;

	for (i = 0; i < count; i++)
		fire((int)(i & 511)); /* few enough to be counted by */
	return NULL;
}

int main(int argc, char *argv[])
{
	int threads = argc > 2 ? atoi(argv[2]) : 1, i;
	struct timespec begin, end;
	pthread_t other[8];

	while (!strcmp(argv[1], "tick")) {
		fire(1);
		usleep(200);
	}
	count = atol(argv[1]) / threads;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (i = 1; i < threads && i < 8; i++)
		pthread_create(&other[i], NULL, work, NULL);
	work(NULL);
	for (i = 1; i < threads && i < 8; i++)
		pthread_join(other[i], NULL);
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.2f ns a hit\n",
	       ((end.tv_sec - begin.tv_sec) * 1e9 + end.tv_nsec - begin.tv_nsec) / count);
	return 0;
}
