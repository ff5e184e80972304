// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A session's life. Every location added gets a number: its index in session->sites and
 * ->specs, in the BPF program's map of specs, the cookie of its uprobe, and what a record
 * in the ring names it by.
 *
 * Attaching tries uprobe_multi first. A kernel that lacks it refuses every single
 * location; then the program is loaded again for perf-event uprobes. There is no test
 * of versions: distributions backport.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/array.h"
#include "tracer/live/attach.h"
#include "tracer/live/decode.h"
#include "tracer/live/program.h"
#include "tracer/live/session.h"
#include "tracer/live/spec.h"
#include "tracer/static/arch.h"

#define STRING_SIZE 64
#define STRING_SIZE_MAX 4096
#define BUFFER_SIZE (8 << 20)
#define POLL_NS 10000000 /* how often an idle reader looks: 10 ms */

struct site {
	const struct probe *probe;
	const struct location *location;
	const char *path;
};

struct session {
	struct session_options options;
	struct site *sites;   /* by cookie */
	struct spec *specs;   /* likewise */
	size_t count, nspecs; /* equal but while one is being added */
	size_t max_args, max_strings;
	struct program *program;
	struct attach_point *points;
	struct attachment attachment;
	size_t attached;
	char error[512], advice[256];
};

static int fail(struct session *s, int err, const char *advice, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(s->error, sizeof(s->error), format, ap);
	va_end(ap);
	snprintf(s->advice, sizeof(s->advice), "%s", advice);
	return err;
}

static enum session_log_level log_level;

static int print_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	if ((int)level < (int)log_level)
		vfprintf(stderr, format, args);
	return 0;
}

void session_log(enum session_log_level level)
{
	log_level = level;
}

struct session *session_new(const struct session_options *options)
{
	struct session *s;
	size_t size = options->buffer_size;

	if ((options->pid && options->follow) || options->string_size > STRING_SIZE_MAX ||
	    (size && (size < 4096 || (size & (size - 1))))) {
		errno = EINVAL;
		return NULL;
	}
	s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	s->options = *options;
	if (!s->options.string_size)
		s->options.string_size = STRING_SIZE;
	if (!s->options.buffer_size)
		s->options.buffer_size = BUFFER_SIZE;
	return s;
}

static void unload(struct session *s)
{
	attachment_fini(&s->attachment);
	program_free(s->program);
	s->program = NULL;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	unload(s);
	free(s->points);
	free(s->sites);
	free(s->specs);
	free(s);
}

/* A kernel for x86-64 runs 32-bit programs as well, but with other registers. */
static int refuse_file(struct session *s, const struct probe_list *list)
{
	const struct arch *arch = arch_find(list->machine);
	const char *here = arch_find(SPEC_MACHINE)->name;

	if (list->machine == SPEC_MACHINE || list->machine == EM_386)
		return fail(s, -ENOTSUP, "",
			    "'%s' is a 32-bit file: 32-bit programs cannot be traced yet",
			    list->path);
	if (!arch)
		return fail(s, -ENOTSUP, "",
			    "'%s' is for another kind of machine and cannot be traced on "
			    "this one, which is %s",
			    list->path, here);
	return fail(s, -ENOTSUP, "",
		    "'%s' is an %s file and cannot be traced on this machine, which is "
		    "%s",
		    list->path, arch->name, here);
}

int session_add(struct session *s, const struct probe_list *list,
		const struct probe *probe)
{
	size_t i;

	if (s->points)
		return -EBUSY;
	if (list->machine != SPEC_MACHINE || !list->is_64bit)
		return refuse_file(s, list);
	for (i = 0; i < probe->nlocations; i++) {
		const struct location *location = &probe->locations[i];
		struct spec *spec;
		struct site *site;
		size_t strings;

		if (location->problem)
			continue;
		spec = array_add(s->specs, s->nspecs);
		site = spec ? array_add(s->sites, s->count) : NULL;
		if (!site)
			return -ENOMEM;
		*site = (struct site){probe, location, list->open_path};
		strings = spec_fill(list->machine, location, spec);
		if (strings > s->max_strings)
			s->max_strings = strings;
		if (location->nargs > s->max_args)
			s->max_args = location->nargs;
	}
	return 0;
}

static int load(struct session *s, bool multi)
{
	struct program_plan plan = {
		.specs = s->specs,
		.count = s->count,
		.max_args = s->max_args,
		.max_strings = s->max_strings,
		.string_size = s->options.string_size,
		.buffer_size = s->options.buffer_size,
		.follow = s->options.follow,
		.multi = multi,
	};
	const char *step = "";
	int err;

	libbpf_set_print(print_libbpf);
	err = program_load(&plan, &s->program, &step);
	if (err == -EPERM)
		return fail(
			s, err, "sudo",
			"loading a BPF program needs root (or CAP_BPF and CAP_PERFMON)");
	if (err)
		return fail(s, err == -ENOMEM ? err : -ENOTSUP, "usdt doctor",
			    "cannot %s: %s", step, strerror(-err));
	return 0;
}

