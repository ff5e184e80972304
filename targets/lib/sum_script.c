// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "seed.h"
#include "sum_script.h"

#define ALWAYS_FAILS 5	  /* calls of the client whose every call fails */
#define OFTEN_FAILS 6	  /* failures of the client that has most of them */
#define LEAST_CALLS 5	  /* of the method called least */
#define CALLS_APART 8	  /* from one method to the next */
#define SLOW_US 40000	  /* the least that the slow method is slow */
#define SLOW_STEPS 29	  /* a tenth more each */
#define HALF 0x40000001	  /* twice that is more than an i32 can be, up or down */
#define LAST_NUMBER 99991 /* a prime: a walk by any step meets no number twice */

/* Numbers drawn one after the other: the same seed gives the same sequence. */
struct draw {
	uint64_t seed, n;
};

/* The parties of a round. */
struct roles {
	enum sum_method fails;
	unsigned int always, often; /* clients */
	unsigned int next;	    /* client to be dealt a call */
};

static uint64_t below(struct draw *draw, uint64_t limit)
{
	return seed_mix(draw->seed, draw->n++) % limit;
}

/* Two or three syllables, e.g. "ketora". */
static void make_word(struct draw *draw, char *out)
{
	static const char onsets[] = "bdfghjklmnprstvz", vowels[] = "aeiou";
	uint64_t syllables = 2 + below(draw, 2);

	while (syllables--) {
		*out++ = onsets[below(draw, sizeof(onsets) - 1)];
		*out++ = vowels[below(draw, sizeof(vowels) - 1)];
	}
	*out = '\0';
}

static void make_text(struct draw *draw, char *out, const char *format)
{
	char one[SUM_KEY_MAX], other[SUM_KEY_MAX];

	make_word(draw, one);
	make_word(draw, other);
	snprintf(out, SUM_TEXT_MAX, format, one, other);
}

static void make_store(struct sum_script *script, struct draw *draw)
{
	static const char *const formats[] = {"%s", "%s %s", "%s, once %s",
					      "%s by way of %s"};
	unsigned int i;

	/* A digit of its own behind the word keeps keys apart. */
	for (i = 0; i < SUM_KEYS; i++) {
		make_word(draw, script->keys[i]);
		snprintf(script->keys[i] + strlen(script->keys[i]), 4, "%u", i);
		make_text(draw, script->values[i], formats[below(draw, 4)]);
		script->numbers[i] = below(draw, 2000000) - 1000000;
	}
	make_word(draw, script->no_key);
	make_word(draw, script->by_zero);
	make_word(draw, script->not_found);
	script->dividend = below(draw, 1000000);
}

/* Large numbers, whose sum is small: only one pair of a round has the same sign. */
static void make_sum(struct draw *draw, struct sum_call *call, bool overflows)
{
	int32_t sign = below(draw, 2) ? 1 : -1;

	call->num1 = sign * (int32_t)(HALF + below(draw, 0x3f000000));
	call->num2 = sign * (int32_t)(HALF + below(draw, 0x3f000000));
	if (!overflows)
		call->num2 = -call->num2;
}

static void make_call(const struct sum_script *script, struct draw *draw, bool fails,
		      struct sum_call *call)
{
	const char *key = script->keys[below(draw, SUM_KEYS)];

	switch (call->method) {
	case SUM_DIVIDE:
		call->num1 = fails ? script->dividend : (int32_t)below(draw, 1000000);
		call->num2 = fails ? 0 : 1 + below(draw, 999);
		break;
	case SUM_LOOKUP:
		key = fails ? script->no_key : key;
		call->key = (struct thrift_text){key, strlen(key)};
		break;
	case SUM_TOTAL:
		call->count = 1 + below(draw, SUM_KEYS - 1);
		call->numbers = (int32_t *)script->numbers;
		break;
	default:
		make_sum(draw, call, fails);
	}
}

static void give(struct sum_script *script, struct draw *draw, unsigned int client,
		 enum sum_method method, bool fails)
{
	struct sum_call *call =
		&script->clients[client].calls[script->clients[client].count++];

	*call = (struct sum_call){.method = method};
	make_call(script, draw, fails, call);
}

