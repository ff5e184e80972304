// SPDX-License-Identifier: GPL-2.0-or-later
/* A session that is attached: its events, as they come. */
#include <poll.h>
#include <time.h>

#include "tracer/live/decode.h"
#include "tracer/live/session_parts.h"

#define POLL_NS 10000000 /* how often an idle reader looks: 10 ms */

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
	event.fd = site->fd;
	return d->fn(&event, d->data);
}

bool session_mapped(struct session *s, uint64_t *when)
{
	return s->mappings && mappings_take(s->mappings, when) > 0;
}

/* Until NS have passed, or code is mapped, or a signal comes: false for the latter two.
 */
static bool doze(const struct session *s, int64_t ns)
{
	struct timespec nap = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
	struct pollfd *fds = NULL;
	size_t count = 0;

	if (s->mappings)
		fds = mappings_fds(s->mappings, &count);
	return ppoll(fds, count, &nap, NULL) == 0;
}

/* The BPF program wakes nobody (that would cost the traced program), so: look, sleep,
 * look. Only a trace has a ring; for the other jobs the time passes. */
int session_poll(struct session *s, int timeout_ms, event_fn fn, void *data)
{
	struct delivery delivery = {s, fn, data};
	struct ring *ring = program_ring(s->program);
	int64_t left = timeout_ms * 1000000LL;
	size_t count = 0;
	int stopped = 0;

	for (;;) {
		int64_t nap = left < POLL_NS || !ring ? left : POLL_NS;

		if (ring)
			count = ring_read(ring, deliver, &delivery, &stopped);
		if (stopped)
			return stopped > 0 ? -stopped : stopped;
		if (count || left <= 0)
			return (int)count;
		left -= nap;
		if (!doze(s, nap))
			return 0; /* the caller knows what a signal means */
	}
}
