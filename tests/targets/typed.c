// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arguments of many types, most of them variables or members. tests/27-types.bats reads
 * the probes' lines: what stands in a probe is what its argument is called. So each probe
 * is on one line, and no argument has a comma in it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/sdt.h>
#include <unistd.h>

#define APART __attribute__((noinline))

enum state { IDLE, BUSY = 5, DONE = 200, LOST = -1 };

struct position {
	short x;
	unsigned char y;
};

struct request {
	int id;
	enum state state;
	const char *path;
	struct position pos;
	bool urgent;
	struct request *next;
	char tag[8];
	union {
		uint64_t number;
		void *address;
	};
	struct {
		unsigned long bytes;
		float share;
	} sent;
	long counts[4];
	int (*compare)(const void *, const void *);
};

int counter = 3;
static long own_counter = 4;
static struct request shared = {.id = 17, .state = BUSY};
__thread int of_thread = 6;
volatile int sink;

/* Whatever it returns, the compiler cannot know it. */
static APART long unknown(long n)
{
	asm volatile("" : "+r"(n)::"memory");
	return n;
}

static APART int parameters(int n, unsigned char letter, const char *text, bool flag,
			    unsigned long big, int16_t small)
{
	STAP_PROBE6(typed, parameters, n, letter, text, flag, big, small);
	sink = n + letter + *text + flag + big + small;
	STAP_PROBE2(typed, parameters_later, text, n);
	return n + *text + unknown(small);
}

static APART int locals(int argc, char *argv[])
{
	int count = unknown(argc);
	char *first = (char *)unknown((long)argv[0]);
	int64_t wide = unknown(77);
	const enum state state = unknown(BUSY);
	unsigned int mask = unknown(0xff00);

	STAP_PROBE5(typed, locals, count, first, wide, state, mask);
	{
		long inner = unknown(wide);

		STAP_PROBE2(typed, block, inner, argv);
		sink = inner;
	}
	STAP_PROBE3(typed, expressions, count + 1, (short)wide, mask & 15);
	return count + *first + wide + state + mask;
}

static APART long members(struct request *req, const struct request *other)
{
	STAP_PROBE5(typed, members, req, req->id, req->path, req->state, req->urgent);
	STAP_PROBE3(typed, deeper, req->pos.x, req->pos.y, req->counts[2]);
	STAP_PROBE4(typed, others, other, other->next, other->compare, other->id);
	sink = req->id + other->id;
	return (long)req + (long)other;
}

static APART long on_stack(int n)
{
	struct request req = {.id = unknown(n), .pos = {.x = unknown(2)}};
	volatile struct position pos = {unknown(8), unknown(9)};
	int numbers[4] = {n, n + 1, n + 2, n + 3};

	unknown((long)&req);
	unknown((long)&pos);
	unknown((long)numbers);
	STAP_PROBE4(typed, on_stack, req.id, req.pos.x, req.sent.bytes, numbers[2]);
	STAP_PROBE2(typed, addresses, &req, &numbers[1]);
	return members(&req, (void *)unknown((long)&shared)) + pos.x;
}

static APART int globals(int n)
{
	static unsigned int kept;

	kept += n;
	STAP_PROBE5(typed, globals, counter, own_counter, shared.id, shared.state, n);
	STAP_PROBE2(typed, kept, kept, of_thread);
	own_counter += n;
	return n + shared.id + (int)unknown((long)&shared) + of_thread;
}

static APART int floats(double real, float single)
{
	double other = real * unknown(3);

	unknown((long)&other);
	STAP_PROBE1(typed, floats, other);
	return other + single;
}

/* Where the compiler optimises, level is a constant in one of the copies. */
static inline __attribute__((always_inline)) int inlined(int level, const char *word)
{
	STAP_PROBE2(typed, inlined, level, word);
	sink = level;
	return *word;
}

static APART int callers(int depth, const char *name)
{
	int sum = inlined(depth, name);

	sum += inlined(3, "three");
	STAP_PROBE2(typed, literals, 3, depth);
	return sum + unknown(depth);
}

static APART long pointers(void *any, struct request **all, const int *values,
			   uint8_t *bytes)
{
	STAP_PROBE4(typed, pointers, any, all, values, bytes);
	STAP_PROBE2(typed, pointees, *values, values[2]);
	sink = *values + *bytes;
	return (long)any + (long)all;
}

int main(int argc, char *argv[])
{
	struct request req = {.id = 1, .path = "p", .next = &shared};
	struct request *all[] = {&req, &shared};
	int values[] = {argc, 2, 3};
	long sum = parameters(argc, 'x', argv[0], argc > 1, ~0ul, -3);

	sum += locals(argc, argv) + members(&req, all[argc % 2]) + on_stack(argc);
	sum += globals(argc) + floats(1.5, 0.25f) + callers(argc, argv[0]);
	sum += pointers(&req, all, values, (uint8_t *)argv[0]);
	if (argc > 1)
		pause();
	return sum == 0;
}
