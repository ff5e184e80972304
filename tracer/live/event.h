/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One hit of a probe, with its arguments' values. */
#ifndef BPFHOL_TRACER_LIVE_EVENT_H
#define BPFHOL_TRACER_LIVE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/static/probe.h"

struct stack;

enum value_kind {
	VALUE_UNSIGNED,
	VALUE_SIGNED,
	VALUE_STRING, /* printable UTF-8 that an 8-byte argument points to */
	VALUE_FLOAT,  /* .real */
	VALUE_BYTES,  /* a struct by value: .len bytes at .text */
	VALUE_ERROR,  /* could not be read: .text says why */
};

struct value {
	enum value_kind kind;
	uint64_t number; /* the argument itself, extended to 64 bits; also for a STRING,
			    where it is the pointer */
	double real;
	const char *text; /* STRING: .len bytes; ERROR: the reason. Points
			     into the event, gone when the callback returns */
	size_t len;	  /* STRING: its length; a cut one has no NUL there */
	bool cut;	  /* STRING: longer than what was copied */
};

struct event {
	uint64_t time; /* ns, CLOCK_BOOTTIME */
	pid_t pid, tid;
	const char *comm;
	const struct probe *probe;	 /* points into the session's probe lists */
	const struct location *location; /* likewise */
	int fd;				 /* of the file that has it; likewise */
	struct value args[OPERANDS_MAX];
	size_t nargs;
	const struct stack *stack; /* shared.h; NULL if not asked for; as short-lived */
};

#endif
