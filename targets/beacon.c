// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many probes, and no telling from the source which of them fires: a harbour that gives
 * one signal over and over, in turns with a flag and with a lamp. Its eastern and its
 * western side are two providers that use the same names.
 *
 * Out at sea are islands, libraries that the program loads when it runs (dlopen). Which
 * ones is drawn from the seed, like the signal. Only one of them has probes.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sdt.h>
#include <unistd.h>

#include "heartbeat.h"
#include "island.h"
#include "seed.h"
#include "word.h"

#define ISLANDS 4

/* What is drawn from the seed, by its place in the sequence. */
enum draw { SIGNAL, SIDE, LIT, LIGHT, SHOWN, HEARD };

/* clang-format off */
#define EACH_SIGNAL(DO) \
	DO(anchor) DO(berth) DO(calm) DO(customs) DO(doctor) DO(drift) DO(ebb) \
	DO(ferry) DO(fire) DO(flood) DO(fog) DO(gale) DO(ice) DO(mail) DO(moor) \
	DO(pilot) DO(quay) DO(rain) DO(shallow) DO(tow)
/* clang-format on */

#define ENUMERATE(name) name,
enum signal { EACH_SIGNAL(ENUMERATE) SIGNAL_COUNT };

#define EAST_FLAG(name)                           \
	case name:                                \
		DTRACE_PROBE(harbour_east, name); \
		return;

static void east_flag(enum signal signal)
{
	switch (signal) {
		EACH_SIGNAL(EAST_FLAG)
	case SIGNAL_COUNT:
		return;
	}
}

#define WEST_FLAG(name)                           \
	case name:                                \
		DTRACE_PROBE(harbour_west, name); \
		return;

static void west_flag(enum signal signal)
{
	switch (signal) {
		EACH_SIGNAL(WEST_FLAG)
	case SIGNAL_COUNT:
		return;
	}
}

/* There are lamps for these only. Each is a second place of a probe that is above. */
static void east_lamp(enum signal signal)
{
	switch (signal) {
	case fire:
		DTRACE_PROBE(harbour_east, fire);
		return;
	case fog:
		DTRACE_PROBE(harbour_east, fog);
		return;
	case gale:
		DTRACE_PROBE(harbour_east, gale);
		return;
	default:
		east_flag(signal);
	}
}

static void west_lamp(enum signal signal)
{
	switch (signal) {
	case doctor:
		DTRACE_PROBE(harbour_west, doctor);
		return;
	case fog:
		DTRACE_PROBE(harbour_west, fog);
		return;
	case pilot:
		DTRACE_PROBE(harbour_west, pilot);
		return;
	case tow:
		DTRACE_PROBE(harbour_west, tow);
		return;
	default:
		west_flag(signal);
	}
}

static typeof(island) *load(const char *name)
{
	typeof(island) *pass_by;
	void *library;
	char path[64];

	/* The loader puts the program's own folder in the place of $ORIGIN. */
	snprintf(path, sizeof(path), "$ORIGIN/lib%s.so", name);
	library = dlopen(path, RTLD_NOW);
	pass_by = library ? dlsym(library, "island") : NULL;
	if (!pass_by) {
		fprintf(stderr, "%s: %s\n", program_invocation_short_name, dlerror());
		exit(1);
	}
	return pass_by;
}

/* Of each pair of islands one is there, and of all that are, one has lights. */
static void load_islands(typeof(island) *islands[ISLANDS], unsigned int lit)
{
	static const char *const names[ISLANDS][2] = {{"atoll", "cay"},
						      {"holm", "isle"},
						      {"reef", "shoal"},
						      {"skerry", "spit"}};
	unsigned int i;

	for (i = 0; i < ISLANDS; i++)
		islands[i] = load(names[i][i == lit]);
}

int main(void)
{
	uint64_t seed = seed_read();
	enum signal signal = seed_mix(seed, SIGNAL) % SIGNAL_COUNT;
	bool east = seed_mix(seed, SIDE) % 2, north = seed_mix(seed, LIGHT) % 2;
	char shown[WORD_MAX], heard[WORD_MAX];
	typeof(island) *islands[ISLANDS];
	unsigned long count, i;

	word_put(shown, seed_mix(seed, SHOWN));
	word_put(heard, seed_mix(seed, HEARD));
	load_islands(islands, seed_mix(seed, LIT) % ISLANDS);
	heartbeat_start("five signals a second");
	for (count = 1;; count++) {
		if (east)
			count % 2 ? east_flag(signal) : east_lamp(signal);
		else
			count % 2 ? west_flag(signal) : west_lamp(signal);
		for (i = 0; i < ISLANDS; i++)
			islands[i](shown, heard, north);
		heartbeat("signals", count);
		usleep(200000);
	}
}
