// SPDX-License-Identifier: GPL-2.0-or-later
/* What a probe's semaphore reads while some tracers, the grader's own, are attached. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/kit.h"
#include "grader/truth.h"
#include "tracer/live/process.h"
#include "tracer/live/session.h"

#define TRIES 10
#define TRY_US 20000

int truth_read_semaphore(pid_t pid, struct subject subject, uint16_t *out)
{
	struct process_files files;
	int err = process_files_read(pid, &files);
	const struct mapped_file *file;

	if (err)
		return err;
	file = process_files_find(&files, subject.list->path);
	err = file ? process_read_u16(pid, file,
				      subject.probe->locations[0].semaphore_offset, out)
		   : -ENOENT;
	process_files_fini(&files);
	return err;
}

/* What it reads before and while that many tracers of ours are there. */
static int read_traced(pid_t pid, struct subject subject, unsigned int tracers,
		       uint16_t *before, uint16_t *value)
{
	struct session **sessions = calloc(tracers, sizeof(struct session *));
	int err = sessions ? truth_read_semaphore(pid, subject, before) : -ENOMEM;
	unsigned int i;

	for (i = 0; i < tracers && !err; i++)
		err = truth_attach(&sessions[i], pid, subject);
	if (!err)
		err = truth_read_semaphore(pid, subject, value);
	for (i = 0; sessions && i < tracers; i++)
		session_free(sessions[i]);
	free(sessions);
	return err;
}

/*
 * The kernel raises it for all its tracers together: if it was up, and goes up further,
 * then somebody wrote into the process, and what the kernel adds is not all there is.
 */
static bool is_written(uint16_t before, uint16_t value)
{
	return before && before != value;
}

bool truth_semaphore(const struct asked *asked, const struct truth *truth,
		     struct true_value *out, struct judgement *j)
{
	const struct target_use use = {asked->lab, asked->learner};
	struct subject subject = truth_subject(asked, truth->probe, j);
	pid_t pid = asked->target->pid;
	uint16_t before = 0, value = 0;
	int err = 0, tries;

	if (!subject.probe)
		return false;
	if (!target_is_fit(asked->target, &use)) {
		judge_unchecked(j, "%s", asked->target->trouble ?: "out of memory");
		return false;
	}
	if (!subject.probe->locations[0].semaphore_offset)
		return truth_not_one(j);
	for (tries = 0; tries < TRIES; tries++) {
		err = read_traced(pid, subject, truth->tracers, &before, &value);
		if (err || !is_written(before, value))
			break;
		usleep(TRY_US); /* or the kernel was just lowering it */
	}
	if (err)
		truth_cannot(j, "cannot read the semaphore", err);
	else if (is_written(before, value))
		judge_unchecked(j,
				"a tracer has written into the semaphore of PID %d, as "
				"gdb and bcc do, and does so still or did not take it "
				"back; end it, or try: %s stop, and then start %s",
				pid, kit_bpfhol(), asked->lab->name);
	out->kind = TRUE_NUMBER;
	out->number = value;
	out->is_count = true;
	return !judged(j);
}
