// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/words.h"

#define BLANKS " \t\n"

/* Copies one word to TO, without its quotes. Returns what follows it, NULL if a quote is
 * open. */
static const char *take_word(const char *from, char *to)
{
	char quote = 0;

	for (; *from && (quote || !strchr(BLANKS, *from)); from++) {
		if (!quote && (*from == '\'' || *from == '"')) {
			quote = *from;
		} else if (*from == quote) {
			quote = 0;
		} else if (*from == '\\' && quote != '\'' && from[1] &&
			   (!quote || strchr("\"\\$`", from[1]))) {
			*to++ = *++from;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return quote ? NULL : from;
}

char **words_split(const char *line)
{
	/* No more words than every second character, and the NULL. */
	char **words = calloc(strlen(line) / 2 + 2, sizeof(*words));
	size_t count = 0;
	int err = 0;

	if (!words)
		return NULL;
	for (line += strspn(line, BLANKS); !err && *line; line += strspn(line, BLANKS)) {
		words[count] = malloc(strlen(line) + 1);
		if (!words[count]) {
			err = ENOMEM;
			break;
		}
		line = take_word(line, words[count++]);
		if (!line) {
			err = EINVAL;
			break;
		}
	}
	if (!err && !count)
		err = ENOENT;
	if (!err)
		return words;
	words_free(words);
	errno = err;
	return NULL;
}

void words_free(char **words)
{
	size_t i;

	for (i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}
