// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/kit.h"
#include "common/num.h"
#include "tracer/commands/command.h"
#include "tracer/commands/safe_text.h"

#define OPTIONS_MAX 24

int next_option(const struct command *command, int argc, char *argv[])
{
	struct option longs[OPTIONS_MAX + 1] = {{0}};
	char shorts[3 * OPTIONS_MAX + 2] = "+";
	const struct option_def *def;
	size_t n = 0;
	int letter;

	for (def = command->options; def->letter && n < OPTIONS_MAX; def++, n++) {
		int takes = !def->value		 ? no_argument
			    : *def->value == '[' ? optional_argument
						 : required_argument;

		longs[n] = (struct option){def->name, takes, NULL, def->letter};
		strncat(shorts, &def->letter, 1);
		strcat(shorts, takes == required_argument   ? ":"
			       : takes == optional_argument ? "::"
							    : "");
	}
	shorts[0] = ':'; /* say what is wrong ourselves; options may follow arguments */
	opterr = 0;
	letter = getopt_long(argc, argv, shorts, longs, NULL);
	if (letter == ':')
		usage_error(command, "option '%s' wants a value", argv[optind - 1]);
	else if (letter == '?')
		usage_error(command, "there is no option '%s'", argv[optind - 1]);
	return letter == ':' ? '?' : letter;
}

void print_help(const struct command *command)
{
	const struct option_def *def;

	printf("usdt %s - %s\n\nUsage: usdt %s [OPTION]...%s%s\n\n", command->name,
	       command->summary, command->name, *command->arguments ? " " : "",
	       command->arguments);
	for (def = command->options; def->letter; def++) {
		char name[40];

		snprintf(name, sizeof(name), "--%s%s%s", def->name,
			 def->value && *def->value != '[' ? " " : "",
			 def->value ? def->value : "");
		printf("  -%c, %-18s %s\n", def->letter, name, def->help);
	}
	printf("\n%s", command->details);
}

static void say(const char *before, const char *format, va_list ap)
{
	fflush(stdout);
	fputs(before, stderr);
	safe_vprintf(stderr, format, ap);
	fputc('\n', stderr);
}

int usage_error(const struct command *command, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say("usdt: ", format, ap);
	va_end(ap);
	fprintf(stderr, "Try 'usdt %s --help'.\n", command->name);
	return EXIT_USAGE;
}

void complain(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say("usdt: ", format, ap);
	va_end(ap);
}

void advise(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	say("  try: ", format, ap);
	va_end(ap);
}

void advise_sudo(const char *command)
{
	if (geteuid())
		advise("sudo %s %s ...", kit_usdt_for_sudo(), command);
	else
		advise("usdt doctor, which says what keeps even root from it");
}

int parse_pid(const struct command *command, const char *text, int *pid)
{
	uint64_t number;

	if (parse_u64(text, 1, INT_MAX, &number))
		return usage_error(command, "'%s' is no process id", text);
	*pid = (int)number;
	return 0;
}
