/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tracing session: probes in, events out.
 *
 *	session_new() -> session_add() ... -> session_attach() -> session_poll() ...
 *	-> session_free()
 *
 * Needs root (or CAP_BPF, CAP_PERFMON and, for other people's processes, CAP_SYS_PTRACE).
 * Everything is released by the kernel when the process dies, however it dies: nothing
 * is pinned, and semaphores are the kernel's to count.
 * Does not print. One thread at a time.
 */
#ifndef BPFHOL_TRACER_LIVE_SESSION_H
#define BPFHOL_TRACER_LIVE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/live/event.h"
#include "tracer/static/filter.h"
#include "tracer/static/probe.h"

enum session_backend {
	BACKEND_AUTO,  /* uprobe_multi if the kernel has it, else perf */
	BACKEND_MULTI, /* one BPF link for all locations of a file, kernel 6.6 */
	BACKEND_PERF,  /* one perf event a location */
};

enum session_job {
	JOB_TRACE,     /* an event a hit */
	JOB_COUNT,     /* hits by .key */
	JOB_HISTOGRAM, /* of the values of .arg */
	JOB_LATENCY,   /* from a start to the end with the same .key */
};

/* KEY_ARG: by argument .arg, its number or, where there is one, the string it points to.
 */
enum session_key { KEY_PROBE, KEY_LOCATION, KEY_PID, KEY_TID, KEY_COMM, KEY_ARG };

/* What an argument is to be taken for; AUTO: as its operand and type say. */
enum session_style { STYLE_AUTO, STYLE_STRING, STYLE_HEX, STYLE_DECIMAL };

/* Bars of a linear histogram. */
#define LINEAR_STEPS_MAX 1000

enum session_stack {
	STACK_NONE,
	STACK_FRAME_POINTERS, /* as the kernel walks them */
	STACK_COPY,	      /* registers and 8 KiB of the stack, to be unwound later */
};

struct session_options {
	enum session_job job;
	enum session_key key;
	unsigned int arg;
	uint64_t linear_step; /* HISTOGRAM: width of a bar; 0: powers of two */
	int64_t linear_min;
	size_t linear_steps;
	const struct filter *filter; /* NULL: every hit counts; copied at attach */
	enum session_stack stack;
	enum session_style styles[OPERANDS_MAX]; /* by argument */
	size_t late_room; /* locations that may be added after session_attach() */
	pid_t watch;	  /* tell by session_mapped() when it maps code; 0: no */
	pid_t pid;	  /* only this process (all its threads); 0: every process */
	pid_t follow;	  /* this process and its later children; 0: no; not with .pid */
	enum session_backend backend;
	size_t string_size; /* longest string copied, with its NUL; 0: 64 */
	size_t buffer_size; /* ring, bytes, a power of two; 0: 8 MiB */
};

struct session;

/* How much of libbpf's talk goes to stderr; for the whole program. Silent at first. */
enum session_log_level { SESSION_LOG_NONE, SESSION_LOG_WARNINGS, SESSION_LOG_DEBUG = 3 };
void session_log(enum session_log_level level);

/* Returns NULL with errno ENOMEM or EINVAL. */
struct session *session_new(const struct session_options *options);
void session_free(struct session *session);

/*
 * session_add - trace a probe at all its locations.
 * The list must outlive the session. Locations with a .problem are passed over. Returns
 * 0, -ENOMEM, -E2BIG after session_attach() if there is no more .late_room: what was
 * added then wants another session_attach(); -ENOTSUP if the file is not of this
 * machine's kind: session_error() then has the words.
 */
int session_add(struct session *session, const struct probe_list *list,
		const struct probe *probe);

/* session_add_end - as session_add(): a JOB_LATENCY ends there, and starts at others. */
int session_add_end(struct session *session, const struct probe_list *list,
		    const struct probe *probe);

/*
 * session_attach - load the BPF program and attach it everywhere.
 * When it returns 0 every hit from now on is an event (or is counted as lost). With
 * .late_room there need not be a location yet.
 * Errors: -ENOENT nothing could be attached, -EPERM not privileged, -ENOTSUP the kernel
 * lacks what is needed, -ESRCH no such process, or what bpf(2) gave;
 * session_error() has the words.
 */
int session_attach(struct session *session);

/* session_reason - the words for why the kernel refuses a location: a negative errno. */
const char *session_reason(int err);

/* Locations that are attached. */
size_t session_attached(const struct session *session);

/*
 * session_refusal - the Nth (from 0) location the kernel refused, its probe and the
 * negative errno; NULL if there are fewer.
 */
const struct location *session_refusal(const struct session *session, size_t n,
				       const struct probe **probe, int *err);

/* Called for each event; a non-zero return stops session_poll() at once. */
typedef int (*event_fn)(const struct event *event, void *data);

/*
 * session_poll - deliver what has arrived; if nothing has, wait up to TIMEOUT_MS.
 * Returns how many events were delivered (0: time-out or a signal), or the callback's
 * non-zero return negated if positive, as it is if negative.
 */
int session_poll(struct session *session, int timeout_ms, event_fn fn, void *data);

/*
 * session_mapped - has .watch mapped code since the last call? session_poll() returns
 * early when it does. *WHEN is the first time, ns of CLOCK_MONOTONIC.
 */
bool session_mapped(struct session *session, uint64_t *when);

/*
 * session_detach - no more hits after this; those already in the ring stay and can
 * still be polled.
 */
void session_detach(struct session *session);

/*
 * session_signal_followed - send a signal (0: none) to every followed process that still
 * runs. Returns how many there are; 0 without .follow, or before session_attach().
 */
size_t session_signal_followed(const struct session *session, int signal);

/* Hits for which the ring had no room: exact. */
uint64_t session_lost(const struct session *session);

/* Its parts, by the numbers that the BPF program has of them: for aggregate.c. */
struct program;
struct program *session_program(const struct session *session);
const struct probe *session_probe(const struct session *session, size_t number);
const struct location *session_location(const struct session *session, size_t number,
					const struct probe **probe);
const struct session_options *session_options_of(const struct session *session);

/* Children of a followed process whose hits are missing: too many at once. */
uint64_t session_unfollowed(const struct session *session);

/* What went wrong, in words, and what to try; "" if nothing did. Owned by the session. */
const char *session_error(const struct session *session);
const char *session_advice(const struct session *session);

#endif
