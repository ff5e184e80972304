// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/array.h"
#include "grader/capture.h"
#include "grader/interrupt.h"

#define FIRINGS_MAX                                                        \
	200000 /* a watch: a program that fires in a tight loop ends there \
		*/
#define STRING_SIZE 256
#define GAP_MS 200

/* What the events' callback works on. */
struct taking {
	struct capture *capture;
	const struct capture_plan *plan;
	pid_t pid;	    /* whose events these are; 0: the event knows */
	int64_t first_ms;   /* time of the first firing, 0: none yet */
	uint64_t live_from; /* CLOCK_BOOTTIME at which all was attached */
	int err;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

static size_t locations_fired(const struct watch *watch)
{
	const struct location *all = watch->probe->locations;
	size_t i, n, count = 0;

	for (n = 0; n < watch->probe->nlocations; n++) {
		for (i = 0; i < watch->count && watch->firings[i].location != &all[n];
		     i++)
			;
		count += i < watch->count;
	}
	return count;
}

static size_t least_of(const struct taking *taking, size_t i)
{
	return taking->plan->least ? taking->plan->least[i] : 2;
}

/* The first two markers since all was attached; false if there are not as many. */
static bool find_round(const struct taking *taking, uint64_t *from, uint64_t *to)
{
	const struct watch *markers = capture_watch(taking->capture, taking->plan->round);
	size_t i;

	for (i = 0; i < markers->count; i++) {
		if (markers->firings[i].time < taking->live_from)
			continue;
		*from = markers->firings[i].time;
		*to = i + 1 < markers->count ? markers->firings[i + 1].time : 0;
		return *to != 0;
	}
	return false;
}

static bool has_enough(const struct taking *taking, size_t i)
{
	const struct watch *watch = &taking->capture->watches[i];
	size_t locations = taking->plan->locations;

	return watch->count >= least_of(taking, i) &&
	       (watch->count >= FIRINGS_MAX || !locations ||
		locations_fired(watch) >= locations);
}

static bool all_have_enough(const struct taking *taking)
{
	size_t i;

	for (i = 0; i < taking->capture->count; i++) {
		if (!has_enough(taking, i))
			return false;
	}
	return true;
}

/* So often has one fired that another one that has not yet will not. */
static bool one_is_overdue(const struct taking *taking)
{
	size_t i;

	for (i = 0; i < taking->capture->count; i++) {
		const struct watch *watch = &taking->capture->watches[i];

		if (watch->count >= FIRINGS_MAX ||
		    (watch->count >= 2 * least_of(taking, i) && least_of(taking, i) &&
		     !taking->plan->locations))
			return true;
	}
	return false;
}

static bool enough(const struct taking *taking)
{
	uint64_t from, to;

	if (taking->plan->round)
		return find_round(taking, &from, &to);
	if (!all_have_enough(taking) && !one_is_overdue(taking))
		return false;
	return taking->first_ms && now_ms() - taking->first_ms >= taking->plan->least_ms;
}

static int keep_value(struct datum *datum, const struct value *value)
{
	*datum = (struct datum){.kind = value->kind, .number = value->number};
	if (value->kind != VALUE_STRING && value->kind != VALUE_ERROR)
		return 0;
	datum->text = value->kind == VALUE_STRING ? strndup(value->text, value->len)
						  : strdup(value->text ?: "");
	return datum->text ? 0 : -ENOMEM;
}

static int keep_event(const struct event *event, void *data)
{
	struct taking *taking = data;
	struct capture *capture = taking->capture;
	struct watch *watch = (struct watch *)capture_watch(capture, event->probe);
	struct firing *firing;
	size_t i;

	if (!watch || watch->count >= FIRINGS_MAX)
		return 0;
	firing = array_add(watch->firings, watch->count);
	if (!firing)
		return taking->err = -ENOMEM;
	firing->time = event->time;
	firing->pid = taking->pid ?: event->pid;
	firing->tid = event->tid;
	firing->location = event->location;
	firing->data = calloc(event->nargs ?: 1, sizeof(*firing->data));
	if (!firing->data)
		return taking->err = -ENOMEM;
	for (i = 0; i < event->nargs; i++) {
		firing->nargs++;
		if (keep_value(&firing->data[i], &event->args[i]))
			return taking->err = -ENOMEM;
	}
	if (!taking->first_ms)
		taking->first_ms = now_ms();
	return 0;
}

static int watch_all(struct capture *capture, const struct subject *subjects,
		     size_t count)
{
	capture->watches = calloc(count, sizeof(*capture->watches));
	if (!capture->watches)
		return -ENOMEM;
	for (; capture->count < count; capture->count++)
		capture->watches[capture->count].probe = subjects[capture->count].probe;
	return 0;
}

static void explain(const struct session *session, char **why)
{
	const char *advice = session_advice(session);
	const char *error = session_error(session);

	if (asprintf(why, "%s%s%s", *error ? error : "cannot trace here",
		     *advice ? "; try: " : "", advice) < 0)
		*why = NULL;
}

/* Where the whole machine stood still (a virtual one that was paused), nothing fired:
 * such a gap in our own time is not held against the program. */
static int64_t time_spent(int64_t *last)
{
	int64_t now = now_ms(), gap = now - *last;

	*last = now;
	return gap < GAP_MS ? gap : GAP_MS;
}

/* Leaves the firings of the first whole round; false if there was none. */
static bool keep_round(const struct taking *taking)
{
	uint64_t from, to;
	size_t i, n, kept;

	if (!find_round(taking, &from, &to))
		return false;
	for (i = 0; i < taking->capture->count; i++) {
		struct watch *watch = &taking->capture->watches[i];

		for (kept = 0, n = 0; n < watch->count; n++) {
			if (watch->firings[n].time >= from && watch->firings[n].time < to)
				watch->firings[kept++] = watch->firings[n];
			else
				firing_fini(&watch->firings[n]);
		}
		watch->count = kept;
	}
	return true;
}

/*
 * Each process has a session of its own, so that its number need not be translated in a
 * container. The first is the one that marks the rounds: what the others did in a round
 * that it ends is in their rings by then, and is fetched after its own.
 */
struct sessions {
	struct session **list;
	size_t count;
};

static int poll_all(struct sessions *sessions, struct taking *taking)
{
	const struct capture_plan *plan = taking->plan;
	size_t i;

	for (i = 0; i < sessions->count && !taking->err; i++) {
		taking->pid = i ? plan->children[i - 1] : plan->pid;
		session_poll(sessions->list[i], i ? 0 : 10, keep_event, taking);
	}
	return taking->err;
}

static int poll_until(struct sessions *sessions, struct taking *taking)
{
	const struct capture_plan *plan = taking->plan;
	int64_t left = plan->limit_ms, last = now_ms();
	bool over = false;

	while (!over && !enough(taking) && left > 0) {
		/* Asked first: what it fired before its end is in the ring by now. */
		over = plan->over && plan->over(plan->data);
		if (poll_all(sessions, taking))
			return taking->err;
		if (interrupted())
			return -EINTR;
		left -= time_spent(&last);
	}
	taking->capture->complete =
		plan->round ? keep_round(taking) : all_have_enough(taking);
	return 0;
}

/* The session of the plan's process, or of the child I - 1. */
static int attach(struct sessions *sessions, size_t i, const struct subject *subjects,
		  size_t count, const struct capture_plan *plan, char **why)
{
	const struct session_options options = {.pid = i ? plan->children[i - 1]
							 : plan->pid,
						.follow = plan->follow,
						.string_size = STRING_SIZE};
	struct session *session = sessions->list[i] = session_new(&options);
	int err = session ? 0 : -errno;
	size_t n;

	for (n = 0; n < count && !err; n++)
		err = session_add(session, subjects[n].list, subjects[n].probe);
	if (err)
		return err;
	err = session_attach(session);
	if (err)
		explain(session, why);
	return err;
}

static int trace_all(struct sessions *sessions, const struct subject *subjects,
		     size_t count, struct taking *taking, char **why)
{
	const struct capture_plan *plan = taking->plan;
	struct timespec now;
	int err = 0;
	size_t i;

	for (i = 0; i < sessions->count && !err; i++)
		err = attach(sessions, i, subjects, count, plan, why);
	if (err)
		return err;
	clock_gettime(CLOCK_BOOTTIME, &now);
	taking->live_from = now.tv_sec * 1000000000ull + now.tv_nsec;
	err = plan->release ? plan->release(plan->data) : 0;
	if (err && asprintf(why, "cannot start the program: %s", strerror(-err)) < 0)
		*why = NULL;
	return err ?: poll_until(sessions, taking);
}

static void close_all(struct sessions *sessions, struct capture *capture)
{
	size_t i;

	for (i = 0; sessions->list && i < sessions->count; i++) {
		if (sessions->list[i])
			capture->lost += session_lost(sessions->list[i]);
		session_free(sessions->list[i]);
	}
	free(sessions->list);
}

int capture_take(struct capture *capture, const struct subject *subjects, size_t count,
		 const struct capture_plan *plan, char **why)
{
	struct sessions sessions = {.count = 1 + plan->children_count};
	struct taking taking = {.capture = capture, .plan = plan};
	int err = 0;

	*capture = (struct capture){};
	*why = NULL;
	sessions.list = calloc(sessions.count, sizeof(*sessions.list));
	if (!sessions.list)
		err = -ENOMEM;
	if (!err)
		err = watch_all(capture, subjects, count);
	if (!err)
		err = trace_all(&sessions, subjects, count, &taking, why);
	close_all(&sessions, capture);
	if (err) {
		if (!*why)
			*why = strdup(strerror(-err));
		capture_fini(capture);
	}
	return err;
}

void capture_fini(struct capture *capture)
{
	size_t i, n;

	for (i = 0; i < capture->count; i++) {
		for (n = 0; n < capture->watches[i].count; n++)
			firing_fini(&capture->watches[i].firings[n]);
		free(capture->watches[i].firings);
	}
	free(capture->watches);
	*capture = (struct capture){};
}

const struct watch *capture_watch(const struct capture *capture,
				  const struct probe *probe)
{
	size_t i;

	for (i = 0; i < capture->count; i++) {
		if (capture->watches[i].probe == probe)
			return &capture->watches[i];
	}
	return NULL;
}

const struct probe *probe_by_name(const struct probe_list *list, const char *full)
{
	size_t i, len;

	for (i = 0; i < list->count; i++) {
		const struct probe *probe = &list->probes[i];

		len = strlen(probe->provider);
		if (!strncmp(full, probe->provider, len) && full[len] == ':' &&
		    !strcmp(full + len + 1, probe->name))
			return probe;
	}
	return NULL;
}
