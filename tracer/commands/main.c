// SPDX-License-Identifier: GPL-2.0-or-later
/* usdt: lists and traces the USDT probes of programs. One file a subcommand. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/exit.h"
#include "common/kit.h"
#include "tracer/commands/command.h"
#include "tracer/commands/file_limit.h"

static const struct command *const commands[] = {
	&list_command,	  &trace_command, &count_command,  &hist_command,
	&latency_command, &site_command,  &doctor_command,
};

#define COMMANDS (sizeof(commands) / sizeof(*commands))

static int print_overview(void)
{
	size_t i;

	printf("usdt - list and trace the USDT probes of programs\n\n"
	       "Usage: usdt COMMAND [OPTION]... [ARGUMENT]...\n\n");
	for (i = 0; i < COMMANDS; i++)
		printf("  %-8s %s\n", commands[i]->name, commands[i]->summary);
	printf("\nA probe's name is usdt:PATH:PROVIDER:NAME; most of it may be left out, "
	       "and\n"
	       "*, ? and [...] stand for what you do not know. 'usdt COMMAND --help' "
	       "tells more.\n");
	return EXIT_YES;
}

/* "list, trace and doctor", on stderr. */
static void name_commands(const char *last)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++) {
		const char *before = i == COMMANDS - 1 ? last : ", ";

		fprintf(stderr, "%s%s", i ? before : "", commands[i]->name);
	}
}

static int dispatch(int argc, char *argv[])
{
	size_t i;

	if (argc < 2) {
		fprintf(stderr, "usdt: a command is missing: ");
		name_commands(" or ");
		fprintf(stderr, "\nTry 'usdt --help'.\n");
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help"))
		return print_overview();
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("usdt %s\n", KIT_VERSION);
		return EXIT_YES;
	}
	for (i = 0; i < COMMANDS; i++)
		if (!strcmp(argv[1], commands[i]->name))
			return commands[i]->run(argc - 1, argv + 1);
	fprintf(stderr, "usdt: there is no command '%s': there are ", argv[1]);
	name_commands(" and ");
	fprintf(stderr, "\nTry 'usdt --help'.\n");
	return EXIT_USAGE;
}

/* A list that did not reach its file must not pass for a whole one. */
static int finish_output(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (status != EXIT_YES || errno == EPIPE)
		return status; /* it has been said, or nobody listens any more */
	complain("cannot write to standard output: %s", strerror(errno));
	return EXIT_NO;
}

int main(int argc, char *argv[])
{
	file_limit_raise();
	return finish_output(dispatch(argc, argv));
}
