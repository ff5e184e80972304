// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/exit.h"
#include "common/num.h"
#include "tracer/commands/live_options.h"

#define OPTION_COMMAND                                                           \
	{                                                                        \
		'c', "command", "COMMAND",                                       \
			"run it and trace it and its children, from their start" \
	}
#define OPTION_DURATION                                              \
	{                                                            \
		'd', "duration", "SECONDS", "end after so much time" \
	}
#define OPTION_FILTER                                                             \
	{                                                                         \
		'f', "filter", "FILTER",                                          \
			"only hits that pass, e.g. 'arg0 > 10 && comm == \"sh\"'" \
	}
#define OPTION_OUTPUT                                                        \
	{                                                                    \
		'o', "output", "FILE", "write there, not to standard output" \
	}
#define OPTION_BACKEND                                                           \
	{                                                                        \
		'B', "backend", "NAME",                                          \
			"auto (default), multi or perf: how the kernel is asked" \
	}
#define OPTION_QUIET                                                \
	{                                                           \
		'q', "quiet", NULL, "only errors on standard error" \
	}
#define OPTION_VERBOSE                                                        \
	{                                                                     \
		'v', "verbose", NULL, "libbpf's warnings; twice: all it says" \
	}
#define OPTION_FORMAT_SUM                                         \
	{                                                         \
		'F', "format", "FORMAT", "text (default) or json" \
	}
#define OPTION_INTERVAL                                               \
	{                                                             \
		'i', "interval", "SECONDS",                           \
			"a line each so many seconds, of what is new" \
	}

/* What count, hist and latency have in common; and what ends all four lists. */
#define OPTIONS_SUM \
	OPTION_FILTER, OPTION_DURATION, OPTION_INTERVAL, OPTION_OUTPUT, OPTION_FORMAT_SUM
#define OPTIONS_LAST \
	OPTION_NO_TYPES, OPTION_BACKEND, OPTION_QUIET, OPTION_VERBOSE, OPTION_HELP

const struct option_def trace_option_defs[] = {
	OPTION_PID,
	OPTION_COMMAND,
	{'n', "count", "COUNT", "end after so many events"},
	OPTION_DURATION,
	OPTION_FILTER,
	{'a', "as", "ARG=HOW",
	 "show an argument as str, hex, ptr or dec: arg1=str,arg2=hex"},
	{'S', "stack", "[=dwarf]",
	 "who called: by frame pointers, or by debug information"},
	OPTION_OUTPUT,
	{'F', "format", "FORMAT", "text (default), json or csv, a line an event"},
	{'s', "strlen", "BYTES",
	 "longest part of a string that is shown (64; up to 4096)"},
	{'b', "buffer", "MIB", "memory between kernel and tracer (8; a power of two)"},
	OPTIONS_LAST,
	{0},
};

const struct option_def count_option_defs[] = {
	OPTION_PID,
	OPTION_COMMAND,
	{'k', "by", "KEY", "probe (default), location, pid, tid, comm or argN"},
	OPTIONS_SUM,
	{'a', "as", "ARG=HOW", "take an argument for str, hex, ptr or dec"},
	OPTIONS_LAST,
	{0},
};

const struct option_def hist_option_defs[] = {
	OPTION_PID,
	OPTION_COMMAND,
	{'l', "linear", "FROM:TO:STEP",
	 "bars of the same width instead of powers of two"},
	OPTIONS_SUM,
	OPTIONS_LAST,
	{0},
};

const struct option_def latency_option_defs[] = {
	OPTION_PID,
	OPTION_COMMAND,
	{'k', "by", "KEY", "tid (default) or argN: which end belongs to which start"},
	OPTIONS_SUM,
	OPTIONS_LAST,
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
	static const char *const names[] = {"text", "json", "csv"};
	int count = command == &trace_command ? 3 : 2, i;

	for (i = 0; i < count; i++)
		if (!strcmp(text, names[i])) {
			*out = (enum event_format)i;
			return 0;
		}
	return usage_error(command, "there is no format '%s': text, json%s", text,
			   count == 3 ? ", csv" : "");
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

/* In one line, and for each character before the error a blank, or a tab as it was. */
int filter_complain(const char *text, const struct filter_error *error)
{
	size_t i;

	complain("filter: %s", error->message);
	fputs("  ", stderr);
	for (i = 0; text[i]; i++)
		fputc(text[i] == '\n' ? ' ' : text[i], stderr);
	fputs("\n  ", stderr);
	for (i = 0; i < error->at; i++)
		if ((text[i] & 0xc0) != 0x80) /* not a part of the one before, in UTF-8 */
			fputc(text[i] == '\t' ? '\t' : ' ', stderr);
	fputs("^\n", stderr);
	return EXIT_USAGE;
}

static int parse_filter(struct live_options *o, const char *text)
{
	struct filter_error error;

	o->filter_text = text;
	return filter_parse(text, &o->filter, &error) ? filter_complain(text, &error) : 0;
}

/* "argN" at the beginning of TEXT. Returns what follows, or NULL. */
static const char *take_arg(const char *text, unsigned int *arg)
{
	char *end;

	if (strncmp(text, "arg", 3) || text[3] < '0' || text[3] > '9')
		return NULL;
	*arg = strtoul(text + 3, &end, 10);
	return *arg < OPERANDS_MAX ? end : NULL;
}

int live_options_key(const struct command *command, const char *text,
		     struct session_options *out)
{
	static const struct {
		const char *word;
		enum session_key key;
	} words[] = {{"probe", KEY_PROBE},
		     {"location", KEY_LOCATION},
		     {"pid", KEY_PID},
		     {"tid", KEY_TID},
		     {"comm", KEY_COMM}};
	const char *end = take_arg(text, &out->arg);
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(text, words[i].word)) {
			out->key = words[i].key;
			return 0;
		}
	if (end && !*end) {
		out->key = KEY_ARG;
		return 0;
	}
	return usage_error(command, "'%s' is nothing to go by", text);
}

