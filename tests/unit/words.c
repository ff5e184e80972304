// SPDX-License-Identifier: GPL-2.0-or-later
/* Command lines, and the words a POSIX shell makes of them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/words.h"

static const struct {
	const char *line;
	int err; /* 0: these words */
	const char *words[6];
} samples[] = {
	{"a", 0, {"a"}},
	{"  a\tb\nc  ", 0, {"a", "b", "c"}},
	{"a b c d e", 0, {"a", "b", "c", "d", "e"}},
	{"'a b' \"c d\"", 0, {"a b", "c d"}},
	{"a'b'\"c\"d", 0, {"abcd"}},
	{"''", 0, {""}},
	{"a '' \"\" b", 0, {"a", "", "", "b"}},
	{"a\\ b", 0, {"a b"}},
	{"\\'a\\'", 0, {"'a'"}},
	{"'a\\b'", 0, {"a\\b"}},
	{"'a\\\\b'", 0, {"a\\\\b"}},
	{"'\"'", 0, {"\""}},
	{"\"'\"", 0, {"'"}},
	{"\"a\\\"b\\\\c\\$d\\`e\"", 0, {"a\"b\\c$d`e"}},
	{"\"a\\nb\"", 0, {"a\\nb"}}, /* \n is no escape of a shell's */
	{"a\\", 0, {"a\\"}},
	{"sh -c 'echo \"$HOME\" | cat'", 0, {"sh", "-c", "echo \"$HOME\" | cat"}},
	{"echo $HOME *", 0, {"echo", "$HOME", "*"}}, /* nothing is expanded */
	{"caf\xc3\xa9 \xff", 0, {"caf\xc3\xa9", "\xff"}},
	{"", ENOENT, {NULL}},
	{" \t\n", ENOENT, {NULL}},
	{"'a", EINVAL, {NULL}},
	{"a \"b", EINVAL, {NULL}},
	{"a 'b\"", EINVAL, {NULL}},
	{"\"a\\\"", EINVAL, {NULL}},
	{"'a\\''b", EINVAL, {NULL}}, /* a backslash means nothing in '...' */
};

static int check(const char *line, int err, const char *const words[])
{
	char **got = words_split(line);
	int got_err = got ? 0 : errno, right;
	size_t i = 0;

	right = got_err == err;
	for (; right && got && words[i] && got[i]; i++)
		right = !strcmp(got[i], words[i]);
	if (right && got)
		right = !words[i] && !got[i];
	if (!right) {
		printf("<%s>: errno %d:", line, got_err);
		for (i = 0; got && got[i]; i++)
			printf(" <%s>", got[i]);
		printf("\n");
	}
	words_free(got);
	return right;
}

int main(void)
{
	int failures = 0;
	size_t i;

	for (i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		failures += !check(samples[i].line, samples[i].err, samples[i].words);
	words_free(NULL);
	return failures != 0;
}
