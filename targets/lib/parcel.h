/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A day's parcels, made up from the seed, and a map of the towns they go to. */
#ifndef PARCEL_H
#define PARCEL_H

#include <stdint.h>

#include "word.h"

#define PARCELS 12 /* a day */

enum way { BY_ROAD, BY_RAIL, BY_SEA, BY_AIR, WAYS };

struct parcel {
	unsigned long number; /* from 1 */
	char town[WORD_MAX];
	enum way way;
	int weight; /* as it says on the parcel, in whatever they weigh with there */
};

/*
 * parcels_make - those that SEED gives, in an order that it gives too. They come by all
 * ways, light and heavy ones; one that comes by road weighs two kilos to the gram.
 */
void parcels_make(struct parcel parcels[PARCELS], uint64_t seed);

/* parcel_stops - at how many towns does it stop on its way? Looks at the whole map for
 * that, which takes long. */
unsigned int parcel_stops(const struct parcel *parcel);

/* parcel_looks - how often was the map looked at so far? */
unsigned long parcel_looks(void);

#endif
