/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Regions of memory for a program that maps them, and a page table that tells how much of
 * each is really there. All of it is made up from a seed, and nothing is mapped; what
 * does cost is the time, which differs from seed to seed and not from machine to machine.
 */
#ifndef REGIONS_H
#define REGIONS_H

#include <stdint.h>

#define REGIONS 20

struct region {
	unsigned int number; /* from 0 */
	uint64_t pgsz;	     /* bytes in one of its pages */
	uint32_t numpgs;     /* no two regions have the same pgsz * numpgs */
};

struct regions {
	struct region region[REGIONS];
	unsigned long walks; /* so many times was the page table walked */

	/* Nobody else's business: */
	uint64_t seed, map_ns, walk_ns;
};

void regions_init(struct regions *regions, uint64_t seed);

/* map_pages - the work of mapping a region; takes 60 to 480 us, the same for all of a
 * seed. */
void map_pages(const struct regions *regions);

/*
 * get_num_physical_pages - how many pages of 4 KiB of it are in memory: a number that no
 * other region has, and no other call gives. Walks the page table, which takes
 * half to four times as long as map_pages(), the same for all regions of a seed.
 */
int get_num_physical_pages(struct regions *regions, const struct region *region);

#endif
