/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `usdt trace` was asked for. */
#ifndef BPFHOL_TRACER_COMMANDS_TRACE_OPTIONS_H
#define BPFHOL_TRACER_COMMANDS_TRACE_OPTIONS_H

#include <stdint.h>

#include "tracer/commands/command.h"
#include "tracer/commands/print_event.h"
#include "tracer/live/session.h"

struct trace_options {
	int pid;		  /* 0: every process */
	const char *command_line; /* NULL: none; points into argv */
	uint64_t count;		  /* 0: no limit */
	double seconds;		  /* 0: no limit */
	const char *output;	  /* NULL: standard output; points into argv */
	enum event_format format;
	enum session_log_level log;
	struct session_options session;
};

extern const struct option_def trace_option_defs[];

/*
 * trace_options_parse - Returns 0, EXIT_USAGE after a message, or -1 after --help.
 * Patterns begin at optind.
 */
int trace_options_parse(const struct command *command, int argc, char *argv[],
			struct trace_options *out);

#endif
