// SPDX-License-Identifier: GPL-2.0-or-later
#include "parcel.h"
#include "seed.h"

#define TOWNS 20000

static unsigned long looks;

/* From that many grams on, and up to so many more; one for each turn of the ways. */
static const struct {
	int from, more;
} weights[PARCELS / WAYS] = {{200, 1500}, {2250, 200}, {2600, 2300}};

void parcels_make(struct parcel parcels[PARCELS], uint64_t seed)
{
	unsigned int i, turn;

	for (i = 0; i < PARCELS; i++) {
		struct parcel *parcel = &parcels[i];

		turn = i / WAYS;
		parcel->way = i % WAYS;
		parcel->weight =
			weights[turn].from + seed_mix(seed, 2 * i) % weights[turn].more;
		if (turn == 1 && parcel->way == BY_ROAD)
			parcel->weight = 2000;
		word_put(parcel->town, seed_mix(seed, 2 * i + 1));
	}
	for (i = 0; i < PARCELS; i++) {
		unsigned int other = i + seed_mix(seed, 2 * PARCELS + i) % (PARCELS - i);
		struct parcel parcel = parcels[other];

		parcels[other] = parcels[i];
		parcels[i] = parcel;
		parcels[i].number = i + 1;
	}
}

unsigned int parcel_stops(const struct parcel *parcel)
{
	uint64_t name = 0;
	unsigned int stops = 0, town;
	const char *letter;

	looks++;
	for (letter = parcel->town; *letter; letter++)
		name = name * 31 + *letter;
	for (town = 0; town < TOWNS; town++)
		stops += seed_mix(name, town) % (TOWNS / 12) == 0;
	return stops;
}

unsigned long parcel_looks(void)
{
	return looks;
}
