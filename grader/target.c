// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/kit.h"
#include "grader/process.h"
#include "grader/target.h"

#define PATIENCE_MS 3000

static int read_running(struct target *target)
{
	char *exe = process_exe(target->pid), open_path[64];
	int err = exe ? 0 : -errno;

	snprintf(open_path, sizeof(open_path), "/proc/%d/exe", target->pid);
	if (!err && !process_runs(exe, target->program))
		err = -ESRCH;
	if (!err)
		err = probes_read(exe, open_path, PROBE_NOTES, &target->probes, NULL);
	free(exe);
	return err;
}

static int read_file(struct target *target, char **why)
{
	char *name, *path;
	int err;

	if (asprintf(&name, "bin/%s", target->program) < 0)
		return -ENOMEM;
	path = kit_path(name);
	free(name);
	if (!path)
		return -errno;
	err = probes_read(path, NULL, PROBE_NOTES, &target->probes, why);
	free(path);
	return err;
}

int target_open(struct target *target, const char *program, pid_t pid, char **why)
{
	struct process process;
	int err;

	*why = NULL;
	*target = (struct target){.program = strdup(program), .pid = pid};
	if (!target->program)
		return -ENOMEM;
	if (pid && process_look(pid, &process) == 0) {
		err = read_running(target);
		if (!err) {
			target->running = true;
			return 0;
		}
		target->hidden = err == -EACCES || err == -EPERM;
	}
	err = read_file(target, why);
	if (err)
		target_close(target);
	return err;
}

void target_close(struct target *target)
{
	capture_fini(&target->capture);
	probes_fini(&target->probes);
	free(target->program);
	free(target->trouble);
	*target = (struct target){};
}

static void trouble(struct target *target, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void trouble(struct target *target, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vasprintf(&target->trouble, format, args) < 0)
		target->trouble = NULL;
	va_end(args);
}

/* Is it there, is it the learner's, does it run? Says what is the matter if not. */
static bool is_fit(struct target *target, const char *lab, const struct learner *learner)
{
	struct process process;

	if (!target->pid)
		trouble(target, "%s is not running; try: %s start %s", target->program,
			kit_bpfhol(), lab);
	else if (process_look(target->pid, &process))
		trouble(target, "%s (PID %d) has ended; try: %s start %s",
			target->program, target->pid, kit_bpfhol(), lab);
	else if (target->hidden)
		trouble(target,
			"watching a running program needs root; run it with sudo");
	else if (!target->running)
		trouble(target, "PID %d is not %s; try: %s start %s", target->pid,
			target->program, kit_bpfhol(), lab);
	else if (learner->privileged && learner->files_uid &&
		 process.uid != learner->files_uid)
		trouble(target, "PID %d belongs to somebody else; try: %s start %s",
			target->pid, kit_bpfhol(), lab);
	else if (process.state == 't')
		trouble(target,
			"%s (PID %d) is held by a debugger (PID %d): nothing in it "
			"moves; "
			"let it run on or quit the debugger, then answer again",
			target->program, target->pid, process.tracer);
	else if (process.state == 'T')
		trouble(target, "%s (PID %d) is stopped; try: kill -CONT %d",
			target->program, target->pid, target->pid);
	else
		return true;
	return false;
}

/* Each probe that a live question about this target needs, once. */
static size_t wanted(const struct target *target, const struct lab *lab,
		     const struct probe ***out)
{
	const struct probe *probe, **slot;
	size_t count = 0, i;
	unsigned int q;

	*out = NULL;
	for (q = 0; q < lab->questions_count; q++) {
		const struct question *question = &lab->questions[q];

		if (!question_is_live(question) ||
		    strcmp(question->target, target->program))
			continue;
		probe = probe_by_name(&target->probes, question->truth.probe);
		for (i = 0; i < count && (*out)[i] != probe; i++)
			;
		if (!probe || i < count)
			continue;
		slot = array_add(*out, count);
		if (slot)
			*slot = probe;
	}
	return count;
}

static void take(struct target *target, const struct lab *lab,
		 const struct learner *learner)
{
	const struct capture_plan plan = {.pid = target->pid, .limit_ms = PATIENCE_MS};
	const struct probe **probes;
	size_t count;
	char *why;
	int err;

	target->captured = true;
	if (!is_fit(target, lab->name, learner))
		return;
	count = wanted(target, lab, &probes);
	if (!count)
		return;
	err = capture_take(&target->capture, &target->probes, probes, count, &plan, &why);
	if (err == -EPERM || err == -EACCES)
		trouble(target, "watching a running program needs root: %s",
			why ?: "run it with sudo");
	else if (err)
		trouble(target, "cannot watch %s (PID %d): %s", target->program,
			target->pid, why ?: "out of memory");
	free(why);
	free(probes);
}

/* Nothing was seen: see whether the process tells why. */
static void explain_silence(struct target *target, const struct lab *lab,
			    const struct learner *learner, struct judgement *judgement)
{
	struct process process = {};

	if (!is_fit(target, lab->name, learner)) {
		judge_unchecked(judgement, "%s", target->trouble ?: "out of memory");
		return;
	}
	process_look(target->pid, &process);
	judge_unchecked(
		judgement,
		"%s (PID %d) did not come to the probe twice within %d seconds%s; "
		"try: %s stop, and then start %s",
		target->program, target->pid, PATIENCE_MS / 1000,
		process.tracer ? ": a debugger is attached to it" : "", kit_bpfhol(),
		lab->name);
}

const struct watch *target_watch(struct target *target, const struct lab *lab,
				 const char *probe, const struct learner *learner,
				 struct judgement *judgement)
{
	const struct watch *watch;

	if (!target->captured)
		take(target, lab, learner);
	if (target->trouble) {
		judge_unchecked(judgement, "%s", target->trouble);
		return NULL;
	}
	watch = capture_watch(&target->capture, probe_by_name(&target->probes, probe));
	if (!watch) {
		judge_broken(
			judgement,
			"the kit is at odds with itself: %s has not the probe that this "
			"question is about; try: make, then bpfhol stop and start",
			target->probes.path);
		return NULL;
	}
	if (watch->count < 2) {
		explain_silence(target, lab, learner, judgement);
		return NULL;
	}
	return watch;
}
