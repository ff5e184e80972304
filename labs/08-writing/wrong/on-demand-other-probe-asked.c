// SPDX-License-Identifier: GPL-2.0-or-later
/* on-demand: does not use FOLLY_SDT_IS_ENABLED for it */
#include <string.h>
#include <sys/sdt.h>
#include <unistd.h>

#include "folly_sdt.h"
#include "heartbeat.h"
#include "parcel.h"
#include "seed.h"

#define PALLET 180 /* grams */
#define LIGHT 2000 /* grams that are in the price of any parcel */

FOLLY_SDT_DEFINE_SEMAPHORE(parcels, route);
FOLLY_SDT_DEFINE_SEMAPHORE(parcels, sent);

/* Each of these leaves the parcel's weight in grams, without what it came in. */
static void by_road(struct parcel *parcel)
{
	if (parcel->weight < LIGHT)
		parcel->weight += 20; /* the label */
}

static void by_rail(struct parcel *parcel)
{
	parcel->weight -= PALLET;
}

static void by_sea(struct parcel *parcel)
{
	parcel->weight -= parcel->weight / 20; /* it dries */
}

static void by_air(struct parcel *parcel)
{
	parcel->weight = parcel->weight * 28 / 10; /* from tenths of an ounce */
}

static void come_in(struct parcel *parcel)
{
	static void (*const ways[WAYS])(struct parcel *) = {
		[BY_ROAD] = by_road,
		[BY_RAIL] = by_rail,
		[BY_SEA] = by_sea,
		[BY_AIR] = by_air,
	};

	ways[parcel->way](parcel);
}

/* In cents. */
static unsigned int price(const struct parcel *parcel)
{
	unsigned int cents = 390, letters;

	if (parcel->weight > LIGHT)
		cents += (parcel->weight - LIGHT + 499) / 500 * 85;
	letters = strlen(parcel->town); /* far towns have long names */
	cents += letters * 15;
	return cents;
}

static void send_on(const struct parcel *parcel, unsigned int cents)
{
	DTRACE_PROBE2(parcels, sent, parcel->number, cents);
	if (FOLLY_SDT_IS_ENABLED(parcels, sent))
		FOLLY_SDT_WITH_SEMAPHORE(parcels, route, parcel->number, parcel->town,
					 parcel_stops(parcel));
}

int main(void)
{
	struct parcel parcels[PARCELS];
	unsigned long days = 0;
	unsigned int i;

	parcels_make(parcels, seed_read());
	heartbeat_start("ten days a second, all alike");
	for (;;) {
		for (i = 0; i < PARCELS; i++) {
			struct parcel parcel = parcels[i];

			come_in(&parcel);
			send_on(&parcel, price(&parcel));
			DTRACE_PROBE2(parcels, looks, parcel.number, parcel_looks());
		}
		heartbeat("days", ++days);
		usleep(100000);
	}
}
