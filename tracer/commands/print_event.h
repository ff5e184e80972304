/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events as lines: text for people, JSON and CSV for programs. */
#ifndef BPFHOL_TRACER_COMMANDS_PRINT_EVENT_H
#define BPFHOL_TRACER_COMMANDS_PRINT_EVENT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tracer/live/event.h"
#include "tracer/live/session.h"
#include "tracer/live/stack.h"

enum event_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV };

struct event_printer {
	FILE *out;
	enum event_format format;
	int64_t boot_to_wall; /* ns to add to an event's time for the clock on the wall */
	int name_width;	      /* of "provider:name", so that columns line up */
	size_t columns;	      /* CSV: of arguments */
	bool colour;
	struct stacks *stacks; /* NULL: none are wanted */
	bool *cut_short;       /* set when a stack could not be walked to its end */
	const enum session_style *styles; /* by argument; NULL: all as they are */
};

/* event_printer_init - reads the clocks. All from .name_width on is left to the caller.
 */
void event_printer_init(struct event_printer *printer, FILE *out,
			enum event_format format);

/* print_event_head - CSV's first line; nothing in the other formats. */
void print_event_head(const struct event_printer *printer);
void print_event(const struct event_printer *printer, const struct event *event);

/* print_real - the shortest text that reads back as the same number; what is none (inf,
 * nan) between QUOTEs, as JSON does not know it. Returns its width. */
int print_real(FILE *out, double real, const char *quote);

#endif
