// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Semaphores: pay for a probe's arguments only while somebody looks. A program that maps
 * regions of memory, round after round, and whose probe large_map hands over a number
 * that it takes long to find out. So it asks first: is anybody tracing?
 *
 * A semaphore is a 16-bit counter that the probe's note gives the address of. Whoever
 * traces raises it, by way of the place it has in the file.
 */

/* Ahead of sdt.h; with it, every probe of this file must have one. */
#define _SDT_HAS_SEMAPHORES 1
#include <stdint.h>
#include <sys/sdt.h>
#include <unistd.h>

#include "heartbeat.h"
#include "regions.h"
#include "seed.h"

/* The name is sdt.h's. Volatile, as no line of this program ever changes it. */
#define SEMAPHORE(probe) volatile unsigned short mapper_##probe##_semaphore
#define ENABLED(probe) __builtin_expect(mapper_##probe##_semaphore, 0)

#define PROBES __attribute__((section(".probes"))) /* the customary place */
#define DATA __attribute__((section(".data")))	   /* is in the file too */

/* Traced, but never asked for: these probes have their arguments at hand. */
SEMAPHORE(round) PROBES;
SEMAPHORE(call_start) PROBES;
SEMAPHORE(call_end) PROBES;
SEMAPHORE(walks) PROBES;

/* Asked for before they are reached. */
SEMAPHORE(large_map) PROBES;
SEMAPHORE(unmap) PROBES;
SEMAPHORE(advise) DATA;
SEMAPHORE(compact); /* all zero, so it goes to .bss, of which a file has not a byte */
SEMAPHORE(refused) PROBES;

#define MOST (1ull << 40) /* bytes: larger than all there are */

static void map_anonymous(struct regions *all, const struct region *region)
{
	map_pages(all);
	if (ENABLED(large_map)) {
		int phys_pages = get_num_physical_pages(all, region); /* very expensive */

		DTRACE_PROBE2(mapper, large_map, region->pgsz * region->numpgs,
			      phys_pages);
	}
}

static void map_file(struct regions *all, const struct region *region)
{
	map_pages(all);
	if (ENABLED(large_map)) {
		int phys_pages = get_num_physical_pages(all, region);

		DTRACE_PROBE2(mapper, large_map, region->pgsz * region->numpgs,
			      phys_pages);
	}
}

static void map_shared(struct regions *all, const struct region *region)
{
	map_pages(all);
	if (ENABLED(large_map)) {
		int phys_pages = get_num_physical_pages(all, region);

		DTRACE_PROBE2(mapper, large_map, region->pgsz * region->numpgs,
			      phys_pages);
	}
}

static void map_large_region(struct regions *all, const struct region *region)
{
	DTRACE_PROBE1(mapper, call_start, region->number);
	if (region->number % 3 == 0)
		map_anonymous(all, region);
	else if (region->number % 3 == 1)
		map_file(all, region);
	else
		map_shared(all, region);
	DTRACE_PROBE1(mapper, call_end, region->number);
}

static void use_region(const struct region *region)
{
	uint64_t bytes = region->pgsz * region->numpgs;

	if (bytes > MOST && ENABLED(refused))
		DTRACE_PROBE1(mapper, refused, bytes);
	usleep(24000);
	if (ENABLED(advise))
		DTRACE_PROBE2(mapper, advise, bytes, region->numpgs);
	usleep(24000);
	if (ENABLED(unmap))
		DTRACE_PROBE1(mapper, unmap, bytes);
}

int main(void)
{
	unsigned long rounds = 0, calls = 0;
	struct regions all;
	unsigned int i;

	regions_init(&all, seed_read());
	heartbeat_start("twenty regions a second");
	for (;;) {
		rounds++;
		DTRACE_PROBE1(mapper, round, rounds);
		for (i = 0; i < REGIONS; i++) {
			const struct region *region =
				&all.region[(i * 3 + rounds) % REGIONS];

			map_large_region(&all, region);
			calls++;
			DTRACE_PROBE2(mapper, walks, calls, all.walks);
			use_region(region);
			heartbeat("calls", calls);
		}
		if (ENABLED(compact))
			DTRACE_PROBE1(mapper, compact, rounds);
	}
}