/* "arg1=str,arg2=hex" */
static int parse_styles(const struct command *command, const char *text,
			enum session_style styles[OPERANDS_MAX])
{
	static const struct {
		const char *word;
		enum session_style style;
	} words[] = {{"str", STYLE_STRING},
		     {"hex", STYLE_HEX},
		     {"ptr", STYLE_HEX},
		     {"dec", STYLE_DECIMAL}};
	const char *p = text;
	unsigned int arg;
	size_t i, len;

	do {
		p = take_arg(p, &arg);
		len = p && *p == '=' ? strcspn(p + 1, ",") : 0;
		for (i = 0; len && i < sizeof(words) / sizeof(*words); i++)
			if (strlen(words[i].word) == len &&
			    !strncmp(p + 1, words[i].word, len))
				break;
		if (!len || i == sizeof(words) / sizeof(*words))
			return usage_error(command,
					   "'%s' is not of the form arg1=str,arg2=hex, "
					   "with str, hex, ptr or dec",
					   text);
		styles[arg] = words[i].style;
		p += 1 + len;
	} while (*p++ == ',');
	return 0;
}

static int parse_stack(const struct command *command, const char *text,
		       enum session_stack *out)
{
	*out = text ? STACK_COPY : STACK_FRAME_POINTERS;
	if (text && strcmp(text, "dwarf"))
		return usage_error(command,
				   "there is no stack '%s': --stack or "
				   "--stack=dwarf",
				   text);
	return 0;
}

static int parse_linear(const struct command *command, const char *text,
			struct session_options *out)
{
	long long from, to, step;
	uint64_t steps;
	int end = 0;

	if (sscanf(text, "%lld:%lld:%lld%n", &from, &to, &step, &end) != 3 || text[end] ||
	    step <= 0 || to <= from)
		return usage_error(command,
				   "'%s' is not of the form FROM:TO:STEP, such "
				   "as 0:100:10",
				   text);
	steps = ((uint64_t)to - (uint64_t)from - 1) / step + 1;
	if (steps > LINEAR_STEPS_MAX)
		return usage_error(command, "%s are more than %d bars", text,
				   LINEAR_STEPS_MAX);
	out->linear_min = from;
	out->linear_step = step;
	out->linear_steps = steps;
	return 0;
}

static int take_size(const struct command *command, int letter, struct live_options *o)
{
	uint64_t number = 0;
	int status;

	if (letter == 's') {
		status = parse_number(command, "length", optarg, 1, 4096, &number);
		o->session.string_size = number;
		return status;
	}
	status = parse_number(command, "size", optarg, 1, 1024, &number);
	o->session.buffer_size = number << 20;
	if (!status && (number & (number - 1)))
		status = usage_error(command, "%s is no power of two", optarg);
	return status;
}

static int take_option(const struct command *command, int letter, struct live_options *o)
{
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
	case 'i':
		return parse_seconds(command, optarg, &o->interval);
	case 'o':
		o->output = optarg;
		return 0;
	case 'q':
		o->quiet = true;
		return 0;
	case 'T':
		o->no_types = true;
		return 0;
	case 'F':
		return parse_format(command, optarg, &o->format);
	case 'f':
		return parse_filter(o, optarg);
	case 'a':
		return parse_styles(command, optarg, o->session.styles);
	case 'k':
		return live_options_key(command, optarg, &o->session);
	case 'l':
		return parse_linear(command, optarg, &o->session);
	case 'S':
		return parse_stack(command, optarg, &o->session.stack);
	case 's':
	case 'b':
		return take_size(command, letter, o);
	case 'B':
		return parse_backend(command, optarg, &o->session.backend);
	default:
		return EXIT_USAGE;
	}
}

int live_options_parse(const struct command *command, int argc, char *argv[],
		       struct live_options *o)
{
	static const enum session_log_level levels[] = {SESSION_LOG_NONE,
							SESSION_LOG_WARNINGS,
							SESSION_LOG_DEBUG};
	unsigned int verbose = 0;
	int letter, status = 0;

	o->command = command;
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
	if (o->session.stack && o->format == FORMAT_CSV)
		return usage_error(command,
				   "a line of CSV has no room for a stack: json or text");
	if (o->pid && o->command_line)
		return usage_error(command, "-p and -c exclude each other");
	o->log = levels[verbose];
	session_log(o->log);
	return 0;
}
