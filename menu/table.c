// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "menu/spell.h"
#include "menu/text.h"

#define MAX_COLUMNS 16
#define BETWEEN 3 /* " | " */

struct cell {
	const char *text; /* points into the source */
	int length;
};

/* The cells of a line "| a | b |", at most MAX_COLUMNS. */
static unsigned int split_row(const char *line, struct cell *cells)
{
	const char *end = line + strcspn(line, "\n"), *at = line + 1;
	unsigned int count = 0;

	while (at < end && count < MAX_COLUMNS) {
		const char *bar = at;

		while (bar < end && (*bar != '|' || bar[-1] == '\\'))
			bar++;
		if (bar == end && at + strspn(at, " ") >= end)
			break;
		at += strspn(at, " ");
		cells[count].text = at;
		cells[count].length = bar - at;
		while (cells[count].length > 0 && at[cells[count].length - 1] == ' ')
			cells[count].length--;
		count++;
		at = bar + 1;
	}
	return count;
}

static const char *next_line(const char *at)
{
	at += strcspn(at, "\n");
	return *at ? at + 1 : at;
}

/* Where the table AT the beginning of a line ends; AT itself when there is none. */
static const char *end_of_table(const char *at)
{
	const char *rule = next_line(at);

	if (*at != '|' || *rule != '|' || strspn(rule, "|-: ") != strcspn(rule, "\n"))
		return at;
	while (*at == '|')
		at = next_line(at);
	return at;
}

static unsigned int table_width(const char *at, const char *end)
{
	unsigned int widths[MAX_COLUMNS] = {0}, count, columns, total = 0, i;
	const char *rule = next_line(at);
	struct cell cells[MAX_COLUMNS];

	for (; at < end; at = next_line(at)) {
		count = at == rule ? 0 : split_row(at, cells);
		for (i = 0; i < count; i++) {
			columns = text_columns(cells[i].text, cells[i].length);
			widths[i] = columns > widths[i] ? columns : widths[i];
		}
	}
	for (i = 0; i < MAX_COLUMNS && widths[i]; i++)
		total += widths[i] + (i ? BETWEEN : 0);
	return total;
}

static bool is_empty(const struct cell *cell)
{
	return !cell->length || (cell->length == 1 && *cell->text == '-');
}

static void put_list(FILE *out, const char *at, const char *end)
{
	struct cell heads[MAX_COLUMNS], cells[MAX_COLUMNS];
	unsigned int titles = split_row(at, heads), count, i;

	for (at = next_line(next_line(at)); at < end; at = next_line(at)) {
		const char *mark = ": ";

		count = split_row(at, cells);
		if (!count)
			continue;
		fprintf(out, "- %.*s", cells[0].length, cells[0].text);
		for (i = 1; i < count && i < titles; i++) {
			if (is_empty(&cells[i]))
				continue;
			fprintf(out, "%s%.*s %.*s", mark, heads[i].length, heads[i].text,
				cells[i].length, cells[i].text);
			mark = "; ";
		}
		fputc('\n', out);
	}
}

char *spell_tables(const char *source, unsigned int width)
{
	const char *at = source, *end;
	bool fenced = false;
	struct text text;

	text_begin(&text);
	while (*at) {
		if (!strncmp(at, "```", 3))
			fenced = !fenced;
		end = fenced ? at : end_of_table(at);
		if (end != at && table_width(at, end) > width) {
			put_list(text.stream, at, end);
		} else {
			end = end != at ? end : next_line(at);
			fwrite(at, 1, end - at, text.stream);
		}
		at = end;
	}
	return text_done(&text);
}
