/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clients of sumd: threads that play the script's calls, each on a connection of its
 * own, through the sockets like any client.
 */
#ifndef SUM_LOAD_H
#define SUM_LOAD_H

#include "sum_script.h"

struct sum_load;

/*
 * sum_load_start - connect and wait. SCRIPT must stay. A client that is not answered ends
 * the program with a message.
 */
struct sum_load *sum_load_start(const struct sum_script *script,
				const struct thrift_address *address);

/* sum_load_play - one round; returns when every call was answered. */
void sum_load_play(struct sum_load *load, unsigned long round);

#endif
