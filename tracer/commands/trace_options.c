// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "common/exit.h"
#include "common/num.h"
#include "tracer/commands/trace_options.h"

const struct option_def trace_option_defs[] = {
	OPTION_PID,
	{'c', "command", "COMMAND",
	 "run it and trace it and its children, from their start"},
	{'n', "count", "COUNT", "end after so many events"},
	{'d', "duration", "SECONDS", "end after so much time"},
	{'o', "output", "FILE", "write events there, not to standard output"},
	{'F', "format", "FORMAT", "text (default) or json, one object an event"},
	{'s', "strlen", "BYTES",
	 "longest part of a string that is shown (64; up to 4096)"},
	{'b', "buffer", "MIB", "memory between kernel and tracer (8; a power of two)"},
	{'B', "backend", "NAME",
	 "auto (default), multi or perf: how the kernel is asked"},
	{'v', "verbose", NULL, "libbpf's warnings; twice: all it says"},
	OPTION_HELP,
	{0},
};

static int parse_backend(const struct command *command, const char *text,
			 enum session_backend *out)
{
	static const char *const names[] = {"auto", "multi", "perf"};
	size_t i;

	for (i = 0; i < 3; i++)
		if (!strcmp(text, names[i])) {
			*out = (enum session_backend)i;
			return 0;
		}
	return usage_error(command, "there is no backend '%s': auto, multi, perf", text);
}

static int parse_format(const struct command *command, const char *text,
			enum event_format *out)
{
	*out = !strcmp(text, "json") ? FORMAT_JSON : FORMAT_TEXT;
	if (*out == FORMAT_TEXT && strcmp(text, "text"))
		return usage_error(command, "there is no format '%s': text, json", text);
	return 0;
}

static int parse_seconds(const struct command *command, const char *text, double *out)
{
	char *end;

	*out = strtod(text, &end);
	if (end == text || *end || !(*out > 0) || *out > 1e9)
		return usage_error(command, "'%s' is no number of seconds", text);
	return 0;
}

static int parse_number(const struct command *command, const char *what, const char *text,
			uint64_t min, uint64_t max, uint64_t *out)
{
	if (!parse_u64(text, min, max, out))
		return 0;
	return usage_error(command, "'%s' is no %s: a number from %llu to %llu", text,
			   what, (unsigned long long)min, (unsigned long long)max);
}

static int take_option(const struct command *command, int letter, struct trace_options *o)
{
	uint64_t number = 0;
	int status = 0;

	switch (letter) {
	case 'p':
		return parse_pid(command, optarg, &o->pid);
	case 'c':
		o->command_line = optarg;
		return 0;
	case 'n':
		return parse_number(command, "count", optarg, 1, UINT64_MAX, &o->count);
	case 'd':
		return parse_seconds(command, optarg, &o->seconds);
	case 'o':
		o->output = optarg;
		return 0;
	case 'F':
		return parse_format(command, optarg, &o->format);
	case 's':
		status = parse_number(command, "length", optarg, 1, 4096, &number);
		o->session.string_size = number;
		return status;
	case 'b':
		status = parse_number(command, "size", optarg, 1, 1024, &number);
		o->session.buffer_size = number << 20;
		if (!status && (number & (number - 1)))
			status = usage_error(command, "%s is no power of two", optarg);
		return status;
	case 'B':
		return parse_backend(command, optarg, &o->session.backend);
	default:
		return EXIT_USAGE;
	}
}

int trace_options_parse(const struct command *command, int argc, char *argv[],
			struct trace_options *o)
{
	static const enum session_log_level levels[] = {SESSION_LOG_NONE,
							SESSION_LOG_WARNINGS,
							SESSION_LOG_DEBUG};
	unsigned int verbose = 0;
	int letter, status = 0;

	*o = (struct trace_options){0};
	while (!status && (letter = next_option(command, argc, argv)) != -1) {
		if (letter == 'h') {
			print_help(command);
			return -1;
		}
		if (letter == 'v')
			verbose += verbose < 2;
		else
			status = take_option(command, letter, o);
	}
	if (status)
		return status;
	if (optind == argc)
		return usage_error(command, "which probe? '*' with -p or -c means all");
	if (o->pid && o->command_line)
		return usage_error(command, "-p and -c exclude each other");
	o->log = levels[verbose];
	return 0;
}
