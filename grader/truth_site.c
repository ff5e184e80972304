// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What stands at a probe's location in the running process: while nobody traces, or while
 * tracers of the grader's own are attached, before the program has come there or after.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "grader/interrupt.h"
#include "grader/truth.h"
#include "tracer/live/process.h"
#include "tracer/live/session.h"
#include "tracer/live/site.h"

#define PATIENCE_MS 9000 /* for a hit, as with rounds */
#define TRIES 10	 /* to see it before it is hit; until a tracer that has gone is */
#define TRY_US 20000	 /* forgotten; until the kernel has changed what was hit */

static int look(pid_t pid, struct subject subject, const struct location *location,
		struct site_state *out)
{
	struct process_files files;
	const struct mapped_file *file;
	int err = process_files_read(pid, &files);

	if (err)
		return err;
	file = process_files_find(&files, subject.list->path);
	err = file ? site_read(pid, subject.list->machine, file, location, out) : -ENOENT;
	process_files_fini(&files);
	return err;
}

/* Tracers that write into a semaphore may leave it up when they go. */
static bool is_up(pid_t pid, struct subject subject)
{
	uint16_t semaphore;

	return subject.probe->locations[0].semaphore_offset &&
	       !truth_read_semaphore(pid, subject, &semaphore) && semaphore;
}

static bool is_changed(pid_t pid, struct subject subject)
{
	struct site_state state;
	size_t i;

	for (i = 0; i < subject.probe->nlocations; i++) {
		if (!look(pid, subject, &subject.probe->locations[i], &state) &&
		    state.traced)
			return true;
	}
	return false;
}

static bool is_among(const struct probe *probe, const struct subject *subjects,
		     size_t count)
{
	size_t i;

	for (i = 0; i < count && subjects[i].probe != probe; i++)
		;
	return i < count;
}

/* The first of the list, not one of SUBJECTS, that is traced, or NULL. */
static const struct probe *traced_of(const struct target *target,
				     const struct probe_list *list,
				     const struct subject *subjects, size_t count)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct probe *probe = &list->probes[i];
		const struct subject subject = {list, probe};

		if (!is_among(probe, subjects, count) &&
		    (is_up(target->pid, subject) || is_changed(target->pid, subject)))
			return probe;
	}
	return NULL;
}

static const struct probe *traced(const struct target *target,
				  const struct subject *subjects, size_t count)
{
	return traced_of(target, &target->probes, subjects, count)
		       ?: traced_of(target, &target->functions, subjects, count);
}

static void tell_traced(const struct asked *asked, const struct probe *probe,
			struct judgement *j)
{
	if (is_up(asked->target->pid, (struct subject){&asked->target->probes, probe}))
		judge_unchecked(j,
				"the semaphore of %s:%s is up in PID %d, so somebody "
				"traces it, and the program takes its time for that; end "
				"that tracer, and answer again",
				probe->provider, probe->name, asked->target->pid);
	else
		judge_unchecked(
			j,
			"somebody traces %s:%s in PID %d, which changes what the program "
			"does, or how long it takes; end that tracer, and answer again",
			probe->provider, probe->name, asked->target->pid);
}

bool truth_untraced(const struct asked *asked, const struct subject *subjects,
		    size_t count, struct judgement *j)
{
	const struct probe *probe;
	int tries;

	/* The kernel takes a moment to clean up after a tracer has gone. */
	for (tries = 0; tries < TRIES; tries++) {
		probe = traced(asked->target, subjects, count);
		if (!probe)
			return true;
		usleep(TRY_US);
	}
	tell_traced(asked, probe, j);
	return false;
}

bool truth_still_untraced(const struct asked *asked, const struct subject *subjects,
			  size_t count, struct judgement *j)
{
	const struct probe *probe = traced(asked->target, subjects, count);

	if (probe)
		tell_traced(asked, probe, j);
	return !probe;
}

/* One look at the location, and the tracers that are attached meanwhile. */
struct visit {
	pid_t pid;
	struct subject subject;
	const struct location *location;
	const struct truth *truth;
	struct session **sessions;
	struct site_state state;
	unsigned int hits; /* seen by the last of them */
};

