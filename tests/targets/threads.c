// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * threads THREADS COUNT: each thread fires h:hit(THREAD, i, gettid()) with i from 0 to
 * COUNT - 1, all at once as fast as they can. Compile with -pthread.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <sys/sdt.h>

#include "go.h"

static int count;

static void *run(void *number)
{
	int i;

	for (i = 0; i < count; i++)
		STAP_PROBE3(h, hit, (int)(intptr_t)number, i, gettid());
	return NULL;
}

int main(int argc, char *argv[])
{
	pthread_t threads[64];
	int i, n = argc > 2 ? atoi(argv[1]) : 0;

	if (n < 1 || n > 64)
		return 2;
	count = atoi(argv[2]);
	wait_for_go();
	for (i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, run, (void *)(intptr_t)i))
			return 1;
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
