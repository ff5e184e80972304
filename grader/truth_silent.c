// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Truth about probes that do not fire though their code runs, as it is not in the file's
 * pages any more: which one it is, and where it runs now.
 */
#include <stdlib.h>
#include <string.h>

#include "grader/truth.h"
#include "tracer/live/process.h"

static bool tells(const struct truth *truth, const struct firing *firing,
		  const char *name)
{
	size_t by = truth_key(truth->by);

	return by < firing->nargs && firing->data[by].kind == VALUE_STRING &&
	       !strcmp(firing->data[by].text, name);
}

/* What is told of it: firings, or the sum of their arguments. */
static uint64_t told_of(const struct truth *truth, const struct watch *watch,
			const char *name)
{
	uint64_t sum = 0;
	size_t i, n;

	for (i = 0; i < watch->count; i++) {
		const struct firing *firing = &watch->firings[i];

		if (!tells(truth, firing, name))
			continue;
		sum += !truth->sum_count;
		for (n = 0; n < truth->sum_count; n++) {
			if (truth->sum[n] < firing->nargs)
				sum += firing->data[truth->sum[n]].number;
		}
	}
	return sum;
}

/* False: judged. */
static bool find_silent(const struct asked *asked, const struct truth *truth,
			struct subject *out, uint64_t *told, struct judgement *j)
{
	const struct watch *then = truth_watch(asked, truth->then, j), *watch;
	const struct target_use use = {asked->lab, asked->learner};
	struct subject *matches;
	size_t count, found = 0, i;
	uint64_t sum;

	if (!then)
		return false;
	count = target_match(asked->target, asked->lab, truth->probe, &matches);
	for (i = 0; i < count && !judged(j); i++) {
		watch = target_watch(asked->target, &use, matches[i].probe, 0, j);
		if (!watch || watch->count)
			continue;
		sum = told_of(truth, then, matches[i].probe->name);
		if (!sum)
			continue;
		*out = matches[i];
		*told = sum;
		found++;
	}
	free(matches);
	return !judged(j) && (found == 1 || truth_not_one(j));
}

bool truth_silent(const struct asked *asked, const struct truth *truth,
		  struct true_value *out, struct judgement *j)
{
	if (!find_silent(asked, truth, &out->subject, &out->number, j))
		return false;
	out->kind = truth->give == GIVE_VALUE ? TRUE_NUMBER : TRUE_PROBE;
	out->is_count = true;
	return true;
}

/* How far from its addresses the file is loaded, by a location that is still there. */
static bool find_bias(const struct probe_list *list, const struct mapped_file *file,
		      uint64_t *out)
{
	uint64_t address;
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct location *location = &list->probes[i].locations[0];

		if (location->problem ||
		    process_address(file, location->offset, &address))
			continue;
		*out = address - location->address;
		return true;
	}
	return false;
}

static bool find_mapping(pid_t pid, const struct subject *subject, uint64_t *out)
{
	struct process_files files;
	bool found = false;
	uint64_t bias;
	size_t i;

	if (process_files_read(pid, &files))
		return false;
	for (i = 0; i < files.count; i++) {
		if (!strcmp(files.files[i].path, subject->list->path))
			found = find_bias(subject->list, &files.files[i], &bias);
	}
	process_files_fini(&files);
	return found &&
	       !process_mapping_start(pid, bias + subject->probe->locations[0].address,
				      out);
}

bool truth_mapping(const struct asked *asked, const struct truth *truth,
		   struct true_value *out, struct judgement *j)
{
	const struct target_use use = {asked->lab, asked->learner};
	struct target *target = asked->target;
	uint64_t told;

	if (!target_is_fit(target, &use)) {
		judge_unchecked(j, "%s", target->trouble ?: "out of memory");
		return false;
	}
	if (truth->then) {
		if (!find_silent(asked, truth, &out->subject, &told, j))
			return false;
	} else {
		out->subject = truth_subject(asked, truth->probe, j);
		if (!out->subject.probe)
			return false;
	}
	out->kind = TRUE_ADDRESS;
	return find_mapping(target->pid, &out->subject, &out->number) || truth_not_one(j);
}
