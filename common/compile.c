// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A probe macro is one location only as long as the compiler leaves its surroundings
 * alone: a function that is inlined twice, or a loop that is unrolled, carries copies of
 * the probe along. Hence -O1 and -fno-inline. Debug information (-g) lets tracers tell
 * argument types and source lines.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/compile.h"
#include "common/kit.h"

/* In step with TARGET_CFLAGS in the Makefile; tests/51-target.bats compares them. */
static const char *const kit_flags[] = {
	"-D_GNU_SOURCE", "-Wall", "-g", "-O1", "-fno-inline",
};

/* What a source's name ends in says what it is written in. Assembler may include headers,
 * and the preprocessor is C's. */
static const struct language {
	const char *suffix, *standard;
	bool plus_plus;
} languages[] = {
	{".c", "-std=gnu11", false},
	{".cc", "-std=gnu++17", true},
	{".S", "-std=gnu11", false},
};

/* A C++ compiler is called after the C compiler it comes with. */
static const char *const compilers[][2] = {
	{"gcc", "g++"},
	{"clang", "clang++"},
	{"cc", "c++"},
};

#define BLANKS " \t\n"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PLUS 2 /* bytes that "clang++" is longer */

/* Copies WORD to *ROOM, which moves on behind it. */
static char *put(char **room, const char *word, size_t len)
{
	char *copy = *room;

	memcpy(copy, word, len);
	copy[len] = '\0';
	*room += len + 1;
	return copy;
}

static size_t words_in(const char *text)
{
	size_t count = 0;

	for (text += strspn(text, BLANKS); *text; text += strspn(text, BLANKS)) {
		count++;
		text += strcspn(text, BLANKS);
	}
	return count;
}

static const struct language *language_of(const char *source)
{
	size_t len = strlen(source), i;

	for (i = 0; i < COUNT(languages); i++) {
		size_t suffix = strlen(languages[i].suffix);

		if (len > suffix && source[len - suffix - 1] != '/' &&
		    !strcmp(source + len - suffix, languages[i].suffix))
			return &languages[i];
	}
	return NULL;
}

/* In a word such as "/usr/bin/x86_64-linux-gnu-gcc-12", where "gcc" is; else NULL. */
static const char *find_compiler(const char *word, size_t len, const char *name)
{
	size_t size = strlen(name), at;

	for (at = len; at-- > 0 && word[at] != '/';) {
		char before = at ? word[at - 1] : '/';

		if (len - at >= size && !strncmp(word + at, name, size) &&
		    (before == '/' || before == '-') &&
		    (at + size == len || word[at + size] == '-'))
			return word + at;
	}
	return NULL;
}

/* The compiler for that language; one of another name is taken to know C++ as it is. */
static char *put_compiler(char **room, const char *word, size_t len,
			  const struct language *language)
{
	char *copy = *room;
	size_t i;

	for (i = 0; language->plus_plus && i < COUNT(compilers); i++) {
		const char *at = find_compiler(word, len, compilers[i][0]);

		if (!at)
			continue;
		*room += 1 + sprintf(copy, "%.*s%s%.*s", (int)(at - word), word,
				     compilers[i][1],
				     (int)(word + len - at - strlen(compilers[i][0])),
				     at + strlen(compilers[i][0]));
		return copy;
	}
	return put(room, word, len);
}

/* Pointers first, the words' bytes behind them, so that one free() does. */
static char **lay_out(const char *build, const struct language *language,
		      const char *const tail[], size_t tails)
{
	size_t count = words_in(build) + 1 + COUNT(kit_flags) + tails, n = 0, i;
	size_t bytes = strlen(build) + 1 + PLUS + strlen(language->standard) + 1;
	const char *word = build + strspn(build, BLANKS);
	char **argv, *room;

	for (i = 0; i < COUNT(kit_flags); i++)
		bytes += strlen(kit_flags[i]) + 1;
	for (i = 0; i < tails; i++)
		bytes += strlen(tail[i]) + 1;
	argv = malloc((count + 1) * sizeof(*argv) + bytes);
	if (!argv)
		return NULL;
	room = (char *)(argv + count + 1);
	argv[n++] = put_compiler(&room, word, strcspn(word, BLANKS), language);
	argv[n++] = put(&room, language->standard, strlen(language->standard));
	for (i = 0; i < COUNT(kit_flags); i++)
		argv[n++] = put(&room, kit_flags[i], strlen(kit_flags[i]));
	for (;;) {
		word += strcspn(word, BLANKS);
		word += strspn(word, BLANKS);
		if (!*word)
			break;
		argv[n++] = put(&room, word, strcspn(word, BLANKS));
	}
	for (i = 0; i < tails; i++)
		argv[n++] = put(&room, tail[i], strlen(tail[i]));
	argv[n] = NULL;
	return argv;
}

size_t compile_stem(const char *source)
{
	const struct language *language = language_of(source);

	return language ? strlen(source) - strlen(language->suffix) : 0;
}

int compile_argv_at(const char *kit, const char *build, const char *source,
		    const char *output, char ***argv_out)
{
	const struct language *language = language_of(source);
	char *headers = NULL, *more = NULL, *archive = NULL;
	int err = -ENOMEM;

	if (!language)
		return -EINVAL;
	if (!build || !*build)
		build = getenv("CC");
	if (!build || !*build)
		build = "cc";
	if (!words_in(build))
		return -EINVAL;
	if (asprintf(&headers, "%s/targets/lib", kit) < 0)
		headers = NULL;
	if (asprintf(&more, "%s/targets/include", kit) < 0)
		more = NULL;
	if (asprintf(&archive, "%s/bin/libtarget.a", kit) < 0)
		archive = NULL;
	if (headers && more && archive) {
		const char *const tail[] = {"-I", headers, "-I",   more,
					    "-o", output,  source, archive};

		*argv_out = lay_out(build, language, tail, COUNT(tail));
		err = *argv_out ? 0 : -ENOMEM;
	}
	free(headers);
	free(more);
	free(archive);
	return err;
}

int compile_argv(const char *build, const char *source, const char *output,
		 char ***argv_out)
{
	char *kit = kit_path("");
	int err;

	if (!kit)
		return -errno;
	kit[strlen(kit) - 1] = '\0'; /* the slash */
	err = compile_argv_at(kit, build, source, output, argv_out);
	free(kit);
	return err;
}

char *compile_text(char *const argv[])
{
	size_t bytes = 1, i;
	char *text, *end;

	for (i = 0; argv[i]; i++)
		bytes += strlen(argv[i]) + 1;
	text = malloc(bytes);
	if (!text)
		return NULL;
	for (end = text, i = 0; argv[i]; i++)
		end = stpcpy(stpcpy(end, i ? " " : ""), argv[i]);
	*end = '\0';
	return text;
}
