// SPDX-License-Identifier: GPL-2.0-or-later
/* A right answer to guard, with three macros as other libraries have them. */
#define SDT_USE_VARIADIC
#define _SDT_HAS_SEMAPHORES 1
#include <sys/sdt.h>
#include <unistd.h>

#include "heartbeat.h"
#include "regions.h"
#include "seed.h"

#define DEFINE_SEMAPHORE(provider, name)                      \
	volatile unsigned short provider##_##name##_semaphore \
		__attribute__((section(".probes")))
#define IS_ENABLED(provider, name) (provider##_##name##_semaphore != 0)
#define WITH_SEMAPHORE(provider, name, ...) STAP_PROBEV(provider, name, __VA_ARGS__)

DEFINE_SEMAPHORE(mapper, large_map);
DEFINE_SEMAPHORE(mapper, walks);

static void map_large_region(struct regions *all, const struct region *region)
{
	map_pages(all);
	if (IS_ENABLED(mapper, large_map)) {
		int phys_pages = get_num_physical_pages(all, region); /* very expensive */

		WITH_SEMAPHORE(mapper, large_map, region->pgsz * region->numpgs,
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
		WITH_SEMAPHORE(mapper, walks, calls, all.walks);
		heartbeat("calls", calls);
		usleep(100000);
	}
}
