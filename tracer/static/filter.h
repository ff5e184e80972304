/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A filter as people type it, and as a list of comparisons that jump:
 *
 *	arg0 > 10 && (comm == "sh" || !(arg1 ^= "/tmp"))
 *
 * Comparisons stand in the order of the text. Each says which one comes next if it holds
 * and if it does not, so that whoever evaluates them (the BPF program, at each hit) needs
 * neither stack nor tree. A comparison with an argument that cannot be read is false.
 */
#ifndef BPFHOL_TRACER_STATIC_FILTER_H
#define BPFHOL_TRACER_STATIC_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/static/probe.h"

#define FILTER_TESTS_MAX 32
#define FILTER_TEXT_MAX 64 /* bytes of a string, without the NUL */

/* Where a comparison leads that is the last one. */
#define FILTER_PASS 254
#define FILTER_DROP 255

enum filter_subject { FILTER_ARG, FILTER_PID, FILTER_TID, FILTER_COMM };
enum filter_literal { FILTER_NUMBER, FILTER_REAL, FILTER_TEXT };

/* What the subject may be, beside the literal, for the comparison to hold: a set. */
enum filter_order {
	FILTER_LESS = 1,
	FILTER_EQUAL = 2,
	FILTER_GREATER = 4,
	FILTER_UNORDERED = 8, /* a NaN */
};

struct filter_test {
	enum filter_subject subject;
	int arg;	       /* with FILTER_ARG, from 0 */
	unsigned int accepted; /* set of enum filter_order */
	bool is_prefix;	       /* ^=: only as much as the literal has counts */
	enum filter_literal literal;
	bool is_negative; /* NUMBER: .number is to be read as signed */
	uint64_t number;
	double real; /* NUMBER, REAL */
	char text[FILTER_TEXT_MAX + 1];
	size_t len;	/* of .text */
	size_t at, end; /* where it stands in the expression, in bytes */
	int on_true, on_false;
};

struct filter {
	struct filter_test tests[FILTER_TESTS_MAX];
	size_t count; /* 0: everything passes */
};

struct filter_error {
	size_t at; /* byte of the expression */
	char message[160];
};

/* filter_parse - Returns 0, or -EINVAL with *ERROR filled. */
int filter_parse(const char *text, struct filter *out, struct filter_error *error);

/*
 * filter_check - is there, for each comparison, one location among the marked probes
 * whose argument can be compared so? Returns 0, or -EINVAL with *ERROR filled. The
 * probes must have been read with their operands (PROBE_NOTES).
 */
int filter_check(const struct filter *filter, const struct probe *const probes[],
		 size_t count, struct filter_error *error);

#endif
