// SPDX-License-Identifier: GPL-2.0-or-later
/* keep: was there (sold) */
/*
 * A small bakery, all of whose steps run on large pages. They have probes, and none of
 * them can be heard.
 */
#include <stdint.h>
#include <sys/sdt.h>
#include <unistd.h>

#include "heartbeat.h"
#include "huge_text.h"
#include "seed.h"

HUGE_STRETCH(0)
HUGE_STRETCH_END

struct loaf {
	unsigned long number;
	unsigned int grams, minutes;
};

NEVER_HUGIFY() static void knead(struct loaf *loaf)
{
	loaf->grams += 300;
	DTRACE_PROBE2(bakery, knead, loaf->number, loaf->grams);
}

NEVER_HUGIFY() static void steam(struct loaf *loaf)
{
	loaf->minutes += 10;
	DTRACE_PROBE2(bakery, steam, loaf->number, loaf->minutes);
}

NEVER_HUGIFY() static void bake(struct loaf *loaf)
{
	loaf->minutes += 30;
	loaf->grams -= loaf->grams / 8;
	DTRACE_PROBE2(bakery, bake, loaf->number, loaf->minutes);
}

int main(void)
{
	uint64_t seed = seed_read();
	unsigned long number;

	hugify(HUGE_START(0), HUGE_STOP(0));
	heartbeat_start("ten loaves a second");
	for (number = 1;; number++) {
		struct loaf loaf = {number, 300 + seed_mix(seed, number) % 700,
				    seed_mix(seed, ~number) % 20};

		knead(&loaf);
		steam(&loaf);
		bake(&loaf);
		/* What it weighs, and how many of these two run on large pages. */
		DTRACE_PROBE3(bakery, sold, number, loaf.grams,
			      is_hugified(knead) + is_hugified(bake));
		heartbeat("loaves", number);
		usleep(100000);
	}
}
