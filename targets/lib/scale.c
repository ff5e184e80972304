// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "heartbeat.h"
#include "scale.h"
#include "seed.h"

#define LOADS 4 /* in a row */
#define MOST 8	/* weights a load */

int scale_run(balance_fn *balance)
{
	uint64_t seed = seed_read();
	unsigned long rows, load, i;
	int weights[MOST];

	heartbeat_start("ten rows of loads a second, all alike");
	for (rows = 1;; rows++) {
		for (load = 0; load < LOADS; load++) {
			unsigned long count = 3 + seed_mix(seed, load) % (MOST - 2);

			for (i = 0; i < MOST; i++)
				weights[i] = 1 + seed_mix(seed, load * MOST + i) % 999;
			for (i = 0; i < MOST; i += 2)
				weights[i] = -weights[i];
			balance(weights, count);
		}
		heartbeat("rows", rows);
		usleep(100000);
	}
}
