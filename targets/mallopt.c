// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A library that several processes have mapped. This program starts four workers, which
 * load a library with probes and use it: whoever traces the library in one of them does
 * not see the others, and the process that started them does not have it at all.
 *
 * All workers do the same, once a round: get memory, and put it back. But before that
 * each has settings of its own for the library. Which worker has which is drawn from the
 * seed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sdt.h>
#include <sys/socket.h>
#include <unistd.h>

#include "heartbeat.h"
#include "minimalloc.h"
#include "seed.h"
#include "word.h"

#define WORKERS 4
#define SETTINGS_MAX 3
#define LARGE (100 * 1000) /* such a block has a heap of its own */

/* What is drawn from the seed, by its place in the sequence. */
enum draw { ORDER, MIDDLE = 4, LEAST, LARGEST, TOO_MUCH, TRIM, BLOCKS, WORD_OF = 16 };

struct job {
	struct setting {
		int param, value;
	} settings[SETTINGS_MAX]; /* .param 0: none */
	unsigned int blocks;
	char word[WORD_MAX];
};

static const struct minimalloc *library;

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
	exit(1);
}

/* between - the draw as a number from LOW to HIGH that is not divisible by 16. */
static int between(uint64_t seed, enum draw draw, int low, int high)
{
	int number = low + seed_mix(seed, draw) % (high - low + 1);

	return number % 16 ? number : number + 1;
}

static void write_jobs(struct job *jobs, uint64_t seed)
{
	const struct job all[WORKERS] = {
		{.settings = {{M_MXFAST, between(seed, MIDDLE, 257, 510)},
			      {M_MXFAST, between(seed, LEAST, 17, 254)},
			      {M_MXFAST, between(seed, LARGEST, 513, 1022)}}},
		{.settings = {{M_MXFAST, between(seed, TOO_MUCH, 2000, 9990)}}},
		{.settings = {{M_TRIM_THRESHOLD, between(seed, TRIM, 99999, 500000)}}},
		{.settings = {{M_ARENA_MAX, 1}}},
	};
	unsigned int i;

	memcpy(jobs, all, sizeof(all));
	for (i = 0; i < WORKERS; i++) {
		jobs[i].blocks = 5 + seed_mix(seed, BLOCKS + i) % 150;
		word_put(jobs[i].word, seed_mix(seed, WORD_OF + i));
	}
}

static void shuffle(struct job *jobs, uint64_t seed)
{
	unsigned int i, other;

	for (i = WORKERS; i > 1; i--) {
		struct job moved = jobs[i - 1];

		other = seed_mix(seed, ORDER + i - 1) % i;
		jobs[i - 1] = jobs[other];
		jobs[other] = moved;
	}
}

/* Ways to use memory. */

static void put_back_at_once(unsigned int blocks)
{
	while (blocks--)
		library->put(library->get(LARGE));
}

/* Blocks in a row, each with the address of the one before, until there are no more. */
static void devour(void *arg)
{
	void **last = arg;

	for (;;) {
		void **block = library->get(8000);

		*block = *last;
		*last = block;
	}
}

static void want_all(void)
{
	void *last = NULL;

	library->attempt(devour, &last);
	while (last) {
		void *block = last;

		last = *(void **)block;
		library->put(block);
	}
}

static void *get_a_little(void *unused)
{
	(void)unused;
	library->put(library->get(100));
	library->leave();
	return NULL;
}

/* Another thread wants memory, and has to wait for this one. */
static void share(void)
{
	pthread_t thread;

	library->lock();
	if (pthread_create(&thread, NULL, get_a_little, NULL))
		fail("cannot start a thread");
	while (!library->waiting())
		usleep(1000);
	library->unlock();
	pthread_join(thread, NULL);
}

static void work(const struct job *job)
{
	unsigned int i;

	DTRACE_PROBE1(mallopt, job, job->word);
	for (i = 0; i < SETTINGS_MAX && job->settings[i].param; i++)
		library->mallopt(job->settings[i].param, job->settings[i].value);
	put_back_at_once(job->blocks);
	want_all();
	share();
	library->leave();
}

/* The loader puts the program's own folder in the place of $ORIGIN. */
static void load_library(void)
{
	void *file = dlopen("$ORIGIN/libminimalloc.so", RTLD_NOW);

	library = file ? dlsym(file, "minimalloc") : NULL;
	if (!library)
		fail(dlerror());
}

/* In a process of its own, which ends with the one that started it. */
static _Noreturn void be_worker(const struct job *job, pid_t parent, int orders)
{
	char byte = 0;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		exit(1);
	load_library();
	do {
		work(job);
	} while (write(orders, &byte, 1) == 1 && read(orders, &byte, 1) == 1);
	exit(1);
}

/* Returns the socket through which a worker is told to begin, and tells that it is done.
 * Its first work is done without an order: then it has all it needs. */
static int start_worker(const struct job *job)
{
	pid_t parent = getpid(), pid;
	int orders[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, orders))
		fail("cannot make a socket");
	pid = fork();
	if (pid < 0)
		fail("cannot start a worker");
	if (!pid)
		be_worker(job, parent, orders[1]);
	close(orders[1]);
	return orders[0];
}

static void wait_for(const int *workers)
{
	unsigned int i;
	char byte;

	for (i = 0; i < WORKERS; i++) {
		if (read(workers[i], &byte, 1) != 1)
			fail("a worker has ended");
	}
}

static void play(const int *workers, unsigned long round)
{
	unsigned int i;

	DTRACE_PROBE1(mallopt, round, round);
	for (i = 0; i < WORKERS; i++) {
		if (write(workers[i], "", 1) != 1)
			fail("a worker has ended");
	}
	wait_for(workers);
}

int main(void)
{
	uint64_t seed = seed_read();
	struct job jobs[WORKERS];
	unsigned long round;
	int workers[WORKERS];
	unsigned int i;

	write_jobs(jobs, seed);
	shuffle(jobs, seed);
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < WORKERS; i++)
		workers[i] = start_worker(&jobs[i]);
	wait_for(workers);
	heartbeat_start("a round of work a second");
	for (round = 1;; round++) {
		play(workers, round);
		heartbeat("rounds", round);
		usleep(1000000);
	}
}
