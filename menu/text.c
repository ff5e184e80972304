// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/exit.h"
#include "menu/text.h"

static void *must(void *pointer)
{
	if (!pointer) {
		fputs("bpfhol: out of memory\n", stderr);
		exit(EXIT_BROKEN);
	}
	return pointer;
}

char *text_format(const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	return must(length < 0 ? NULL : text);
}

char *text_copy(const char *text)
{
	return text ? must(strdup(text)) : NULL;
}

void text_replace(char **old, const char *text)
{
	char *copy = text_copy(text);

	free(*old);
	*old = copy;
}

void text_begin(struct text *text)
{
	text->data = NULL;
	text->length = 0;
	text->stream = must(open_memstream(&text->data, &text->length));
}

char *text_done(struct text *text)
{
	if (fclose(text->stream))
		must(NULL);
	return must(text->data);
}

size_t text_columns(const char *text, size_t length)
{
	size_t count = 0;

	while (length--)
		count += (*text++ & 0xc0) != 0x80;
	return count;
}

static void put_plain(FILE *out, const char *text, size_t length)
{
	for (; length--; text++) {
		unsigned char c = *text;

		if (c < ' ' || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

static void wrap_line(FILE *out, const char *line, size_t length, unsigned int width,
		      const char *indent)
{
	size_t start = strlen(indent), column = start;
	const char *end = line + length;

	fputs(indent, out);
	if (length && (*line == ' ' || *line == '\t')) {
		put_plain(out, line, length);
		fputc('\n', out);
		return;
	}
	while (line < end) {
		size_t word = strcspn(line, " \n");
		size_t wide;

		if (word > (size_t)(end - line))
			word = end - line;
		wide = text_columns(line, word);
		if (column > start && column + 1 + wide > width) {
			fprintf(out, "\n%s", indent);
			column = start;
		} else if (column > start) {
			fputc(' ', out);
			column++;
		}
		put_plain(out, line, word);
		column += wide;
		line += word;
		while (line < end && *line == ' ')
			line++;
	}
	fputc('\n', out);
}

void text_wrap(FILE *out, const char *text, unsigned int width, const char *indent)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		wrap_line(out, text, length, width, length ? indent : "");
		text += length + (text[length] == '\n');
	}
}

char *text_flow(const char *text)
{
	bool prose = *text && !strchr(" \t\n", *text);
	char *flowed = text_copy(text), *c;

	for (c = flowed; *c; c++) {
		bool more = c[0] == '\n' && c[1] && !strchr(" \t\n", c[1]);

		if (*c == '\n' && prose && more)
			*c = ' ';
		else if (*c == '\n')
			prose = more;
	}
	return flowed;
}

char **text_words(const char *text)
{
	size_t length = strlen(text), count = 0;
	char **words = must(calloc(1, (length / 2 + 2) * sizeof(*words) + length + 1));
	char *copy = (char *)(words + length / 2 + 2), *save = NULL, *word;

	memcpy(copy, text, length + 1);
	for (word = strtok_r(copy, " \t\n", &save); word;
	     word = strtok_r(NULL, " \t\n", &save))
		words[count++] = word;
	return words;
}

char *text_join(char *const words[], int count)
{
	struct text text;
	int i;

	text_begin(&text);
	for (i = 0; i < count; i++)
		fprintf(text.stream, "%s%s", i ? " " : "", words[i]);
	return text_done(&text);
}

char *text_ago(double seconds)
{
	if (seconds < 1)
		return text_copy("just now");
	if (seconds < 120)
		return text_format("%.0f s ago", seconds);
	if (seconds < 7200)
		return text_format("%.0f min ago", seconds / 60);
	return text_format("%.0f h ago", seconds / 3600);
}
