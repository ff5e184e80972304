// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fires COUNT times as fast as it can and prints what one cost; "tick": every 0.2 ms.
 * -DNOP5: at a 5-byte nop (build with -mno-red-zone). -DNO_PROBE: the loop alone.
 * THREADS, a second argument, share the work. BURST, a third: after so many a pause,
 * which does not count, so that a tracer can keep up.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../targets/note.h"

static const char *volatile text = "a string to be copied";
static long count, burst;
static double paused; /* ns */

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

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void pause_a_little(void)
{
	double begin = now();

	usleep(20000);
	paused += now() - begin;
}

static void *work(void *unused)
{
	long i, next = burst;

	for (i = 0; i < count; i++) {
		fire((int)(i & 511)); /* few enough to be counted by */
		if (i == next) {
			pause_a_little();
			next += burst;
		}
	}
	return NULL;
}

int main(int argc, char *argv[])
{
	int threads = argc > 2 ? atoi(argv[2]) : 1, i;
	pthread_t other[8];
	double begin;

	while (!strcmp(argv[1], "tick")) {
		fire(1);
		usleep(200);
	}
	count = atol(argv[1]) / threads;
	burst = argc > 3 ? atol(argv[3]) : count;
	begin = now();
	for (i = 1; i < threads && i < 8; i++)
		pthread_create(&other[i], NULL, work, NULL);
	work(NULL);
	for (i = 1; i < threads && i < 8; i++)
		pthread_join(other[i], NULL);
	printf("%.2f ns a hit\n", (now() - begin - paused) / count);
	return 0;
}
