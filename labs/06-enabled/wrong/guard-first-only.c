// SPDX-License-Identifier: GPL-2.0-or-later
/* guard: right the first time */
#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>
#include <unistd.h>

#include "heartbeat.h"
#include "regions.h"
#include "seed.h"

/* With _SDT_HAS_SEMAPHORES every probe of this file has one. */
volatile unsigned short mapper_large_map_semaphore __attribute__((section(".probes")));
volatile unsigned short mapper_walks_semaphore __attribute__((section(".probes")));

static int known;

static void map_large_region(struct regions *all, const struct region *region)
{
	map_pages(all);
	if (mapper_large_map_semaphore) {
		int phys_pages = known ?: (known = get_num_physical_pages(all, region));

		DTRACE_PROBE2(mapper, large_map, region->pgsz * region->numpgs,
			      phys_pages);
	}
}

int main(void)
{
	unsigned long calls = 0;
	struct regions all;

	regions_init(&all, seed_read());
	heartbeat_start("ten regions a second");
	for (;;) {
		map_large_region(&all, &all.region[calls % REGIONS]);
		calls++;
		/* So many calls, and so many times was the number found out. */
		DTRACE_PROBE2(mapper, walks, calls, all.walks);
		heartbeat("calls", calls);
		usleep(100000);
	}
}
