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

static const char *skip_macro(const char *text)
{
	static const char *const names[] = {"DTRACE_PROBE", "STAP_PROBE"};
	size_t i, len;

	for (i = 0; i < 2; i++) {
		len = strlen(names[i]);
		if (strncmp(text, names[i], len))
			continue;
		text += len;
		text += *text == 'V' ? 1 : strspn(text, "0123456789");
		text = in_word(*text) ? NULL : skip_blanks(text);
		return text && *text == '(' ? text + 1 : NULL;
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