/* To one client after the other, but for the one whose every call fails. */
static void deal(struct sum_script *script, struct draw *draw, struct roles *roles,
		 enum sum_method method, bool fails)
{
	roles->next = (roles->next + 1) % SUM_CLIENTS;
	if (roles->next == roles->always)
		roles->next = (roles->next + 1) % SUM_CLIENTS;
	give(script, draw, roles->next, method, fails);
}

/* Returns how many. */
static unsigned int deal_failures(struct sum_script *script, struct draw *draw,
				  struct roles *roles)
{
	unsigned int i;

	for (i = 0; i < ALWAYS_FAILS; i++)
		give(script, draw, roles->always, roles->fails, true);
	for (i = 0; i < OFTEN_FAILS; i++)
		give(script, draw, roles->often, roles->fails, true);
	deal(script, draw, roles, roles->fails, true);
	return ALWAYS_FAILS + OFTEN_FAILS + 1;
}

/* The methods in an order of the seed's: the first is called most. */
static void shuffle(struct draw *draw, enum sum_method order[SUM_METHODS])
{
	unsigned int i, j;

	for (i = 0; i < SUM_METHODS; i++) {
		j = below(draw, i + 1);
		order[i] = order[j];
		order[j] = i;
	}
}

/* Of the two that declare an exception; the slow one has too few calls for it. */
static enum sum_method choose_failing(struct draw *draw, enum sum_method slow)
{
	bool divide = below(draw, 2);

	if (slow == SUM_DIVIDE || slow == SUM_LOOKUP)
		divide = slow == SUM_LOOKUP;
	return divide ? SUM_DIVIDE : SUM_LOOKUP;
}

/* By ratios: as many seeds near 40 ms as near 600. */
static unsigned int make_slowness(struct draw *draw)
{
	unsigned int us = SLOW_US, steps = below(draw, SLOW_STEPS);

	while (steps--)
		us += us / 10;
	return us + below(draw, us / 10);
}

static void make_round(struct sum_script *script, struct draw *draw)
{
	enum sum_method order[SUM_METHODS];
	struct roles roles;
	unsigned int i, calls, done;

	shuffle(draw, order);
	script->slow = order[SUM_METHODS - 1];
	script->slow_us = make_slowness(draw);
	roles.fails = choose_failing(draw, script->slow);
	roles.always = below(draw, SUM_CLIENTS);
	roles.often = (roles.always + 1 + below(draw, SUM_CLIENTS - 1)) % SUM_CLIENTS;
	roles.next = below(draw, SUM_CLIENTS);
	for (i = 0; i < SUM_METHODS; i++) {
		calls = LEAST_CALLS + CALLS_APART * (SUM_METHODS - 1 - i) +
			below(draw, 4);
		done = 0;
		if (order[i] == roles.fails)
			done = deal_failures(script, draw, &roles);
		for (; done < calls; done++)
			deal(script, draw, &roles, order[i],
			     order[i] == SUM_SUM && done == 0);
	}
}

void sum_script_make(struct sum_script *script, uint64_t seed)
{
	struct draw draw = {seed, 0};

	memset(script, 0, sizeof(*script));
	script->seed = seed;
	script->first_request = 10000000 + below(&draw, 1000000000);
	make_store(script, &draw);
	make_round(script, &draw);
}

const char *sum_script_value(const struct sum_script *script, struct thrift_text key)
{
	unsigned int i;

	for (i = 0; i < SUM_KEYS; i++) {
		if (strlen(script->keys[i]) == key.size &&
		    !memcmp(script->keys[i], key.bytes, key.size))
			return script->values[i];
	}
	return NULL;
}

/*
 * A walk through the numbers up to a prime; the two transports have the even and the odd
 * ones, so that which of them accepts first makes no difference.
 */
uint32_t sum_script_connection(const struct sum_script *script, enum transport transport,
			       unsigned int n)
{
	uint64_t start = seed_mix(script->seed, ~0ull),
		 step = seed_mix(script->seed, ~1ull);

	return 2 * ((start + (step % (LAST_NUMBER - 1) + 1) * n) % LAST_NUMBER) +
	       1000 * TRANSPORTS + transport;
}
