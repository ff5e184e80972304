/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a record of the ring to an event. */
#ifndef BPFHOL_TRACER_LIVE_DECODE_H
#define BPFHOL_TRACER_LIVE_DECODE_H

#include "tracer/live/event.h"
#include "tracer/live/shared.h"

struct decode_layout {
	unsigned int forced;   /* bit i: argument i is text whatever its bytes are */
	size_t strings_offset; /* of the first string slot in a record */
	size_t slot_size, string_slots;
	size_t stack_offset; /* of a struct stack, 0 if none is kept */
	size_t string_size;  /* bytes of a string that are shown */
};

/*
 * decode_record - fill an event whose texts point into RECORD. A cut string is not
 * NUL-terminated at .len. SPEC is the location's.
 */
void decode_record(const struct record *record, const struct spec *spec,
		   const struct probe *probe, const struct location *location,
		   const struct decode_layout *layout, struct event *out);

#endif
