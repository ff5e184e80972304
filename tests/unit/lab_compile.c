// SPDX-License-Identifier: GPL-2.0-or-later
/* A table for common/compile.c: the build words, and where they end up. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/compile.h"

static const struct {
	const char *build, *command; /* command NULL: refused */
} builds[] = {
#define TAIL " -I KIT/targets/lib -o out in.c KIT/bin/libtarget.a"
#define FLAGS " -std=gnu11 -D_GNU_SOURCE -Wall -g -O1 -fno-inline"
	{NULL, "cc" FLAGS TAIL},
	{"", "cc" FLAGS TAIL},
	{"gcc", "gcc" FLAGS TAIL},
	{"  clang \t-O2  -g0 ", "clang" FLAGS " -O2 -g0" TAIL},
	{"gcc -DX='a b';rm", "gcc" FLAGS " -DX='a b';rm" TAIL},
	{"  ", NULL},
};

int main(void)
{
	int failed = 0;
	size_t i;

	unsetenv("CC");
	for (i = 0; i < sizeof(builds) / sizeof(builds[0]); i++) {
		char **argv = NULL, *text;
		int err = compile_argv_at("KIT", builds[i].build, "in.c", "out", &argv);

		text = err ? NULL : compile_text(argv);
		if (builds[i].command ? !text || strcmp(text, builds[i].command)
				      : err != -EINVAL) {
			printf("'%s' gives: %s\n", builds[i].build ?: "",
			       text ?: "an error");
			failed = 1;
		}
		free(text);
		free(argv);
	}
	return failed;
}