static void list_points(struct session *s)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		s->points[i] = (struct attach_point){
			.path = s->sites[i].path,
			.offset = s->sites[i].location->offset,
			.semaphore = s->sites[i].location->semaphore_offset,
			.cookie = i,
		};
}

static int attach_failed(struct session *s)
{
	const struct attach_point *point = &s->points[0];
	const struct site *site = &s->sites[0];

	if (point->err == -ESRCH)
		return fail(s, -ESRCH, "", "there is no process %d any more",
			    s->options.pid);
	if (point->err == -EPERM || point->err == -EACCES)
		return fail(s, -EPERM, "sudo", "attaching to '%s' needs root: %s",
			    site->probe->path, strerror(-point->err));
	return fail(s, point->err ? point->err : -ENOENT, "usdt doctor",
		    "the kernel refuses %s:%s at %#llx in '%s': %s",
		    site->probe->provider, site->probe->name,
		    (unsigned long long)site->location->address, site->probe->path,
		    strerror(-point->err));
}

static int attach_by(struct session *s, bool multi)
{
	ssize_t attached;
	int err = load(s, multi);

	if (err)
		return err;
	list_points(s);
	attached = (multi ? attach_multi : attach_perf)(program_hit(s->program),
							s->options.pid, s->points,
							s->count, &s->attachment);
	if (attached < 0)
		return fail(s, -ENOMEM, "", "%s", strerror(ENOMEM));
	s->attached = attached;
	return attached ? 0 : attach_failed(s);
}

int session_attach(struct session *s)
{
	enum session_backend backend = s->options.backend;
	int err = -ENOENT;

	if (!s->count)
		return fail(s, -ENOENT, "", "there is no location to attach to");
	s->points = calloc(s->count, sizeof(*s->points));
	if (!s->points)
		return fail(s, -ENOMEM, "", "%s", strerror(ENOMEM));
	if (backend != BACKEND_PERF)
		err = attach_by(s, true);
	if (backend == BACKEND_PERF ||
	    (backend == BACKEND_AUTO && err && err != -EPERM && err != -ESRCH)) {
		unload(s);
		err = attach_by(s, false);
	}
	if (err)
		unload(s);
	else
		s->error[0] = s->advice[0] = '\0';
	return err;
}

size_t session_attached(const struct session *s)
{
	return s->attached;
}

size_t session_refused(const struct session *s)
{
	return s->points ? s->count - s->attached : 0;
}

const struct location *session_refusal(const struct session *s, size_t n,
				       const struct probe **probe, int *err)
{
	size_t i;

	for (i = 0; s->points && i < s->count; i++) {
		if (!s->points[i].err || n--)
			continue;
		*probe = s->sites[i].probe;
		*err = s->points[i].err;
		return s->sites[i].location;
	}
	return NULL;
}

struct delivery {
	struct session *session;
	event_fn fn;
	void *data;
};

static int deliver(const void *bytes, size_t size, void *data)
{
	const struct record *record = bytes;
	struct delivery *d = data;
	const struct site *site;
	struct event event;

	if (record->spec >= d->session->count)
		return 0;
	site = &d->session->sites[record->spec];
	decode_record(record, &d->session->specs[record->spec], site->probe,
		      site->location, program_layout(d->session->program), &event);
	return d->fn(&event, d->data);
}

/* The BPF program wakes nobody (that would cost the traced program), so: look, sleep,
 * look. */
int session_poll(struct session *s, int timeout_ms, event_fn fn, void *data)
{
	struct delivery delivery = {s, fn, data};
	int64_t left = timeout_ms * 1000000LL;
	size_t count;
	int stopped;

	for (;;) {
		struct timespec nap = {.tv_nsec = left < POLL_NS ? left : POLL_NS};

		count = ring_read(program_ring(s->program), deliver, &delivery, &stopped);
		if (stopped)
			return stopped > 0 ? -stopped : stopped;
		if (count || left <= 0)
			return (int)count;
		left -= nap.tv_nsec;
		if (nanosleep(&nap, NULL))
			return 0; /* a signal: the caller knows what it means */
	}
}

void session_detach(struct session *s)
{
	attachment_fini(&s->attachment);
}

size_t session_signal_followed(const struct session *s, int signal)
{
	return s && s->program ? program_signal_followed(s->program, signal) : 0;
}

uint64_t session_lost(const struct session *s)
{
	return s->program ? program_lost(s->program) : 0;
}

const char *session_error(const struct session *s)
{
	return s->error;
}

const char *session_advice(const struct session *s)
{
	return s->advice;
}
