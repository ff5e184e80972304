/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one command by which a learner's copy of a target's source is compiled: `bpfhol
 * build` shows and runs it, `grade` runs it again on its own. It is the Makefile's
 * command for the targets, so an untouched copy gives the kit's own program.
 *
 * A source's name says what it is written in: C (.c), C++ (.cc), or assembler with a
 * preprocessor (.S). For C++ the compiler is the chosen one's neighbour: g++ for gcc,
 * clang++-14 for clang-14.
 *
 * Only makes the argument vector; whoever runs it decides as whom and under what limits.
 */
#ifndef BPFHOL_COMMON_COMPILE_H
#define BPFHOL_COMMON_COMPILE_H

#include <stddef.h>

/*
 * compile_argv - the command for one source file.
 * @build: NULL or "" for the compiler in $CC (else cc) and the kit's flags; otherwise
 * words between blanks: the first is the compiler, the rest are flags that come after
 * the kit's, e.g. "clang -O2". No shell sees them: quotes mean nothing.
 * @argv_out: NULL-terminated; one free() of it frees the words too.
 * Returns 0, -ENOMEM, -EINVAL (@build is only blanks, or the source is of no language
 * known), or what finding the kit gave.
 */
int compile_argv(const char *build, const char *source, const char *output,
		 char ***argv_out);

/*
 * compile_argv_at - the same with another folder in the kit's place, of which only
 * targets/lib/, targets/include/ and bin/libtarget.a are needed: for a compiler that runs
 * as somebody who may not read the kit.
 */
int compile_argv_at(const char *kit, const char *build, const char *source,
		    const char *output, char ***argv_out);

/* compile_stem - how much of a source's name is that of its program: 5 of "shelf.cc". 0
 * if it ends like none of the languages' sources. */
size_t compile_stem(const char *source);

/* compile_text - the same command as one line to show, to be freed; NULL on ENOMEM. */
char *compile_text(char *const argv[]);

#endif
