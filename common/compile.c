// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A probe macro is one location only as long as the compiler leaves its surroundings
 * alone: a function that is inlined twice, or a loop that is unrolled, carries copies of
 * the probe along. Hence -O1 and -fno-inline. Debug information (-g) lets tracers tell
 * argument types and source lines.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/compile.h"
#include "common/kit.h"

/* In step with TARGET_CFLAGS in the Makefile; tests/51-target.bats compares them. */
static const char *const kit_flags[] = {
	"-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-g", "-O1", "-fno-inline",
};

#define BLANKS " \t\n"
#define FLAGS (sizeof(kit_flags) / sizeof(kit_flags[0]))

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

/* Pointers first, the words' bytes behind them, so that one free() does. */
static char **lay_out(const char *build, const char *const tail[], size_t tails)
{
	size_t count = words_in(build) + FLAGS + tails, bytes = strlen(build) + 1, i,
	       n = 0;
	const char *word = build + strspn(build, BLANKS);
	char **argv, *room;

	for (i = 0; i < FLAGS; i++)
		bytes += strlen(kit_flags[i]) + 1;
	for (i = 0; i < tails; i++)
		bytes += strlen(tail[i]) + 1;
	argv = malloc((count + 1) * sizeof(*argv) + bytes);
	if (!argv)
		return NULL;
	room = (char *)(argv + count + 1);
	argv[n++] = put(&room, word, strcspn(word, BLANKS));
	for (i = 0; i < FLAGS; i++)
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

int compile_argv_at(const char *kit, const char *build, const char *source,
		    const char *output, char ***argv_out)
{
	char *headers = NULL, *archive = NULL;
	int err = -ENOMEM;

	if (!build || !*build)
		build = getenv("CC");
	if (!build || !*build)
		build = "cc";
	if (!words_in(build))
		return -EINVAL;
	if (asprintf(&headers, "%s/targets/lib", kit) < 0)
		headers = NULL;
	if (asprintf(&archive, "%s/bin/libtarget.a", kit) < 0)
		archive = NULL;
	if (headers && archive) {
		const char *const tail[] = {"-I", headers, "-o", output, source, archive};

		*argv_out = lay_out(build, tail, sizeof(tail) / sizeof(tail[0]));
		err = *argv_out ? 0 : -ENOMEM;
	}
	free(headers);
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
