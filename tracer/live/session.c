// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A session's life. Every location added gets a number: its index in session->sites and
 * ->specs, in the BPF program's map of specs, the cookie of its uprobe, and what a record
 * in the ring names it by.
 *
 * The kernel tells a process by its first thread's memory. Where that thread has ended,
 * locations are attached in every process, and the program knows which one counts.
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

#include "common/array.h"
#include "tracer/live/process.h"
#include "tracer/live/session_parts.h"
#include "tracer/live/spec.h"
#include "tracer/static/arch.h"

#define STRING_SIZE 64
#define STRING_SIZE_MAX 4096
#define BUFFER_SIZE (8 << 20)
#define ENOTSUPP 524   /* the kernel's own, which has no name here */
#define LATE_STRINGS 4 /* room in a record for strings of locations added late */

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
	mappings_close(s->mappings);
	free(s->points);
	free(s->sites);
	free(s->specs);
	free(s->probes);
	free(s);
}

static int add_location(struct session *s, const struct probe_list *list,
			const struct probe *probe, const struct location *location,
			enum spec_role role)
{
	struct spec *spec = array_add(s->specs, s->nspecs);
	struct site *site = spec ? array_add(s->sites, s->count) : NULL;
	size_t strings;

	if (!site)
		return -ENOMEM;
	*site = (struct site){probe, location, list->fd};
	strings = spec_fill(list->machine, location, s->options.styles, spec);
	spec->probe = s->nprobes - 1;
	spec->role = role;
	if (strings > s->max_strings)
		s->max_strings = strings;
	if (location->nargs > s->max_args)
		s->max_args = location->nargs;
	return 0;
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

static int add(struct session *s, const struct probe_list *list,
	       const struct probe *probe, enum spec_role role)
{
	const struct probe **slot;
	int err = 0;
	size_t i;

	if (list->machine != SPEC_MACHINE || !list->is_64bit)
		return refuse_file(s, list);
	slot = array_add(s->probes, s->nprobes);
	if (!slot)
		return -ENOMEM;
	*slot = probe;
	for (i = 0; !err && i < probe->nlocations; i++) {
		if (probe->locations[i].problem)
			continue;
		if (s->program && s->count == s->room)
			return -E2BIG;
		err = add_location(s, list, probe, &probe->locations[i], role);
	}
	return err;
}

int session_add(struct session *s, const struct probe_list *list,
		const struct probe *probe)
{
	return add(s, list, probe, ROLE_START);
}

int session_add_end(struct session *s, const struct probe_list *list,
		    const struct probe *probe)
{
	return add(s, list, probe, ROLE_END);
}

static int load(struct session *s, bool multi)
{
	struct program_plan plan = {
		.options = &s->options,
		.specs = s->specs,
		.count = s->count,
		.room = s->count + s->options.late_room,
		.max_args = s->options.late_room ? OPERANDS_MAX : s->max_args,
		.max_strings = s->max_strings,
		.multi = multi,
		.only = s->filtered,
	};
	const char *step = "";
	int err;

	if (s->options.late_room && plan.max_strings < LATE_STRINGS)
		plan.max_strings = LATE_STRINGS;
	s->room = plan.room;
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

static int list_points(struct session *s)
{
	struct attach_point *points = reallocarray(s->points, s->count, sizeof(*points));
	size_t i;

	if (!points)
		return fail(s, -ENOMEM, "", "%s", strerror(ENOMEM));
	s->points = points;
	for (i = s->tried; i < s->count; i++)
		s->points[i] = (struct attach_point){
			.fd = s->sites[i].fd,
			.offset = s->sites[i].location->offset,
			.semaphore = s->sites[i].location->semaphore_offset,
			.cookie = i,
		};
	return 0;
}

const char *session_reason(int err)
{
	if (err == -ENOTSUPP)
		return "it cannot put a breakpoint on this instruction";
	return strerror(-err);
}

static int attach_failed(struct session *s)
{
	const struct attach_point *point = &s->points[s->tried];
	const struct site *site = &s->sites[s->tried];

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
		    session_reason(point->err));
}

/* The sites that have not been tried yet. */
static int attach_new(struct session *s)
{
	size_t count = s->count - s->tried;
	ssize_t attached;
	int err = count ? list_points(s) : 0;

	if (err || !count)
		return err;
	attached = (s->multi ? attach_multi
			     : attach_perf)(program_job(s->program),
					    s->filtered ? 0 : s->options.pid,
					    s->points + s->tried, count, &s->attachment);
	if (attached < 0)
		return fail(s, -ENOMEM, "", "%s", strerror(ENOMEM));
	s->attached += attached;
	err = attached ? 0 : attach_failed(s);
	s->tried = s->count;
	return err;
}

static int attach_by(struct session *s, bool multi)
{
	int err;

	s->multi = multi;
	s->tried = s->attached = 0;
	err = load(s, multi);
	return err ? err : attach_new(s);
}

static int attach_late(struct session *s)
{
	int err = program_add_specs(s->program, s->specs, s->tried, s->count - s->tried);

	if (err)
		return fail(s, err, "", "cannot add locations: %s", strerror(-err));
	err = attach_new(s);
	if (!err || s->attached || !s->multi || s->options.backend != BACKEND_AUTO)
		return err;
	unload(s); /* these are the first: only now does a kernel without it say so */
	return attach_by(s, false);
}

int session_attach(struct session *s)
{
	enum session_backend backend = s->options.backend;
	int err = -ENOENT;

	if (s->count == s->tried && (s->program || !s->options.late_room))
		return fail(s, -ENOENT, "", "there is no location to attach to");
	if (s->program)
		return attach_late(s);
	if (process_first_thread_ended(s->options.pid))
		s->filtered = s->options.pid;
	if (s->options.watch)
		s->mappings = mappings_open(s->options.watch);
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
	if (!err)
		program_set_attached(s->program, true);
	return err;
}

size_t session_attached(const struct session *s)
{
	return s->attached;
}

const struct location *session_refusal(const struct session *s, size_t n,
				       const struct probe **probe, int *err)
{
	size_t i;

	for (i = 0; i < s->tried; i++) {
		if (!s->points[i].err || n--)
			continue;
		*probe = s->sites[i].probe;
		*err = s->points[i].err;
		return s->sites[i].location;
	}
	return NULL;
}

void session_detach(struct session *s)
{
	if (s->program)
		program_set_attached(s->program, false);
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

uint64_t session_unfollowed(const struct session *s)
{
	return s->program ? program_unfollowed(s->program) : 0;
}

const char *session_error(const struct session *s)
{
	return s->error;
}

const char *session_advice(const struct session *s)
{
	return s->advice;
}

struct program *session_program(const struct session *s)
{
	return s->program;
}

const struct probe *session_probe(const struct session *s, size_t number)
{
	return number < s->nprobes ? s->probes[number] : NULL;
}

const struct location *session_location(const struct session *s, size_t number,
					const struct probe **probe)
{
	if (number >= s->count)
		return NULL;
	*probe = s->sites[number].probe;
	return s->sites[number].location;
}

const struct session_options *session_options_of(const struct session *s)
{
	return &s->options;
}
