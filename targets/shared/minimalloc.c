// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Probes of a library, by a macro of its own. Nowhere below does the provider stand
 *beside a probe's name: LIBRARY_PROBE puts it there, so that all probes of the library
 *have the same one, and makes of the number of arguments which macro of sys/sdt.h is
 *meant.
 *
 *	LIBRARY_PROBE(memory_mallopt, 2, param, value)
 *	STAP_PROBE2(minimalloc, memory_mallopt, param, value)
 *
 * The library is a small malloc, and has probes that the GNU C library has, too, where it
 * is built with them. Memory comes from arenas. Each is a heap, memory of the kernel's,
 * and belongs to a thread; a thread that ends leaves its arena to others. If there are
 * ARENA_MAX of them already, threads have to share.
 *
 * In an arena memory is only ever taken from behind what is taken already. What is put
 * back is kept for the next of its size if it is small (MXFAST), else it is lost until
 * all is back; then the arena starts over, and gives to the kernel what is more than
 * TRIM_THRESHOLD.
 */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sdt.h>

#include "minimalloc.h"

#define PROVIDER minimalloc
#define LIBRARY_PROBE(name, n, ...) STAP_PROBE##n(PROVIDER, name, ##__VA_ARGS__)

#define HEAP_SIZE (1024 * 1024)
#define BREAK_STEP (64 * 1024)
#define LARGE (64 * 1024) /* from this size on a chunk has a heap of its own */
#define STEP 16
#define MXFAST_MAX 1024

/* Stands in front of the memory that is handed out. */
struct chunk {
	size_t size;	     /* with this */
	struct arena *arena; /* NULL: it has a heap of its own */
	struct chunk *next[];
};

/* Stands at the start of its heap. Up to .brk memory is in use, or may be. */
struct arena {
	pthread_mutex_t lock;
	struct arena *next, *next_free;
	struct chunk *fast[MXFAST_MAX / STEP + 1];
	unsigned int users, taken; /* threads, and chunks that are not back yet */
	char *top, *brk;
};

/* Where attempt() goes on if there is no memory, and who called it. */
struct way_out {
	jmp_buf env;
	void *caller;
};

static int mxfast = 128, trim_threshold = 128 * 1024, arena_max = 1;

/* The lists of all arenas and of those that nobody uses. */
static pthread_mutex_t lists = PTHREAD_MUTEX_INITIALIZER;
static struct arena *arenas, *free_arenas;
static int arena_count;
static unsigned int waiting_threads;

static __thread struct arena *my_arena;
static __thread struct way_out *way_out;

static size_t round_up(size_t size, size_t step)
{
	return (size + step - 1) / step * step;
}

static char *start_of(struct arena *arena)
{
	return (char *)arena + round_up(sizeof(*arena), STEP);
}

static void *heap_new(size_t size)
{
	void *heap = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	if (heap == MAP_FAILED)
		return NULL;
	LIBRARY_PROBE(memory_heap_new, 2, heap, size);
	return heap;
}

/* Arenas. Each of these returns one that is locked. */

static struct arena *arena_new(void)
{
	struct arena *arena = heap_new(HEAP_SIZE);

	if (!arena)
		return NULL;
	pthread_mutex_init(&arena->lock, NULL);
	pthread_mutex_lock(&arena->lock);
	arena->top = arena->brk = start_of(arena);
	arena->next = arenas;
	arenas = arena;
	arena_count++;
	return arena;
}

static struct arena *arena_reuse_free(void)
{
	struct arena *arena = free_arenas;

	LIBRARY_PROBE(memory_arena_reuse_free_list, 1, arena);
	free_arenas = arena->next_free;
	pthread_mutex_lock(&arena->lock);
	return arena;
}

static struct arena *arena_reuse(void)
{
	struct arena *arena = arenas;

	while (arena && pthread_mutex_trylock(&arena->lock))
		arena = arena->next;
	if (!arena) {
		arena = arenas;
		LIBRARY_PROBE(memory_arena_reuse_wait, 3, &arena->lock, arena,
			      arena->users);
		__atomic_add_fetch(&waiting_threads, 1, __ATOMIC_SEQ_CST);
		pthread_mutex_lock(&arena->lock);
		__atomic_sub_fetch(&waiting_threads, 1, __ATOMIC_SEQ_CST);
	}
	LIBRARY_PROBE(memory_arena_reuse, 2, arena, arena->users);
	return arena;
}

static struct arena *arena_get(void)
{
	if (my_arena) {
		pthread_mutex_lock(&my_arena->lock);
		return my_arena;
	}
	pthread_mutex_lock(&lists);
	if (free_arenas)
		my_arena = arena_reuse_free();
	else if (arena_count < arena_max)
		my_arena = arena_new();
	else
		my_arena = arena_reuse();
	if (my_arena)
		my_arena->users++;
	pthread_mutex_unlock(&lists);
	return my_arena;
}

static void lock(void)
{
	arena_get();
}

