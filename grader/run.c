// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "common/kit.h"
#include "grader/process.h"
#include "grader/run.h"
#include "grader/sandbox.h"

#define PATIENCE_MS 3000

struct released {
	struct sandbox sandbox;
	int err; /* of the exec; what comes of tracing has the same numbers */
};

static int release(void *data)
{
	struct released *released = data;

	return released->err = sandbox_go(&released->sandbox);
}

static bool over(void *data)
{
	struct released *released = data;

	return sandbox_ended(&released->sandbox);
}

static void say(char **why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(char **why, const char *format, ...)
{
	va_list args;

	free(*why);
	va_start(args, format);
	if (vasprintf(why, format, args) < 0)
		*why = NULL;
	va_end(args);
}

static bool is_noexec(const char *path)
{
	struct statvfs st;

	return !statvfs(path, &st) && st.f_flag & ST_NOEXEC;
}

static void explain_exec(int err, const char *program, char **why)
{
	if (err == -EACCES && is_noexec(program))
		say(why,
		    "no program may be run from the folder for temporary files (%s): it "
		    "is "
		    "mounted noexec; try: sudo env TMPDIR=/var/tmp %s ...",
		    program, kit_bpfhol());
	else
		say(why, "cannot start the program: %s", strerror(-err));
}

/* Silent because it may not run? Then what it fired says nothing about it. */
static bool is_held(const struct sandbox *sandbox, char **why)
{
	struct process process;

	if (sandbox->ended || process_look(sandbox->child.pid, &process))
		return false;
	if (process.tracer)
		say(why,
		    "a debugger or another tracer (PID %d) was attached to it while it "
		    "was watched; end that, then answer again",
		    process.tracer);
	else if (process.state == 'T')
		say(why, "it was stopped by a signal while it was watched; answer again");
	else
		return false;
	return true;
}

/* Watch the held program: what is ordered, and if it was without the first probe, then
 * with it too. */
static int watch(struct run *run, const struct run_order *order,
		 struct released *released, char **why)
{
	struct capture_plan plan = order->plan;
	struct subject subjects[2];
	size_t i;
	int err;

	plan.follow = released->sandbox.child.pid;
	plan.limit_ms = PATIENCE_MS;
	plan.release = release;
	plan.over = over;
	plan.data = released;
	for (i = 0; i < order->count; i++)
		subjects[i] = (struct subject){&order->build->probes, order->probes[i]};
	if (!order->alone)
		return capture_take(&run->capture, subjects, order->count, &plan, why);
	err = capture_take(&run->capture, subjects + 1, 1, &plan, why);
	if (err || !run->capture.complete)
		return err;
	plan.release = NULL;
	plan.least = NULL;
	plan.least_ms = 0;
	return capture_take(&run->late, subjects, 2, &plan, why);
}

static bool is_complete(const struct run *run, const struct run_order *order)
{
	return run->capture.complete && (!order->alone || run->late.complete);
}

static int run_limited(struct run *run, const struct run_order *order,
		       unsigned int more_tasks, char **why)
{
	const struct build *build = order->build;
	char *const argv[] = {build->program, NULL};
	struct released released = {};
	struct sandbox *sandbox = &released.sandbox;
	char input[32];
	int err;

	snprintf(input, sizeof(input), "%" PRIu64 "\n", order->seed);
	err = sandbox_hold(sandbox, order->learner, scratch_work(build->scratch), argv,
			   input, false, more_tasks);
	if (err) {
		say(why, "cannot start a program: %s", strerror(-err));
		return err;
	}
	err = watch(run, order, &released, why);
	if (released.err) {
		explain_exec(released.err, build->program, why);
		err = released.err == -EAGAIN ? -EAGAIN : -ENOEXEC;
	} else if (!err && !is_complete(run, order) && is_held(sandbox, why)) {
		err = -EBUSY;
	}
	run->ended = sandbox->ended;
	run->status = sandbox->status;
	sandbox_end(sandbox);
	return err;
}

int run_traced(struct run *run, const struct run_order *order, char **why)
{
	static const unsigned int more_tasks[] = {SANDBOX_TASKS, SANDBOX_TASKS_SHARED};
	int err = -EAGAIN;
	size_t i;

	*run = (struct run){};
	*why = NULL;
	for (i = 0; i < 2 && err == -EAGAIN; i++) {
		run_fini(run);
		err = run_limited(run, order, more_tasks[i], why);
	}
	if (!err && (run->capture.lost || run->late.lost)) {
		say(why, "this machine is too busy: events were lost");
		err = -EAGAIN;
	}
	if (err) {
		run_fini(run);
	} else {
		free(*why);
		*why = NULL;
	}
	return err;
}

void run_fini(struct run *run)
{
	capture_fini(&run->capture);
	capture_fini(&run->late);
}
