/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands a learner types next, in another terminal: with absolute paths, because
 * sudo has a $PATH of its own, and with -p, so that nobody traces a neighbour's program.
 * None of them holds the answer of a question.
 */
#ifndef BPFHOL_MENU_NEXT_H
#define BPFHOL_MENU_NEXT_H

#include <stdio.h>
#include <sys/types.h>

struct lab;
struct user;

/* next_running - to look at a program that runs as PID. */
void next_running(FILE *out, const struct user *user, const char *program, pid_t pid);

/* next_built - to look at what `build` made of the learner's source. */
void next_built(FILE *out, const struct user *user, const struct lab *lab,
		const char *program);

#endif
