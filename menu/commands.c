// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/exit.h"
#include "menu/command.h"
#include "menu/text.h"

extern const struct command cmd_list, cmd_start, cmd_stop, cmd_status, cmd_pid, cmd_read,
	cmd_answer, cmd_check, cmd_edit, cmd_build, cmd_hint, cmd_reveal, cmd_reset,
	cmd_shell, cmd_doctor;

const struct command *const commands[] = {
	&cmd_list,   &cmd_read,	 &cmd_start,  &cmd_status, &cmd_pid,   &cmd_stop,
	&cmd_answer, &cmd_hint,	 &cmd_reveal, &cmd_edit,   &cmd_build, &cmd_check,
	&cmd_reset,  &cmd_shell, &cmd_doctor, NULL,
};

const struct option_entry option_json = {
	'j', "json", NULL, "JSON, one object a line", offsetof(struct options, json),
};

const struct command *command_find(const char *name)
{
	const struct command *const *command;

	for (command = commands; *command; command++) {
		if (!strcmp((*command)->name, name))
			return *command;
	}
	return NULL;
}

void commands_list(void)
{
	const struct command *const *command;
	char *usage;

	for (command = commands; *command; command++) {
		usage = text_format("%s %s", (*command)->name, (*command)->operands);
		printf("  %-31s %s\n", usage, (*command)->summary);
		free(usage);
	}
}

void commands_help(void)
{
	puts("Usage: bpfhol [COMMAND [OPTION]... [ARGUMENT]...]\n"
	     "\n"
	     "A lab kit that teaches USDT probes: it starts programs with probes, you "
	     "find out\n"
	     "facts about them with a tracer, and it checks your answers against the "
	     "running\n"
	     "program. Without a command it opens a menu; everything in it is a command "
	     "too:\n");
	commands_list();
	puts("\n"
	     "  -h, --help     this text; `bpfhol COMMAND --help` tells about one "
	     "command\n"
	     "  -V, --version  which version this is\n"
	     "\n"
	     "LAB is a lab's name, LAB.QUESTION one of its questions: see `bpfhol "
	     "list`.\n"
	     "What you did is kept in $BPFHOL_HOME, else $XDG_STATE_HOME/bpfhol, else\n"
	     "~/.local/state/bpfhol.\n"
	     "\n"
	     "Exit status: 0 yes or done; 1 no, a wrong answer; 2 wrong usage; 77 it "
	     "cannot be\n"
	     "done or checked here and now; 99 the kit itself is broken.");
}

static void command_help(const struct command *command)
{
	const struct option_entry *const *option;
	char *name;

	printf("Usage: bpfhol %s%s%s%s\n%s.\n", command->name,
	       command->options[0] ? " [OPTION]..." : "", *command->operands ? " " : "",
	       command->operands, command->summary);
	if (command->more)
		printf("\n%s\n", command->more);
	puts("");
	for (option = command->options; *option; option++) {
		name = text_format("--%s%s%s", (*option)->name,
				   (*option)->value ? " " : "",
				   (*option)->value ? (*option)->value : "");
		if ((*option)->letter)
			printf("  -%c, %-14s %s\n", (*option)->letter, name,
			       (*option)->help);
		else
			printf("      %-14s %s\n", name, (*option)->help);
		free(name);
	}
	puts("  -h, --help         this text");
}

int command_usage(const char *name, const char *format, ...)
{
	va_list args;

	fputs("bpfhol: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nTry 'bpfhol %s%s--help'\n", name ? name : "", name ? " " : "");
	return EXIT_USAGE;
}

/* What getopt_long(3) wants, from the entry's table; values count from 256. */
struct getopt_tables {
	char letters[2 * MAX_OPTIONS + 8];
	struct option longs[MAX_OPTIONS + 2];
};

#define OPTION_BASE 256

static void make_tables(const struct command *command, struct getopt_tables *tables)
{
	char *letter = tables->letters;
	int i;

	memset(tables, 0, sizeof(*tables));
	if (command->operands_verbatim)
		*letter++ = '+';
	*letter++ = ':';
	*letter++ = 'h';
	for (i = 0; command->options[i]; i++) {
		const struct option_entry *option = command->options[i];

		if (option->letter) {
			*letter++ = option->letter;
			if (option->value)
				*letter++ = ':';
		}
		tables->longs[i] =
			(struct option){option->name,
					option->value ? required_argument : no_argument,
					NULL, OPTION_BASE + i};
	}
	tables->longs[i] = (struct option){"help", no_argument, NULL, 'h'};
}

static const struct option_entry *option_of(const struct command *command, int value)
{
	int i;

	for (i = 0; command->options[i]; i++) {
		if (value == OPTION_BASE + i || value == command->options[i]->letter)
			return command->options[i];
	}
	return NULL;
}

int command_run(struct app *app, const struct command *command, int argc, char **argv)
{
	struct options options = {0};
	struct getopt_tables tables;
	int value, count;

	make_tables(command, &tables);
	opterr = 0;
	optind = 0; /* GNU: start afresh, also for the '+' */
	while ((value = getopt_long(argc, argv, tables.letters, tables.longs, NULL)) !=
	       -1) {
		const struct option_entry *option = option_of(command, value);

		if (value == 'h') {
			command_help(command);
			return EXIT_YES;
		}
		if (value == ':')
			return command_usage(command->name, "%s: '%s' needs a value",
					     command->name, argv[optind - 1]);
		if (!option)
			return command_usage(command->name, "%s: unknown option '%s'",
					     command->name, argv[optind - 1]);
		if (option->value)
			*(const char **)((char *)&options + option->offset) = optarg;
		else
			*(bool *)((char *)&options + option->offset) = true;
	}
	count = argc - optind;
	if (count < command->least)
		return command_usage(command->name, "%s needs %s", command->name,
				     command->operands);
	if (command->most >= 0 && count > command->most)
		return command_usage(command->name, "%s: '%s' is too much", command->name,
				     argv[optind + command->most]);
	return command->run(app, &options, count, argv + optind);
}
