/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The library targets/shared/minimalloc.c: a small malloc, beside the system's. */
#ifndef MINIMALLOC_H
#define MINIMALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* All that it offers, under one name, so that whoever loads it looks up only that. */
struct minimalloc {
	/* PARAM as in <malloc.h>: M_MXFAST, M_TRIM_THRESHOLD or M_ARENA_MAX. 0: refused
	 */
	int (*mallopt)(int param, int value);
	/* NULL if there is no more; but inside of attempt() it does not come back then */
	void *(*get)(size_t size);
	void (*put)(void *memory);
	/* Calls WORK. False: it was left half-way, as there was no memory */
	bool (*attempt)(void (*work)(void *arg), void *arg);
	/* No other thread gets memory of this one's arena meanwhile */
	void (*lock)(void);
	void (*unlock)(void);
	/* Threads that wait for an arena now */
	unsigned int (*waiting)(void);
	/* This thread needs no arena any more. Its memory must be put back before */
	void (*leave)(void);
};

extern const struct minimalloc minimalloc;

#endif
