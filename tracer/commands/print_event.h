/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events as lines: text for people, JSON for programs. */
#ifndef BPFHOL_TRACER_COMMANDS_PRINT_EVENT_H
#define BPFHOL_TRACER_COMMANDS_PRINT_EVENT_H

#include <stdint.h>
#include <stdio.h>

#include "tracer/live/event.h"

enum event_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV };

struct event_printer {
	FILE *out;
	enum event_format format;
	int64_t boot_to_wall; /* ns to add to an event's time for the clock on the wall */
	int name_width;	      /* of "provider:name", so that columns line up */
};

/* event_printer_init - reads the clocks. NAME_WIDTH is left to the caller. */
void event_printer_init(struct event_printer *printer, FILE *out,
			enum event_format format);
void print_event(const struct event_printer *printer, const struct event *event);

#endif
