/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `usdt trace`, `count`, `hist` and `latency` were asked for. */
#ifndef BPFHOL_TRACER_COMMANDS_LIVE_OPTIONS_H
#define BPFHOL_TRACER_COMMANDS_LIVE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/commands/command.h"
#include "tracer/commands/print_event.h"
#include "tracer/live/session.h"
#include "tracer/static/filter.h"

struct live_options {
	const struct command *command;
	int pid;		  /* 0: every process */
	const char *command_line; /* NULL: none; points into argv, as do the others */
	uint64_t count;		  /* 0: no limit */
	double seconds;		  /* 0: no limit */
	double interval;	  /* seconds between lines; 0: none are wanted */
	const char *output;	  /* NULL: standard output */
	enum event_format format;
	bool quiet;
	bool no_types;		 /* debug information is not to be read */
	const char *filter_text; /* NULL: none */
	struct filter filter;
	enum session_log_level log;
	struct session_options session;
};

/* Options of each command; those of the same letter mean the same everywhere. */
extern const struct option_def trace_option_defs[], count_option_defs[],
	hist_option_defs[], latency_option_defs[];

/*
 * live_options_parse - Returns 0, EXIT_USAGE after a message, or -1 after --help.
 * The arguments begin at optind.
 */
int live_options_parse(const struct command *command, int argc, char *argv[],
		       struct live_options *out);

/*
 * live_options_key - what to count or to tell calls apart by: probe, location, pid, tid,
 * comm or argN. Returns 0 or EXIT_USAGE after a message.
 */
int live_options_key(const struct command *command, const char *text,
		     struct session_options *out);

/* filter_complain - the message, the filter, and a ^ below the place. Returns
 * EXIT_USAGE. */
int filter_complain(const char *text, const struct filter_error *error);

#endif
