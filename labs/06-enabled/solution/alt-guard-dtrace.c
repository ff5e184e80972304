// SPDX-License-Identifier: GPL-2.0-or-later
/* A right answer to guard, with what `dtrace -h` makes of a description of the probes. */
#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>
#include <unistd.h>

#include "heartbeat.h"
#include "regions.h"
#include "seed.h"

#define MAPPER_LARGE_MAP_ENABLED() __builtin_expect(mapper_large_map_semaphore, 0)
#define MAPPER_LARGE_MAP(arg1, arg2) DTRACE_PROBE2(mapper, large_map, arg1, arg2)
#define MAPPER_WALKS(arg1, arg2) DTRACE_PROBE2(mapper, walks, arg1, arg2)

__extension__ unsigned short mapper_large_map_semaphore __attribute__((unused))
__attribute__((section(".probes")));
__extension__ unsigned short mapper_walks_semaphore __attribute__((unused))
__attribute__((section(".probes")));

static void map_large_region(struct regions *all, const struct region *region)
{
	map_pages(all);
	if (MAPPER_LARGE_MAP_ENABLED())
		MAPPER_LARGE_MAP(region->pgsz * region->numpgs,
				 get_num_physical_pages(all, region));
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
		MAPPER_WALKS(calls, all.walks);
		heartbeat("calls", calls);
		usleep(100000);
	}
}
