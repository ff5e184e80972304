// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "menu/fold.h"
#include "menu/text.h"

#define TAB 8

/* Where the column WIDTH of TEXT begins, in bytes; its end when it is not that wide. */
static size_t bytes_of(const char *text, size_t length, size_t width)
{
	size_t i;

	for (i = 0; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80 && !width--)
			break;
	}
	return i;
}

static char *without_tabs(const char *line, size_t length)
{
	size_t column = 0, i;
	struct text text;

	text_begin(&text);
	for (i = 0; i < length; i++) {
		if (line[i] == '\t') {
			fprintf(text.stream, "%*s", (int)(TAB - column % TAB), "");
			column += TAB - column % TAB;
		} else {
			fputc(line[i], text.stream);
			column += (line[i] & 0xc0) != 0x80;
		}
	}
	return text_done(&text);
}

/* The last blank of TEXT before its byte END and behind its byte START, or 0. */
static size_t last_blank(const char *text, size_t start, size_t end)
{
	while (end > start && text[end] != ' ')
		end--;
	return end > start ? end : 0;
}

static void fold_line(FILE *out, const char *line, unsigned int width)
{
	size_t indent = strspn(line, " "), start = indent;

	if (indent > width / 2)
		indent = 0;
	while (text_columns(line, strlen(line)) > width) {
		size_t room = bytes_of(line, strlen(line), width);
		size_t cut = last_blank(line, start, room);

		cut = cut ? cut : room;
		fprintf(out, "%.*s\n%*s", (int)cut, line, (int)indent, "");
		line += cut;
		line += strspn(line, " ");
		if (start == indent) /* from the second line on, what is left of it */
			width -= indent;
		start = 0;
	}
	fprintf(out, "%s\n", line);
}

void fold_text(FILE *out, const char *text, unsigned int width)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		char *line = without_tabs(text, length);

		fold_line(out, line, width);
		free(line);
		text += length + (text[length] == '\n');
	}
}

/* Where a command is broken, and what stands there. */
struct joint {
	size_t end;   /* of the first part */
	bool between; /* two words */
	char quote;   /* inside of a quoted word: this one, else 0 */
};

/* The last good joint in the first ROOM bytes of a line that begins inside of QUOTE. */
static struct joint find_joint(const char *line, size_t room, char quote)
{
	size_t start = strspn(line, " "), words = 0, before = 0, blank = 0, i;

	for (i = start; i < room; i++) {
		if (line[i] == '\\' && quote != '\'') {
			i++; /* it stays with what it protects */
		} else if (line[i] == ' ' && quote) {
			blank = i + 1;
		} else if (line[i] == ' ') {
			/* An option may have a value: it goes on to the next line with
			 * it. */
			words = before && line[before + 1] == '-' ? before : i;
			before = i;
		} else if (quote) {
			quote = line[i] == quote ? 0 : quote;
		} else if (line[i] == '\'' || line[i] == '"') {
			quote = line[i];
			blank = 0;
		}
	}
	/* Nothing but an option in front of what is too wide: they stay together. */
	if (quote && blank && line[start] == '-' && words &&
	    !memchr(line + start, ' ', words - start))
		words = 0;
	if (words)
		return (struct joint){words, true, 0};
	if (quote && blank)
		return (struct joint){blank, false, quote};
	return (struct joint){i > room ? room - 1 : room, false, quote};
}

/* Inside of which quote a line ends that begins inside of QUOTE. */
static char quote_behind(const char *line, char quote)
{
	const char *at;

	for (at = line; *at; at++) {
		if (*at == '\\' && quote != '\'' && at[1])
			at++;
		else if (quote)
			quote = *at == quote ? 0 : quote;
		else if (*at == '\'' || *at == '"')
			quote = *at;
		else if (*at == '#' && (at == line || at[-1] == ' '))
			break; /* a comment, with apostrophes perhaps */
	}
	return quote;
}

void fold_command(FILE *out, const char *line, unsigned int width, char *quote)
{
	int indent = strspn(line, " ") + 2;
	char *rest = text_copy(line), *more, inside = quote ? *quote : 0;

	if (quote)
		*quote = quote_behind(line, *quote);
	while (text_columns(rest, strlen(rest)) > width) {
		struct joint joint =
			find_joint(rest, bytes_of(rest, strlen(rest), width - 2), inside);
		char again[2] = {joint.quote, '\0'};

		more = rest + joint.end;
		fprintf(out, "%.*s%s\\\n", (int)joint.end, rest,
			joint.between ? " " : again);
		if (joint.between)
			more = text_format("%*s%s", indent, "", more + strspn(more, " "));
		else
			more = text_format("%s%s", again, more);
		free(rest);
		rest = more;
		inside = 0;
	}
	fprintf(out, "%s\n", rest);
	free(rest);
}
