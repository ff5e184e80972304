// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A mapper as it may have begun: at each call it finds out how many of the
 * region's pages are in memory, and nobody wants to know but those who trace
 * large_map. Mostly that is nobody.
 */
#include <sys/sdt.h>
#include <unistd.h>

#include "heartbeat.h"
#include "regions.h"
#include "seed.h"

static void map_large_region(struct regions *all, const struct region *region)
{
	/* Very expensive. */
	int phys_pages = get_num_physical_pages(all, region);

	map_pages(all);
	DTRACE_PROBE2(mapper, large_map, region->pgsz * region->numpgs, phys_pages);
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
