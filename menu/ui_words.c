// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Advice in the menu's words. The same texts are printed by subcommands, and some of them
 * come from `grade`: they say "bpfhol start passwd", and in the menu that is an entry or
 * a button.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "menu/dialog.h"
#include "menu/text.h"
#include "menu/ui_parts.h"

#define OPERAND "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

static const struct {
	const char *command;
	const char *words;
	int operands;
	bool program; /* one more may follow, at the end of the line: the entry has it */
} table[] = {
	{"start", "in the lab's menu", 1, true},
	{"edit", "in the lab's menu", 1, true},
	{"build", "in the lab's menu", 1, true},
	{"answer", "the button Answer", 2, false},
	{"hint", "the button Hint", 1, false},
	{"reveal", "the button Reveal", 1, false},
	{"status", "`status`, on the first screen", 0, false},
	{"doctor", "`doctor`, on the first screen", 0, false},
};

/* Is COMMAND at its end, with nothing of the sentence behind it? */
static bool at_end(const char *command)
{
	command += strspn(command, ".");
	return !*command || *command == '\n';
}

/* Behind "edit writing": how long is " parcels", the program, if it is named? */
static size_t program_length(const char *command)
{
	size_t length = *command == ' ' ? strspn(command + 1, OPERAND) : 0;

	if (!length || !at_end(command + 1 + length))
		return 0;
	while (length > 1 && command[length] == '.')
		length--;
	return 1 + length;
}

/* Says in the menu's words what COMMAND, "start passwd", begins with; returns how much of
 * it that was, 0 if it is nothing of the menu's. */
static size_t say(FILE *out, const char *command)
{
	size_t length, more, i;
	int operands;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		length = strlen(table[i].command);
		if (strncmp(command, table[i].command, length) ||
		    strchr(OPERAND, command[length] ? command[length] : '-'))
			continue;
		for (operands = table[i].operands; operands; operands--) {
			if (command[length] != ' ')
				break;
			more = strspn(command + length + 1, OPERAND);
			length += more ? more + 1 : 0;
		}
		more = table[i].program ? program_length(command + length) : 0;
		if (table[i].program)
			fprintf(out, "`%s%.*s`, ", table[i].command, (int)more,
				command + length);
		fputs(table[i].words, out);
		length += more;
		while (command[length - 1] == '.') /* of the sentence */
			length--;
		return length;
	}
	return 0;
}

char *ui_words(const char *text)
{
	static const char name[] = "bpfhol ";
	const char *at = text, *found, *begin;
	struct text said;
	size_t length;

	text_begin(&said);
	while ((found = strstr(at, name))) {
		const char *command = found + sizeof(name) - 1;

		for (begin = found; begin > at && !strchr(" \n`'(", begin[-1]); begin--)
			;
		fprintf(said.stream, "%.*s", (int)(begin - at), at);
		length = say(said.stream, command);
		if (!length)
			fprintf(said.stream, "%.*s", (int)(command - begin), begin);
		at = command + length;
	}
	fputs(at, said.stream);
	return text_done(&said);
}

void ui_show(struct ui *ui, const char *title, const char *text)
{
	char *words = ui_words(text);

	dialog_text(ui->app, title, words);
	free(words);
}
