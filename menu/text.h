/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strings for people. Without memory for a sentence the menu has nothing left to say,
 * so these end the program (99) instead of returning NULL.
 */
#ifndef BPFHOL_MENU_TEXT_H
#define BPFHOL_MENU_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* text_format - as printf(3), into a string the caller frees. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* text_copy - strdup(3), NULL stays NULL. */
char *text_copy(const char *text);

/* text_replace - free *OLD and put a copy of TEXT (or NULL) in its place. */
void text_replace(char **old, const char *text);

/* A string that grows: print to .stream, then text_done() gives it to the caller. */
struct text {
	FILE *stream;
	char *data;
	size_t length;
};

void text_begin(struct text *text);
char *text_done(struct text *text);

/*
 * text_wrap - break lines at blanks so that none is wider than WIDTH columns. Lines that
 * begin with blanks are commands or tables: they stay as they are. INDENT goes before
 * every line. Bytes that would move a terminal's cursor come out as \xNN.
 */
void text_wrap(FILE *out, const char *text, unsigned int width, const char *indent);

/* text_columns - of UTF-8 text: its bytes that do not continue a character. */
size_t text_columns(const char *text, size_t length);

/* text_flow - join lines that are parts of one paragraph (no blank before, none between),
 * so that text_wrap can break them anew. To be freed. */
char *text_flow(const char *text);

/* text_words - split at blanks; NULL-terminated, one free() frees the words too. */
char **text_words(const char *text);

/* text_join - the words of a command line as one string, blanks between. */
char *text_join(char *const words[], int count);

/* text_ago - "3 s ago", "2 h ago": short, for a person. To be freed. */
char *text_ago(double seconds);

#endif
