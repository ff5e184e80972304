// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A session's life. Every location added gets a number; the number is its index in
 * session->sites, in the BPF map of specs, the cookie of its uprobe, and what a record
 * in the ring names it by.
 *
 * Attaching tries uprobe_multi first. A kernel that lacks it refuses every single
 * location; then the program is loaded again for perf-event uprobes. There is no test
 * of versions: distributions backport.
 */
#include <bpf/bpf.h>
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
#include "tracer/live/kernel_btf.h"
#include "tracer/live/ring.h"
#include "tracer/live/session.h"
#include "tracer/live/shared.h"
#include "tracer/live/spec.h"
#include "usdt.skel.h"

#define STRING_SIZE 64
#define STRING_SIZE_MAX 4096
#define BUFFER_SIZE (8 << 20)
#define FOLLOWED_MAX 16384
#define POLL_NS 10000000 /* how often an idle reader looks: 10 ms */

struct site {
	const struct probe *probe;
	const struct location *location;
	const char *path;
	struct spec spec;
};

struct session {
	struct session_options options;
	struct site *sites;
	size_t count, max_args, max_strings;
	struct usdt_bpf *bpf;
	struct ring *ring;
	struct attach_point *points;
	struct attachment attachment;
	size_t attached;
	struct decode_layout layout;
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
	ring_close(s->ring);
	s->ring = NULL;
	if (s->bpf)
		usdt_bpf__destroy(s->bpf);
	s->bpf = NULL;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	unload(s);
	free(s->points);
	free(s->sites);
	free(s);
}

int session_add(struct session *s, const struct probe_list *list, const struct probe *probe)
{
	size_t i;

	if (s->bpf)
		return -EBUSY;
	for (i = 0; i < probe->nlocations; i++) {
		const struct location *location = &probe->locations[i];
		struct site *site;
		size_t strings;

		if (location->problem)
			continue;
		site = array_add(s->sites, s->count);
		if (!site)
			return -ENOMEM;
		site->probe = probe;
		site->location = location;
		site->path = list->open_path;
		strings = spec_fill(list->machine, location, &site->spec);
		if (strings > s->max_strings)
			s->max_strings = strings;
		if (location->nargs > s->max_args)
			s->max_args = location->nargs;
	}
	return 0;
}

/* A record's layout is fixed for the session: as many values and strings as any site has. */
static void lay_out(struct session *s)
{
	s->layout.string_size = s->options.string_size;
	s->layout.slot_size = (s->options.string_size + 2 + 7) & ~7UL;
	s->layout.strings_offset = offsetof(struct record, values[s->max_args]);
	s->bpf->rodata->strings_offset = s->layout.strings_offset;
	s->bpf->rodata->string_slots = s->max_strings;
	s->bpf->rodata->string_slot_size = s->layout.slot_size;
	s->bpf->rodata->record_size =
		s->layout.strings_offset + s->max_strings * s->layout.slot_size;
}

/* Without the kernel's BTF a followed process' children cannot be told apart: done without. */
static void prepare_following(struct session *s)
{
	static const char *const members[] = {"pid", "tgid"};
	bool children = false;
	uint32_t offsets[2];

	if (s->options.follow) {
		s->bpf->rodata->following = 1;
		children = !kernel_btf_offsets("task_struct", members, offsets, 2);
		bpf_map__set_max_entries(s->bpf->maps.followed, FOLLOWED_MAX);
	}
	if (children) {
		s->bpf->rodata->task_pid_offset = offsets[0];
		s->bpf->rodata->task_tgid_offset = offsets[1];
	}
	bpf_program__set_autoload(s->bpf->progs.on_fork, children);
	bpf_program__set_autoload(s->bpf->progs.on_free, children);
}

static int load_failed(struct session *s, int err)
{
	if (err == -EPERM || err == -EACCES)
		return fail(s, -EPERM, "sudo",
			    "loading a BPF program needs root (or CAP_BPF and CAP_PERFMON): %s",
			    strerror(-err));
	return fail(s, -ENOTSUP, "usdt doctor",
		    "the kernel does not take the tracer's BPF program: %s", strerror(-err));
}

