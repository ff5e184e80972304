// SPDX-License-Identifier: GPL-2.0-or-later
#include <time.h>

#include "regions.h"
#include "seed.h"

#define KIB 1024ull
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

#define ENTRIES 256 /* of the page table, for each region */
#define BATCH 32    /* pages that an entry stands for; more than REGIONS */
#define HUGE 5	    /* so many regions have pages of 1 GiB */

/* What is drawn from the seed, by its place in the sequence. */
enum draw {
	MAP_TIME,
	WALK_TIME,
	FIRST,			   /* the region that is to be the smallest of the huge */
	NUMPGS,			   /* one a region */
	SHARE = NUMPGS + REGIONS,  /* one a region: how much of it is in memory */
	PRESENT = SHARE + REGIONS, /* one an entry: is it? */
};

/* One of OCTAVES octaves from LEAST up, then somewhere in it. */
static uint64_t draw_time(uint64_t seed, enum draw draw, uint64_t least,
			  unsigned int octaves)
{
	uint64_t x = seed_mix(seed, draw), octave = least << x % octaves;

	return octave + octave * (x / octaves % 1024) / 1024;
}

/*
 * The regions stand in a row by size, which begins at a drawn one. Each has a range of
 * sizes of its own, and of the small pages always an odd number, which no number of 1 GiB
 * pages is as large as.
 */
static void draw_region(struct region *region, uint64_t seed)
{
	unsigned int place = (region->number + seed_mix(seed, FIRST)) % REGIONS;
	uint64_t x = seed_mix(seed, NUMPGS + region->number);

	if (place < HUGE) {
		region->pgsz = GIB;
		region->numpgs = 1 + place * 16 + x % 16;
	} else {
		region->pgsz = 2 * MIB;
		region->numpgs = (place - HUGE) * 500 + x % 250 * 2 + 1;
	}
}

void regions_init(struct regions *regions, uint64_t seed)
{
	unsigned int i;

	*regions = (struct regions){
		.seed = seed,
		.map_ns = draw_time(seed, MAP_TIME, 60000, 3),
	};
	/* Both together stay below what a busy machine lets a program have at a time. */
	regions->walk_ns = draw_time(seed, WALK_TIME, regions->map_ns / 2, 3);
	for (i = 0; i < REGIONS; i++) {
		regions->region[i].number = i;
		draw_region(&regions->region[i], seed);
	}
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* Keeps the processor busy, as work would. */
static void busy_until(uint64_t ns)
{
	while (now_ns() < ns)
		;
}

void map_pages(const struct regions *regions)
{
	busy_until(now_ns() + regions->map_ns);
}

int get_num_physical_pages(struct regions *regions, const struct region *region)
{
	uint64_t share = seed_mix(regions->seed, SHARE + region->number) % ENTRIES;
	uint64_t start = now_ns(), entry = PRESENT + region->number * ENTRIES;
	int present = 0, i;

	for (i = 1; i <= ENTRIES; i++) {
		present += seed_mix(regions->seed, entry + i) % ENTRIES < share;
		busy_until(start + regions->walk_ns * i / ENTRIES);
	}
	regions->walks++;
	/* The number that the batches leave out is what makes it the only one. */
	return present * BATCH + region->number;
}
