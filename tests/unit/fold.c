// SPDX-License-Identifier: GPL-2.0-or-later
/* Long lines: as text and as commands. A folded command is compared by the shell itself:
 * it must print what the whole one prints. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "menu/fold.h"
#include "menu/text.h"

static char *output(const char *command)
{
	FILE *pipe = popen(command, "r");
	char buffer[4096];
	size_t got = fread(buffer, 1, sizeof(buffer) - 1, pipe);

	pclose(pipe);
	buffer[got] = '\0';
	return strdup(buffer);
}

/* Several lines of one command, each folded, as a chapter and a reveal have them. */
static char *fold_lines(const char *lines, unsigned int width)
{
	char *copy = strdup(lines), *rest = copy, *line, quote = 0;
	struct text text;

	text_begin(&text);
	while ((line = strsep(&rest, "\n")))
		fold_command(text.stream, line, width, &quote);
	assert(!quote);
	free(copy);
	return text_done(&text);
}

static void command(const char *line)
{
	char *whole = output(line), *part, *copy, *folded;
	unsigned int width;

	for (width = 12; width < 90; width++) {
		folded = fold_lines(line, width);
		part = output(folded);
		if (strcmp(whole, part)) {
			fprintf(stderr, "width %u: %s", width, folded);
			exit(1);
		}
		for (copy = strtok(folded, "\n"); copy; copy = strtok(NULL, "\n"))
			assert(text_columns(copy, strlen(copy)) <= width);
		free(folded);
		free(part);
	}
	free(whole);
}

static void folded(const char *line, unsigned int width, const char *out)
{
	struct text text;

	text_begin(&text);
	fold_command(text.stream, line, width, NULL);
	text_done(&text);
	if (strcmp(text.data, out)) {
		fprintf(stderr, "'%s' became '%s'\n", line, text.data);
		exit(1);
	}
	free(text.data);
}

static void prose(const char *in, unsigned int width, const char *out)
{
	struct text text;

	text_begin(&text);
	fold_text(text.stream, in, width);
	text_done(&text);
	if (strcmp(text.data, out)) {
		fprintf(stderr, "'%s' became '%s'\n", in, text.data);
		exit(1);
	}
	free(text.data);
}

int main(void)
{
	command("  printf '%s|' 'usdt:/home/ada/a/long/path:* { printf(\"%s\\n\", 1); "
		"}'");
	command("  printf '%s|' \"a b'c d e f g h i j k l m n o\" /home/abcdefghijklmn\\ "
		"q");
	command("printf '%s|' --text=/a/word/without/any/blank/that/is/wider/than/all");
	command("    printf %s é'üöä ß'ééééééééééééééééééééééé '' a b c d e f g h i j k");
	command("printf '%s|' '\n  usdt:/home/ada/a/long/path:* { @hits[probe] = "
		"count(); "
		"}' \\\n  a b c d");
	command("printf '%s|' a\nprintf '%s|' \"\n  one two 'three four five\n' six "
		"seven\" eight nine ten eleven");
	folded("  trace -p 1 -e 'a b'", 20, "  trace -p 1 \\\n    -e 'a b'\n");
	folded("  trace -p 1 -e", 13, "  trace \\\n    -p 1 -e\n");
	folded("  trace -p 1 -e 'a:* { print; exit; }'", 20,
	       "  trace -p 1 \\\n    -e 'a:* { '\\\n'print; exit; }'\n");
	prose("short\n\nlines stay\n", 20, "short\n\nlines stay\n");
	prose("  a line that is too wide", 12, "  a line\n  that is\n  too wide\n");
	prose("xxxxxxxxxxxxx", 10, "xxxxxxxxxx\nxxx\n");
	prose("a\tb", 20, "a       b\n");
	prose("ééééé ééééé", 7, "ééééé\nééééé\n");
	return 0;
}
