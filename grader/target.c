// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/kit.h"
#include "grader/functions.h"
#include "grader/process.h"
#include "grader/target.h"
#include "tracer/live/process.h"

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

static int read_probes(struct target *target, char **why)
{
	struct process process;
	int err;

	if (!target->pid || process_look(target->pid, &process))
		return read_file(target, why);
	err = read_running(target);
	target->running = !err;
	target->hidden = err == -EACCES || err == -EPERM;
	return err ? read_file(target, why) : 0;
}

int target_open(struct target *target, const struct lab_target *as, pid_t pid, char **why)
{
	int err;

	*why = NULL;
	*target = (struct target){.program = strdup(as->program),
				  .pid = pid,
				  .has_children = as->children};
	if (!target->program)
		return -ENOMEM;
	err = read_probes(target, why);
	if (!err && as->functions_count)
		err = functions_read(&target->probes, as->functions, as->functions_count,
				     &target->functions);
	if (err)
		target_close(target);
	return err;
}

void target_forget(struct target *target)
{
	while (target->captures_count)
		capture_fini(&target->captures[--target->captures_count]);
	free(target->captures);
	target->captures = NULL;
}

void target_close(struct target *target)
{
	capture_fini(&target->capture);
	target_forget(target);
	while (target->libraries_count)
		probes_fini(&target->libraries[--target->libraries_count]);
	free(target->libraries);
	free(target->children);
	probes_fini(&target->functions);
	probes_fini(&target->probes);
	free(target->program);
	free(target->blind);
	free(target->trouble);
	*target = (struct target){};
}

size_t target_children(struct target *target)
{
	if (target->has_children && target->running && !target->looked_for_children)
		target->children_count =
			process_descendants(target->pid, &target->children);
	target->looked_for_children = true;
	return target->children_count;
}

static bool is_known(const struct target *target, const char *path)
{
	size_t i;

	for (i = 0; i < target->libraries_count; i++) {
		if (!strcmp(path, target->libraries[i].path))
			return true;
	}
	return !strcmp(path, target->probes.path);
}

/* A library without probes, or that cannot be read, is none of ours. */
static void add_library(struct target *target, const struct mapped_file *file)
{
	struct probe_list list, *slot;

	if (is_known(target, file->path) ||
	    probes_read(file->path, file->open_path, PROBE_NOTES, &list, NULL))
		return;
	slot = list.count ? array_add(target->libraries, target->libraries_count) : NULL;
	if (slot)
		*slot = list;
	else
		probes_fini(&list);
}

static void add_libraries(struct target *target, pid_t pid)
{
	struct process_files files;
	size_t i;

	if (process_files_read(pid, &files))
		return;
	for (i = 0; i < files.count; i++)
		add_library(target, &files.files[i]);
	process_files_fini(&files);
}

size_t target_libraries(struct target *target)
{
	size_t i;

	if (target->looked_for_libraries || !target->running)
		return target->libraries_count;
	target->looked_for_libraries = true;
	add_libraries(target, target->pid);
	for (i = 0; i < target_children(target); i++)
		add_libraries(target, target->children[i]);
	return target->libraries_count;
}

/* Its probes, its functions, then those of its libraries; NULL: there are not as many. */
static const struct probe_list *list_at(struct target *target, size_t i)
{
	if (i < 2)
		return i ? &target->functions : &target->probes;
	return i - 2 < target_libraries(target) ? &target->libraries[i - 2] : NULL;
}

struct subject target_find(struct target *target, const char *full)
{
	struct subject found = {.list = &target->probes};
	const struct probe_list *list;
	size_t i;

	for (i = 0; !found.probe && (list = list_at(target, i)); i++) {
		found.list = list;
		found.probe = probe_by_name(list, full);
	}
	return found;
}

const char *target_round(const struct target *target, const struct lab *lab)
{
	const struct lab_target *as = lab_target(lab, target->program);

	return as ? as->round : NULL;
}

size_t target_match(struct target *target, const struct lab *lab, const char *pattern,
		    struct subject **out)
{
	const char *round = target_round(target, lab);
	const struct probe_list *list;
	size_t count = 0, i, n;

	*out = NULL;
	for (i = 0; (list = list_at(target, i)); i++) {
		for (n = 0; n < list->count; n++) {
			const struct probe *probe = &list->probes[n];
			struct subject *slot;
			char full[600];

			snprintf(full, sizeof(full), "%s:%s", probe->provider,
				 probe->name);
			if (fnmatch(pattern, full, 0) || (round && !strcmp(full, round)))
				continue;
			slot = array_add(*out, count);
			if (slot)
				*slot = (struct subject){list, probe};
		}
	}
	return count;
}

static void __attribute__((format(printf, 2, 3)))
set_trouble(struct target *target, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vasprintf(&target->trouble, format, args) < 0)
		target->trouble = NULL;
	va_end(args);
}

static bool moves(struct target *target, pid_t pid)
{
	struct process process;

	process_look(pid, &process);
	if (process.state == 't')
		set_trouble(target,
			    "%s (PID %d) is held by a debugger (PID %d): nothing in it "
			    "moves; "
			    "let it run on or quit the debugger, then answer again",
			    target->program, pid, process.tracer);
	else if (process.state == 'T')
		set_trouble(target, "%s (PID %d) is stopped; try: kill -CONT %d",
			    target->program, pid, pid);
	return !target->trouble;
}

static bool all_move(struct target *target)
{
	bool all = moves(target, target->pid);
	size_t i;

	for (i = 0; all && i < target_children(target); i++)
		all = moves(target, target->children[i]);
	return all;
}

bool target_is_fit(struct target *target, const struct target_use *use)
{
	const struct learner *learner = use->learner;
	const char *lab = use->lab->name;
	struct process process;

	free(target->trouble);
	target->trouble = NULL;
	if (!target->pid)
		set_trouble(target, "%s is not running; try: %s start %s",
			    target->program, kit_bpfhol(), lab);
	else if (process_look(target->pid, &process))
		set_trouble(target, "%s (PID %d) has ended; try: %s start %s",
			    target->program, target->pid, kit_bpfhol(), lab);
	else if (target->hidden)
		set_trouble(target,
			    "watching a running program needs root; run it with sudo");
	else if (!target->running)
		set_trouble(target, "PID %d is not %s; try: %s start %s", target->pid,
			    target->program, kit_bpfhol(), lab);
	else if (learner->privileged && learner->files_uid &&
		 process.uid != learner->files_uid)
		set_trouble(target, "PID %d belongs to somebody else; try: %s start %s",
			    target->pid, kit_bpfhol(), lab);
	else
		return all_move(target);
	return false;
}
