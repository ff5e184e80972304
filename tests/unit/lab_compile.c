// SPDX-License-Identifier: GPL-2.0-or-later
/* A table for common/compile.c: the build words, and where they end up. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/compile.h"

static const struct {
	const char *build, *source, *command; /* command NULL: refused */
} builds[] = {
#define TAIL(source)                                                            \
	" -I KIT/targets/lib -I KIT/targets/include -o out " source " KIT/bin/" \
	"libtarget.a"
#define FLAGS(standard) " -std=" standard " -D_GNU_SOURCE -Wall -g -O1 -fno-inline"
#define C FLAGS("gnu11")
#define CXX FLAGS("gnu++17")
	{NULL, "in.c", "cc" C TAIL("in.c")},
	{"", "in.c", "cc" C TAIL("in.c")},
	{"gcc", "in.c", "gcc" C TAIL("in.c")},
	{"  clang 	-O2  -g0 ", "in.c", "clang" C " -O2 -g0" TAIL("in.c")},
	{"gcc -DX='a b';rm", "in.c", "gcc" C " -DX='a b';rm" TAIL("in.c")},
	{"  ", "in.c", NULL},
	{"clang -O2", "in.S", "clang" C " -O2" TAIL("in.S")},
	{NULL, "in.cc", "c++" CXX TAIL("in.cc")},
	{"gcc -O2 -DX=gcc", "a.c/in.cc", "g++" CXX " -O2 -DX=gcc" TAIL("a.c/in.cc")},
	{"/opt/gcc/bin/gcc-12", "in.cc", "/opt/gcc/bin/g++-12" CXX TAIL("in.cc")},
	{"x86_64-linux-gnu-gcc", "in.cc", "x86_64-linux-gnu-g++" CXX TAIL("in.cc")},
	{"clang-14 -g0", "in.cc", "clang++-14" CXX " -g0" TAIL("in.cc")},
	{"clang++", "in.cc", "clang++" CXX TAIL("in.cc")},
	{"/usr/cc/mycc", "in.cc", "/usr/cc/mycc" CXX TAIL("in.cc")},
	{"gccx", "in.cc", "gccx" CXX TAIL("in.cc")},
	{"gcc", "in.s", NULL},
	{"gcc", "folder/.cc", NULL},
	{"gcc", "in", NULL},
};

int main(void)
{
	int failed = 0;
	size_t i;

	unsetenv("CC");
	for (i = 0; i < sizeof(builds) / sizeof(builds[0]); i++) {
		char **argv = NULL, *text;
		int err = compile_argv_at("KIT", builds[i].build, builds[i].source, "out",
					  &argv);

		text = err ? NULL : compile_text(argv);
		if (builds[i].command ? !text || strcmp(text, builds[i].command)
				      : err != -EINVAL) {
			printf("'%s' of %s gives: %s\n", builds[i].build ?: "",
			       builds[i].source, text ?: "an error");
			failed = 1;
		}
		free(text);
		free(argv);
	}
	failed |= compile_stem("shelf.cc") != 5 || compile_stem("a.c.S") != 3 ||
		  compile_stem(".c") || compile_stem("x.h");
	return failed;
}
