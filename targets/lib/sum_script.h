/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the target sumd makes up from its seed: what it keeps under which key, how its
 * exceptions read, which of its methods is slow, and the calls that its own clients make
 * in a round. A round has the same calls each time.
 *
 * In a round
 *	no two methods are called equally often; the one called least is slow;
 *	one of the others, divide or lookup, fails at times, in the way it declares;
 *	one connection's every call fails, another's calls fail more often but not all;
 *	one sum, and no other, does not fit its type.
 */
#ifndef SUM_SCRIPT_H
#define SUM_SCRIPT_H

#include "sum_messages.h"
#include "thrift_socket.h"

#define SUM_CLIENTS 8	 /* by TCP and by the Unix socket in turn */
#define SUM_CALLS_MAX 40 /* of one client, in a round */
#define SUM_KEYS 24
#define SUM_KEY_MAX 16
#define SUM_TEXT_MAX 64

struct sum_script {
	uint64_t seed;
	uint64_t first_request; /* requests are counted from there */
	char keys[SUM_KEYS][SUM_KEY_MAX];
	char values[SUM_KEYS][SUM_TEXT_MAX];
	char no_key[SUM_KEY_MAX]; /* nothing is kept under this one */
	char by_zero[SUM_KEY_MAX], not_found[SUM_KEY_MAX]; /* whom exceptions speak of */
	int32_t dividend;				   /* of the divisions by zero */
	enum sum_method slow;
	unsigned int slow_us;	   /* what that one takes longer than the others */
	int32_t numbers[SUM_KEYS]; /* what is totalled comes from these */
	struct {
		struct sum_call calls[SUM_CALLS_MAX];
		unsigned int count;
	} clients[SUM_CLIENTS];
};

void sum_script_make(struct sum_script *script, uint64_t seed);

/* sum_script_value - what is kept under KEY, or NULL. */
const char *sum_script_value(const struct sum_script *script, struct thrift_text key);

/* sum_script_connection - the number of the Nth connection of a transport. */
uint32_t sum_script_connection(const struct sum_script *script, enum transport transport,
			       unsigned int n);

#endif