static int count_hit(const struct event *event, void *data)
{
	(*(unsigned int *)data)++;
	return 0;
}

static void watch(struct visit *v, int ms)
{
	session_poll(v->sessions[v->truth->tracers - 1], ms, count_hit, &v->hits);
}

/* Behind the second hit: what the first one changes, it changes last. */
static int wait_for_hits(struct visit *v)
{
	struct timespec begin, now;
	int err, tries;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	while (v->hits < 2) {
		watch(v, 10);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (interrupted())
			return -EINTR;
		if ((now.tv_sec - begin.tv_sec) * 1000 > PATIENCE_MS)
			return -ETIME;
	}
	err = look(v->pid, v->subject, v->location, &v->state);
	/* Sooner or later, where the kernel makes a call of it at all. */
	for (tries = 0;
	     !err && tries < TRIES && v->location->instruction == INSTRUCTION_NOP5 &&
	     v->state.instruction == INSTRUCTION_INT3;
	     tries++) {
		usleep(TRY_US);
		err = look(v->pid, v->subject, v->location, &v->state);
	}
	return err;
}

/* -EAGAIN: it was hit too soon. */
static int look_before_hit(struct visit *v)
{
	int err = look(v->pid, v->subject, v->location, &v->state);

	if (!err && v->truth->tracers)
		watch(v, 0);
	return err ?: v->hits ? -EAGAIN : 0;
}

static int visit_once(struct visit *v)
{
	unsigned int i;
	int err = 0;

	v->hits = 0;
	for (i = 0; i < v->truth->tracers && !err; i++)
		err = truth_attach(&v->sessions[i], v->pid, v->subject);
	if (!err)
		err = v->truth->hit ? wait_for_hits(v) : look_before_hit(v);
	for (i = 0; i < v->truth->tracers; i++) {
		session_free(v->sessions[i]);
		v->sessions[i] = NULL;
	}
	return err;
}

static bool visit(const struct asked *asked, struct visit *v, struct judgement *j)
{
	int err = -EAGAIN, tries;

	for (tries = 0; err == -EAGAIN && tries < TRIES; tries++) {
		if (v->truth->give != GIVE_ADDRESS && v->truth->give != GIVE_NEXT &&
		    !truth_untraced(asked, NULL, 0, j))
			return false;
		err = visit_once(v);
	}
	if (err == -ETIME)
		judge_unchecked(j, "%s (PID %d) did not come to the probe; answer again",
				asked->target->program, v->pid);
	else if (err)
		truth_cannot(j, "cannot look at the probe's location", err);
	return !err;
}

static bool tell(const struct visit *v, struct true_value *out, struct judgement *j)
{
	size_t size = instruction_size(v->location->instruction);

	out->kind = TRUE_NUMBER;
	out->is_count = true;
	switch (v->truth->give) {
	case GIVE_BYTE:
		out->number = v->state.bytes[0];
		return true;
	case GIVE_CALL:
		out->number = v->state.target;
		if (v->state.instruction != INSTRUCTION_CALL)
			judge_unchecked(j, "the kernel has left a breakpoint there, and "
					   "no call; answer again");
		return !judged(j);
	case GIVE_NEXT:
		out->number = v->state.address + size;
		return size || truth_not_one(j);
	default:
		out->number = v->state.address;
		return true;
	}
}

bool truth_site(const struct asked *asked, const struct truth *truth,
		struct true_value *out, struct judgement *j)
{
	const struct target_use use = {asked->lab, asked->learner};
	struct subject subject = truth_subject(asked, truth->probe, j);
	struct visit v = {.pid = asked->target->pid, .subject = subject, .truth = truth};
	bool told = false;

	if (!subject.probe)
		return false;
	if (!target_is_fit(asked->target, &use)) {
		judge_unchecked(j, "%s", asked->target->trouble ?: "out of memory");
		return false;
	}
	if (subject.probe->nlocations != 1)
		return truth_not_one(j);
	v.location = &subject.probe->locations[0];
	v.sessions = calloc(truth->tracers + 1, sizeof(*v.sessions));
	if (v.sessions)
		told = visit(asked, &v, j) && tell(&v, out, j);
	free(v.sessions);
	return told;
}
