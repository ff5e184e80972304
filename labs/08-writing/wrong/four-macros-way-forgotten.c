// SPDX-License-Identifier: GPL-2.0-or-later
/* four-macros: does not use FOLLY_SDT for it */
#include <string.h>
#include <sys/sdt.h>
#include <unistd.h>

#include "folly_sdt.h"
#include "heartbeat.h"
#include "parcel.h"
#include "seed.h"

#define PALLET 180 /* grams */
#define LIGHT 2000 /* grams that are in the price of any parcel */

#define PARCEL_PROBE(name, n, ...) STAP_PROBE##n(parcels, name, __VA_ARGS__)

/* Each of these leaves the parcel's weight in grams, without what it came in. */
static void by_road(struct parcel *parcel)
{
	if (parcel->weight < LIGHT)
		parcel->weight += 20; /* the label */
	DTRACE_PROBE3(parcels, arrived, parcel->number, parcel->town, parcel->weight);
}

static void by_rail(struct parcel *parcel)
{
	parcel->weight -= PALLET;
	STAP_PROBE3(parcels, arrived, parcel->number, parcel->town, parcel->weight);
}

static void by_sea(struct parcel *parcel)
{
	parcel->weight -= parcel->weight / 20; /* it dries */
	FOLLY_SDT(parcels, dried, parcel->number);
}

static void by_air(struct parcel *parcel)
{
	parcel->weight = parcel->weight * 28 / 10; /* from tenths of an ounce */
	PARCEL_PROBE(arrived, 3, parcel->number, parcel->town, parcel->weight);
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
