/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The notes of a .note.stapsdt section, read from bytes.
 *
 * Layout (systemtap's wiki, "UserSpaceProbeImplementation", and sys/sdt.h): an ELF note
 * of owner "stapsdt", type 3, whose descriptor is three addresses (location, base,
 * semaphore; 4 or 8 bytes each) and three NUL-terminated texts (provider, name,
 * arguments).
 */
#ifndef BPFHOL_TRACER_STATIC_NOTE_H
#define BPFHOL_TRACER_STATIC_NOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the file writes numbers. */
struct note_format {
	bool is_64bit;
	bool is_big_endian;
};

struct note {
	uint64_t location, base, semaphore; /* as recorded */
	const char *provider, *name, *args; /* point into the section's bytes */
};

/*
 * Called for each note that makes sense. A non-zero return ends the reading and is
 * notes_read()'s own.
 */
typedef int (*note_fn)(const struct note *note, void *data);

/*
 * notes_read - walk over a section's SIZE bytes.
 * Notes of other owners are passed over. A note that makes no sense is counted in
 * *BROKEN, and reading goes on at the next place that looks like the head of one.
 * Returns 0 or what FN returned.
 */
int notes_read(const void *bytes, size_t size, struct note_format format, note_fn fn,
	       void *data, size_t *broken);

#endif
