// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "grader/source.h"

/* The end of what begins at TEXT, if that is a comment, a string or a character. */
static const char *skip_other(const char *text)
{
	const char *end;

	if (text[0] == '/' && text[1] == '/')
		return text + strcspn(text, "\n");
	if (text[0] == '/' && text[1] == '*') {
		end = strstr(text + 2, "*/");
		return end ? end + 2 : text + strlen(text);
	}
	if (*text != '"' && *text != '\'')
		return text;
	for (end = text + 1; *end && *end != *text && *end != '\n'; end++) {
		if (*end == '\\' && end[1])
			end++;
	}
	return *end ? end + 1 : end;
}

/* A copy with one blank in the place of each comment and each string; NULL on ENOMEM. */
static char *strip(const char *source)
{
	char *plain = malloc(strlen(source) + 1), *out = plain;

	if (!plain)
		return NULL;
	while (*source) {
		const char *end = skip_other(source);

		*out++ = end == source ? *source : ' ';
		source = end == source ? source + 1 : end;
	}
	*out = '\0';
	return plain;
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Blanks, and the backslash that ends a line of a #define. */
static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t\r\n\\");
}

static const char *skip_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	text = skip_blanks(text);
	return strncmp(text, word, len) || in_word(text[len]) ? NULL
							      : skip_blanks(text + len);
}

/* Behind the bracket of "STAP_PROBE2(" and its like. */
static const char *skip_macro(const char *text)
{
	static const char *const names[] = {"DTRACE_PROBE", "STAP_PROBE", "FOLLY_SDT",
					    "FOLLY_SDT_WITH_SEMAPHORE"};
	const char *end;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strncmp(text, names[i], strlen(names[i])))
			continue;
		end = text + strlen(names[i]);
		end += *end == 'V' ? 1 : strspn(end, "0123456789");
		if (in_word(*end))
			continue;
		end = skip_blanks(end);
		return *end == '(' ? end + 1 : NULL;
	}
	return NULL;
}

/* "STAP_PROBE2(provider, name, ..." */
static bool names_probe(const char *text, const char *provider, const char *name)
{
	text = skip_macro(text);
	if (!text || !(text = skip_word(text, provider)) || *text != ',')
		return false;
	text = skip_word(text + 1, name);
	return text && (*text == ',' || *text == ')');
}

size_t source_macros(const char *source, const char *provider, const char *name)
{
	char *plain = strip(source), *at;
	size_t count = 0;

	for (at = plain; at && *at; at++) {
		if (at == plain || !in_word(at[-1]))
			count += names_probe(at, provider, name);
	}
	free(plain);
	return count;
}

/* The end of a line, or of the last one that a backslash continues it by. */
static char *line_end(char *line)
{
	char *end = line + strcspn(line, "\n");

	while (*end && end > line && end[-1] == '\\')
		end += 1 + strcspn(end + 1, "\n");
	return end;
}

/* How deep in an "#if 0" the lines behind this directive are, if DEPTH is it before. */
static size_t depth_behind(const char *directive, size_t depth)
{
	const char *word = directive + 1 + strspn(directive + 1, " \t");

	if (depth && !strncmp(word, "if", 2))
		return depth + 1;
	if (depth && !strncmp(word, "endif", 5))
		return depth - 1;
	if (depth == 1 && !strncmp(word, "el", 2)) /* "else", "elif ..." */
		return 0;
	if (depth || strncmp(word, "if", 2))
		return depth;
	word += 2 + strspn(word + 2, " \t(");
	return *word == '0' && strchr("\n", word[1 + strspn(word + 1, " \t\r)")]);
}

/* Directives, such as #define, and what "#if 0" keeps from the compiler. */
static void blank_unused(char *text)
{
	char *line, *end;
	size_t depth = 0;

	for (line = text; *line; line = *end ? end + 1 : end) {
		const char *directive = line + strspn(line, " \t");

		end = line_end(line);
		if (*directive != '#' && !depth)
			continue;
		if (*directive == '#')
			depth = depth_behind(directive, depth);
		memset(line, ' ', end - line);
	}
}

/* "(name, ..." or "(provider, name, ..." */
static bool is_about(const char *text, const char *name)
{
	const char *first;

	text = skip_blanks(text);
	if (*text != '(')
		return false;
	first = skip_blanks(text + 1);
	if (skip_word(first, name))
		return true;
	first = skip_blanks(first + strcspn(first, ",()"));
	return *first == ',' && skip_word(first + 1, name);
}

bool source_uses(const char *source, const char *macro, const char *name)
{
	char *plain = strip(source), *at = plain;
	size_t len = strlen(macro);
	bool uses = false;

	if (plain)
		blank_unused(plain);
	for (; at && !uses && (at = strstr(at, macro)); at += len)
		uses = (at == plain || !in_word(at[-1])) && !in_word(at[len]) &&
		       is_about(at + len, name);
	free(plain);
	return uses;
}
