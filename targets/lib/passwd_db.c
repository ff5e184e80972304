// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names and homes are words of three syllables from a pool of 97^3 = 912,673. Which word
 * goes where is a walk through the pool: start + step * i, modulo its size. The size is
 * the cube of a prime, so a step that the prime does not divide meets no word twice.
 * Names, homes and uids walk by different starts and steps, all drawn from the seed:
 * none of them can be worked out from another.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "passwd_db.h"
#include "seed.h"
#include "word.h"

#define NAMES (PASSWD_DB_ENTRIES / 2)
#define FIRST_UID 20000
#define UIDS 40009 /* a prime */

/* What is drawn from the seed, by its place in the sequence. */
enum draw {
	NAME_START,
	NAME_STEP,
	HOME_START,
	HOME_STEP,
	UID_START,
	UID_STEP,
	SOUGHT,
	PLACES
};

static uint64_t walk(uint64_t seed, enum draw start, uint64_t i, uint64_t prime,
		     uint64_t size)
{
	uint64_t step = seed_mix(seed, start + 1) % (size / prime) * prime + 1 +
			seed_mix(seed, start + 1) / size % (prime - 1);

	return (seed_mix(seed, start) % size + i * (step % size)) % size;
}

static uid_t uid_of(uint64_t seed, unsigned int entry)
{
	return FIRST_UID + walk(seed, UID_START, entry, UIDS, UIDS);
}

static void write_entry(FILE *db, uint64_t seed, unsigned int entry)
{
	static const char *const places[] = {"/home", "/srv/home", "/export/home",
					     "/users"};
	uint64_t place = seed_mix(seed, PLACES + entry) % 4;
	char name[WORD_MAX], home[WORD_MAX];

	word_put(name, walk(seed, NAME_START, entry % NAMES, SYLLABLES, WORDS));
	word_put(home, walk(seed, HOME_START, entry, SYLLABLES, WORDS));
	fprintf(db, "%s:x:%u:100:made up:%s/%s:/bin/sh\n", name, uid_of(seed, entry),
		places[place], home);
}

/* Entries stand in an order of their own: a walk through their numbers by an odd step. */
static void write_entries(FILE *db, uint64_t seed)
{
	uint64_t step = seed_mix(seed, ~0ull) | 1, i;

	for (i = 0; i < PASSWD_DB_ENTRIES; i++)
		write_entry(db, seed, i * step % PASSWD_DB_ENTRIES);
}

FILE *passwd_db_open(uint64_t seed, uid_t *sought)
{
	int fd = memfd_create("passwd.db", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	FILE *db = fd < 0 ? NULL : fdopen(fd, "r+");

	if (!db)
		goto fail;
	write_entries(db, seed);
	/* Sealed: nobody changes it through /proc/PID/fd. */
	if (fflush(db) ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK))
		goto fail;
	*sought = uid_of(seed, seed_mix(seed, SOUGHT) % PASSWD_DB_ENTRIES);
	return db;
fail:
	perror(program_invocation_short_name);
	exit(1);
}