static int load(struct session *s, bool multi)
{
	int err;

	libbpf_set_print(print_libbpf);
	s->bpf = usdt_bpf__open();
	if (!s->bpf)
		return load_failed(s, -errno);
	if (multi)
		bpf_program__set_expected_attach_type(s->bpf->progs.hit,
						      ATTACH_TYPE_UPROBE_MULTI);
	lay_out(s);
	prepare_following(s);
	bpf_map__set_max_entries(s->bpf->maps.specs, s->count);
	bpf_map__set_max_entries(s->bpf->maps.string_misses, s->count);
	bpf_map__set_max_entries(s->bpf->maps.ring, s->options.buffer_size);
	err = usdt_bpf__load(s->bpf);
	return err ? load_failed(s, err) : 0;
}

static int fill_maps(struct session *s)
{
	int specs = bpf_map__fd(s->bpf->maps.specs);
	__u32 pid = s->options.follow, i;
	__u8 yes = 1;
	int err = 0;

	for (i = 0; !err && i < s->count; i++)
		err = bpf_map_update_elem(specs, &i, &s->sites[i].spec, BPF_ANY);
	if (!err && pid)
		err = bpf_map_update_elem(bpf_map__fd(s->bpf->maps.followed), &pid, &yes,
					  BPF_ANY);
	s->ring = ring_open(bpf_map__fd(s->bpf->maps.ring), s->options.buffer_size);
	if (err || !s->ring)
		return fail(s, -errno, "", "cannot set up the tracer's memory: %s",
			    strerror(errno));
	return 0;
}

static int follow_children(struct session *s)
{
	struct bpf_program *programs[] = {s->bpf->progs.on_fork, s->bpf->progs.on_free};
	static const char *const points[] = {"sched_process_fork", "sched_process_free"};
	size_t i;

	for (i = 0; i < 2; i++) {
		struct bpf_link **slot;

		if (!bpf_program__autoload(programs[i]))
			continue;
		slot = array_add(s->attachment.links, s->attachment.nlinks);
		if (!slot)
			return -ENOMEM;
		*slot = bpf_program__attach_raw_tracepoint(programs[i], points[i]);
		if (!*slot)
			return fail(s, -errno, "usdt doctor",
				    "cannot follow child processes: %s", strerror(errno));
	}
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
		return fail(s, -ESRCH, "", "there is no process %d any more", s->options.pid);
	if (point->err == -EPERM || point->err == -EACCES)
		return fail(s, -EPERM, "sudo", "attaching to '%s' needs root: %s",
			    site->probe->path, strerror(-point->err));
	return fail(s, point->err ? point->err : -ENOENT, "usdt doctor",
		    "the kernel refuses %s:%s at %#llx in '%s': %s", site->probe->provider,
		    site->probe->name, (unsigned long long)site->location->address,
		    site->probe->path, strerror(-point->err));
}

static int attach_by(struct session *s, bool multi)
{
	ssize_t attached;
	int err = load(s, multi);

	if (!err)
		err = fill_maps(s);
	if (!err)
		err = follow_children(s);
	if (err)
		return err;
	list_points(s);
	attached = (multi ? attach_multi : attach_perf)(s->bpf->progs.hit, s->options.pid,
							s->points, s->count, &s->attachment);
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
	decode_record(record, &site->spec, site->probe, site->location, &d->session->layout,
		      &event);
	return d->fn(&event, d->data);
}

/* The BPF program wakes nobody (that would cost the traced program), so: look, sleep, look. */
int session_poll(struct session *s, int timeout_ms, event_fn fn, void *data)
{
	struct delivery delivery = {s, fn, data};
	int64_t left = timeout_ms * 1000000LL;
	size_t count;
	int stopped;

	for (;;) {
		struct timespec nap = {.tv_nsec = left < POLL_NS ? left : POLL_NS};

		count = ring_read(s->ring, deliver, &delivery, &stopped);
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

uint64_t session_lost(const struct session *s)
{
	return s->bpf ? __atomic_load_n(&s->bpf->bss->lost, __ATOMIC_RELAXED) : 0;
}

const char *session_error(const struct session *s)
{
	return s->error;
}

const char *session_advice(const struct session *s)
{
	return s->advice;
}
