// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One probe, twelve locations, and not a line of source for each: a job goes round in a
 * pool of threads. All but one sleep; the one that has the job works on it for a moment,
 * hands it to another thread and wakes that one. There are many ways to choose whom.
 *
 * LLL_FUTEX_WAKE is a macro: the probe gets the line where it is used. wake() is a
 * function that is always built into those that call it: each of them has a copy of the
 * code and so a location of the probe, but the line is the same one for all, that in
 * wake().
 *
 * The GNU C library once had probes of these names, with these arguments.
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sdt.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "heartbeat.h"
#include "script.h"
#include "seed.h"

#define WORKERS 6 /* an even number */

#define LLL_FUTEX_WAKE(word, threads)                                   \
	do {                                                            \
		uint32_t *word_ = word;                                 \
		STAP_PROBE3(libpthread, lll_futex_wake, word_, threads, \
			    FUTEX_PRIVATE_FLAG);                        \
		syscall(SYS_futex, word_, FUTEX_WAKE_PRIVATE, threads); \
	} while (0)

static inline __attribute__((always_inline)) void wake(uint32_t *word, int threads)
{
	LLL_FUTEX_WAKE(word, threads);
}

struct worker {
	uint32_t has_job; /* the futex on which the thread sleeps while this is 0 */
	unsigned int number;
	unsigned int jobs;  /* how often it has had the job in this round */
	unsigned int since; /* the step at which it had it last */
	pthread_t thread;
	struct pool *pool;
};

/* Only the thread that has the job touches this, but for has_job. */
struct pool {
	struct worker worker[WORKERS];
	struct script script;
	unsigned int steps; /* done in this round */
	unsigned int home;  /* threads that have ended */
};

/* give - the job to worker NUMBER, who is then to be woken at the address returned. */
static uint32_t *give(struct pool *pool, unsigned int number)
{
	uint32_t *word = &pool->worker[number % WORKERS].has_job;

	__atomic_store_n(word, 1, __ATOMIC_SEQ_CST);
	return word;
}

/* not_me - NUMBER, or the next if that is oneself. */
static unsigned int not_me(struct worker *me, unsigned int number)
{
	return number == me->number ? number + 1 : number;
}

/* The ways to hand the job on. */

static void to_next(struct pool *pool, struct worker *me)
{
	LLL_FUTEX_WAKE(give(pool, me->number + 1), 1);
}

static void to_previous(struct pool *pool, struct worker *me)
{
	LLL_FUTEX_WAKE(give(pool, me->number + WORKERS - 1), 1);
}

static void to_opposite(struct pool *pool, struct worker *me)
{
	LLL_FUTEX_WAKE(give(pool, me->number + WORKERS / 2), 1);
}

static void to_partner(struct pool *pool, struct worker *me)
{
	LLL_FUTEX_WAKE(give(pool, me->number ^ 1), 1);
}

static void to_any(struct pool *pool, struct worker *me)
{
	LLL_FUTEX_WAKE(give(pool, not_me(me, seed_mix(pool->steps, 0) % WORKERS)), 1);
}

static void to_first(struct pool *pool, struct worker *me)
{
	wake(give(pool, not_me(me, 0)), 1);
}

static void to_last(struct pool *pool, struct worker *me)
{
	wake(give(pool, not_me(me, WORKERS - 1)), 1);
}

static void to_most_busy(struct pool *pool, struct worker *me)
{
	unsigned int i, most = not_me(me, 0);

	for (i = 1; i < WORKERS; i++) {
		if (i != me->number && pool->worker[i].jobs > pool->worker[most].jobs)
			most = i;
	}
	wake(give(pool, most), 1);
}

static void to_least_busy(struct pool *pool, struct worker *me)
{
	unsigned int i, least = not_me(me, 0);

	for (i = 1; i < WORKERS; i++) {
		if (i != me->number && pool->worker[i].jobs < pool->worker[least].jobs)
			least = i;
	}
	wake(give(pool, least), 1);
}

static void to_longest_idle(struct pool *pool, struct worker *me)
{
	unsigned int i, longest = not_me(me, 0);

	for (i = 1; i < WORKERS; i++) {
		if (pool->worker[i].since < pool->worker[longest].since)
			longest = i;
	}
	wake(give(pool, longest), 1);
}

static void (*const ways[])(struct pool *pool, struct worker *me) = {
	to_next,  to_previous, to_opposite,  to_partner,    to_any,
	to_first, to_last,     to_most_busy, to_least_busy, to_longest_idle,
};

static void wait_for_job(struct worker *me)
{
	while (!__atomic_exchange_n(&me->has_job, 0, __ATOMIC_SEQ_CST))
		syscall(SYS_futex, &me->has_job, FUTEX_WAIT_PRIVATE, 0, NULL);
}

/* The day is over: each thread tells the next one, and ends. */
static void go_home(struct pool *pool, struct worker *me)
{
	if (++pool->home < WORKERS)
		LLL_FUTEX_WAKE(give(pool, me->number + 1), 1);
}

static void *work(void *arg)
{
	struct worker *me = arg;
	struct pool *pool = me->pool;
	unsigned int step;

	STAP_PROBE3(libpthread, pthread_start, pthread_self(), work, arg);
	for (;;) {
		wait_for_job(me);
		step = pool->steps;
		if (step == pool->script.steps)
			break;
		script_pause(&pool->script);
		me->jobs++;
		me->since = ++pool->steps;
		ways[pool->script.step[step].kind](pool, me);
	}
	go_home(pool, me);
	return NULL;
}

static void start(struct pool *pool, unsigned int number)
{
	struct worker *worker = &pool->worker[number];

	*worker = (struct worker){.number = number, .pool = pool};
	STAP_PROBE4(libpthread, pthread_create, &worker->thread, NULL, work, worker);
	errno = pthread_create(&worker->thread, NULL, work, worker);
	if (errno) {
		perror(program_invocation_short_name);
		exit(1);
	}
}

static void play(struct pool *pool, unsigned int round)
{
	unsigned int i;

	STAP_PROBE1(waker, round, round);
	script_shuffle(&pool->script, round);
	pool->steps = pool->home = 0;
	for (i = 0; i < WORKERS; i++)
		start(pool, i);
	LLL_FUTEX_WAKE(give(pool, 0), 1);
	for (i = 0; i < WORKERS; i++)
		pthread_join(pool->worker[i].thread, NULL);
}

int main(void)
{
	static struct pool pool;
	unsigned int round = 0;

	script_write(&pool.script, seed_read(), sizeof(ways) / sizeof(ways[0]));
	heartbeat_start("a round of jobs a second");
	for (;;) {
		heartbeat("rounds", ++round);
		play(&pool, round);
	}
}