static void unlock(void)
{
	pthread_mutex_unlock(&my_arena->lock);
}

static unsigned int waiting(void)
{
	return __atomic_load_n(&waiting_threads, __ATOMIC_SEQ_CST);
}

static void leave(void)
{
	struct arena *arena = my_arena;

	if (!arena)
		return;
	pthread_mutex_lock(&lists);
	if (!--arena->users) {
		arena->next_free = free_arenas;
		free_arenas = arena;
	}
	my_arena = NULL;
	pthread_mutex_unlock(&lists);
}

/* Chunks. */

static struct chunk *take_fast(struct arena *arena, size_t size)
{
	struct chunk *chunk = size <= MXFAST_MAX ? arena->fast[size / STEP] : NULL;

	if (chunk)
		arena->fast[size / STEP] = *chunk->next;
	return chunk;
}

static struct chunk *take_top(struct arena *arena, size_t size)
{
	struct chunk *chunk = (struct chunk *)arena->top;

	if (size > (size_t)((char *)arena + HEAP_SIZE - arena->top))
		return NULL;
	arena->top += size;
	if (arena->top > arena->brk)
		arena->brk =
			(char *)arena + round_up(arena->top - (char *)arena, BREAK_STEP);
	*chunk = (struct chunk){.size = size, .arena = arena};
	return chunk;
}

/* All is back: as if nothing had ever been taken. */
static void start_over(struct arena *arena)
{
	void *brk = (char *)arena + BREAK_STEP;
	long unused = arena->brk - (char *)brk;

	memset(arena->fast, 0, sizeof(arena->fast));
	arena->top = start_of(arena);
	if (unused <= trim_threshold)
		return;
	madvise(brk, unused, MADV_DONTNEED);
	arena->brk = brk;
	LIBRARY_PROBE(memory_sbrk_less, 2, unused, brk);
}

static void *get_large(size_t size)
{
	struct chunk *chunk = heap_new(size);

	if (!chunk)
		return NULL;
	chunk->size = size;
	return chunk->next;
}

static void *no_memory(void)
{
	if (!way_out)
		return NULL;
	LIBRARY_PROBE(longjmp, 3, way_out, ENOMEM, way_out->caller);
	longjmp(way_out->env, ENOMEM);
}

static void *get(size_t size)
{
	struct chunk *chunk = NULL;
	struct arena *arena;

	size = round_up(sizeof(*chunk) + size, STEP);
	if (size >= LARGE)
		return get_large(size) ?: no_memory();
	arena = arena_get();
	if (arena) {
		chunk = take_fast(arena, size) ?: take_top(arena, size);
		arena->taken += chunk != NULL;
		unlock();
	}
	return chunk ? chunk->next : no_memory();
}

static void put(void *memory)
{
	struct chunk *chunk = (struct chunk *)memory - 1;
	struct arena *arena = chunk->arena;

	if (!arena) {
		munmap(chunk, chunk->size);
		return;
	}
	pthread_mutex_lock(&arena->lock);
	if (!--arena->taken) {
		start_over(arena);
	} else if (chunk->size <= (size_t)mxfast) {
		*chunk->next = arena->fast[chunk->size / STEP];
		arena->fast[chunk->size / STEP] = chunk;
	}
	pthread_mutex_unlock(&arena->lock);
}

/*
 * The probes are in the functions that call setjmp() and longjmp(): both come from
 * elsewhere.
 */
static bool attempt(void (*work)(void *arg), void *arg)
{
	struct way_out here = {.caller = __builtin_return_address(0)};
	struct way_out *volatile outer = way_out;
	int value;

	LIBRARY_PROBE(setjmp, 3, &here, 0, here.caller);
	value = setjmp(here.env);
	if (!value) {
		way_out = &here;
		work(arg);
	} else {
		LIBRARY_PROBE(longjmp_target, 3, &here, value, here.caller);
	}
	way_out = outer;
	return !value;
}

static int get_mxfast(void)
{
	return mxfast;
}

/* Sizes come in steps, so a limit in between is the same as the step below it. */
static int set_mxfast(int value)
{
	if (value < 0 || value > MXFAST_MAX)
		return 0;
	LIBRARY_PROBE(memory_mallopt_mxfast, 2, value, get_mxfast());
	mxfast = value / STEP * STEP;
	return 1;
}

static int set_option(int param, int value)
{
	LIBRARY_PROBE(memory_mallopt, 2, param, value);
	switch (param) {
	case M_MXFAST:
		return set_mxfast(value);
	case M_TRIM_THRESHOLD:
		trim_threshold = value;
		return 1;
	case M_ARENA_MAX:
		if (value < 1)
			return 0;
		arena_max = value;
		return 1;
	default:
		return 0;
	}
}

const struct minimalloc minimalloc = {
	.mallopt = set_option,
	.get = get,
	.put = put,
	.attempt = attempt,
	.lock = lock,
	.unlock = unlock,
	.waiting = waiting,
	.leave = leave,
};
