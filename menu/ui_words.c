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
} table[] = {
	{"start", "`start`, in the lab's menu", 1},
	{"edit", "`edit`, in the lab's menu", 1},
	{"build", "`build`, in the lab's menu", 1},
	{"answer", "the button Answer", 2},
	{"hint", "the button Hint", 1},
	{"reveal", "the button Reveal", 1},
	{"status", "`status`, on the first screen", 0},
	{"doctor", "`doctor`, on the first screen", 0},
};

/* How long "start passwd" is at COMMAND, and in WORDS what the menu calls it; 0: it is
 * nothing of the menu's. */
static size_t recognise(const char *command, const char **words)
{
	size_t length, more, i;
	int operands;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		length = strlen(table[i].command);
		if (strncmp(command, table[i].command, length) ||
		    strchr(OPERAND, command[length] ? command[length] : '-'))
			continue;
		*words = table[i].words;
		for (operands = table[i].operands; operands; operands--) {
			if (command[length] != ' ')
				break;
			more = strspn(command + length + 1, OPERAND);
			length += more ? more + 1 : 0;
		}
		while (command[length - 1] == '.') /* of the sentence */
			length--;
		return length;
	}
	return 0;
}

char *ui_words(const char *text)
{
	static const char name[] = "bpfhol ";
	const char *at = text, *found, *begin, *words;
	struct text said;
	size_t length;

	text_begin(&said);
	while ((found = strstr(at, name))) {
		const char *command = found + sizeof(name) - 1;

		for (begin = found; begin > at && !strchr(" \n`'(", begin[-1]); begin--)
			;
		length = recognise(command, &words);
		if (length)
			fprintf(said.stream, "%.*s%s", (int)(begin - at), at, words);
		else
			fprintf(said.stream, "%.*s", (int)(command - at), at);
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
