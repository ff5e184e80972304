/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a subcommand of `usdt` is, and its options as a table. */
#ifndef BPFHOL_TRACER_COMMANDS_COMMAND_H
#define BPFHOL_TRACER_COMMANDS_COMMAND_H

#include <stddef.h>

struct option_def {
	char letter;
	const char *name;  /* long form */
	const char *value; /* what it takes, for help: "PID"; "[=X]" if it need not be
			      given; NULL if nothing */
	const char *help;
};

struct command {
	const char *name;
	const char *arguments;		  /* behind the options, for help: "PATTERN..." */
	const char *summary;		  /* one line */
	const char *details;		  /* a paragraph or two, with examples */
	const struct option_def *options; /* ends with a letter of 0 */
	int (*run)(int argc, char *argv[]);
};

extern const struct command list_command, trace_command, count_command, hist_command,
	latency_command, site_command, doctor_command;

/* Options whose meaning is the same everywhere, to be listed in each table. */
#define OPTION_PID                                                              \
	{                                                                       \
		'p', "pid", "PID", "only this process, with every file it maps" \
	}
#define OPTION_NO_TYPES                                                           \
	{                                                                         \
		'T', "no-types", NULL, "read no debug information: starts faster" \
	}
#define OPTION_JSON                                         \
	{                                                   \
		'j', "json", NULL, "one JSON object a line" \
	}
#define OPTION_HELP                            \
	{                                      \
		'h', "help", NULL, "this text" \
	}

/*
 * next_option - getopt_long(3) by COMMAND's table. Returns the option's letter (its value
 * in optarg), -1 at the end (arguments begin at optind), '?' after a message about bad
 * usage. 'h' is for the caller to answer with print_help().
 */
int next_option(const struct command *command, int argc, char *argv[]);
void print_help(const struct command *command);

/* usage_error - "usdt: MESSAGE", "Try 'usdt COMMAND --help'.". Returns EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int usage_error(const struct command *command,
						      const char *format, ...);

/* complain - "usdt: MESSAGE" on stderr; advise - "  try: MESSAGE" (nothing if empty). */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);
__attribute__((format(printf, 1, 2))) void advise(const char *format, ...);

/* advise_sudo - the same COMMAND under sudo; whoever is root already is told otherwise.
 */
void advise_sudo(const char *command);

/* parse_pid - a process id from an option's value. Returns 0 or EXIT_USAGE. */
int parse_pid(const struct command *command, const char *text, int *pid);

#endif
