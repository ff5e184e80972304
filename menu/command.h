/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subcommands. Each is one file, cmd_NAME.c, with its entry at the top; commands.c
 * lists them. --help, the usage lines and the parsing all come from the entry.
 */
#ifndef BPFHOL_MENU_COMMAND_H
#define BPFHOL_MENU_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "menu/app.h"

/* All that the switches of all subcommands can say. */
struct options {
	bool json;
	bool yes;
	bool progress;
	const char *lab;
};

/* A switch, and where it goes in struct options. */
struct option_entry {
	char letter; /* 0: none */
	const char *name;
	const char *value; /* what to call its value in --help; NULL: it takes none */
	const char *help;
	size_t offset; /* of a bool, or with a value of a const char * */
};

extern const struct option_entry option_json; /* -j, --json */
#define MAX_OPTIONS 3

struct command {
	const char *name;
	const char *operands; /* "LAB.QUESTION VALUE..." */
	const char *summary;
	const char *more; /* the rest of --help */
	const struct option_entry *options[MAX_OPTIONS + 1];
	int least, most;	/* operands; most -1: any number */
	bool operands_verbatim; /* behind the first operand nothing is a switch */
	int (*run)(struct app *app, const struct options *options, int argc, char **argv);
};

extern const struct command *const commands[]; /* ends with NULL */

const struct command *command_find(const char *name);

/* command_run - parse argv (argv[0] is the subcommand's name) and run it. Returns the
 * exit status. */
int command_run(struct app *app, const struct command *command, int argc, char **argv);

/* command_usage - a mistake in how it was called: one line and where to look; 2. */
int command_usage(const char *name, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* commands_help - bpfhol --help. commands_list - its middle: one line a subcommand. */
void commands_help(void);
void commands_list(void);

#endif
