// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/run.h"
#include "grader/sandbox.h"

#define PATIENCE_MS 3000

static int release(void *data)
{
	return sandbox_go(data);
}

static bool over(void *data)
{
	return sandbox_ended(data);
}

int run_traced(struct run *run, const struct build *build, const struct learner *learner,
	       const struct probe *const probes[], size_t count, uint64_t seed,
	       const struct capture_plan *wish, char **why)
{
	char *const argv[] = {build->program, NULL};
	struct capture_plan plan = *wish;
	struct sandbox sandbox;
	char input[32];
	int err;

	*run = (struct run){};
	*why = NULL;
	snprintf(input, sizeof(input), "%" PRIu64 "\n", seed);
	err = sandbox_hold(&sandbox, learner, scratch_work(build->scratch), argv, input,
			   false);
	if (err) {
		if (asprintf(why, "cannot start a program: %s", strerror(-err)) < 0)
			*why = NULL;
		return err;
	}
	plan.follow = sandbox.child.pid;
	plan.limit_ms = PATIENCE_MS;
	plan.release = release;
	plan.over = over;
	plan.data = &sandbox;
	err = capture_take(&run->capture, &build->probes, probes, count, &plan, why);
	run->ended = sandbox.ended;
	run->status = sandbox.status;
	sandbox_end(&sandbox);
	if (!err && run->capture.lost) {
		*why = strdup("this machine is too busy: events were lost");
		err = -EAGAIN;
		run_fini(run);
	}
	return err;
}

void run_fini(struct run *run)
{
	capture_fini(&run->capture);
}
