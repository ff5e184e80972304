// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An answer is right if it is the set of a probe's addresses, in the program that the
 * grader compiled or in the one the learner built, all moved by one number of pages: so
 * addresses of the link, offsets in the file and addresses in a process all do.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/answer.h"
#include "grader/edit.h"

struct addresses {
	uint64_t *list; /* owned, sorted */
	size_t count;
};

static void addresses_of(const struct probe *probe, struct addresses *out)
{
	size_t i;

	*out = (struct addresses){};
	if (!probe)
		return;
	out->list = calloc(probe->nlocations, sizeof(*out->list));
	if (!out->list)
		return;
	for (i = 0; i < probe->nlocations; i++)
		out->list[out->count++] = probe->locations[i].address;
	out->count = addresses_sort(out->list, out->count);
}

/* Both numbers, and why they differ if they do. */
static void show_numbers(const struct edit *edit, struct judgement *j)
{
	size_t made = edit->probes[0]->nlocations;

	judge_evidence(j,
		       "your source names the probe in %zu macro%s; compiled, it has %zu "
		       "location%s",
		       edit->macros, edit->macros == 1 ? "" : "s", made,
		       made == 1 ? "" : "s");
	if (made > edit->macros)
		judge_evidence(
			j,
			"the compiler made copies of code that has the probe in it: a "
			"function inlined, a loop unrolled, a branch drawn apart; each "
			"copy is a location of its own");
	else if (made < edit->macros)
		judge_evidence(
			j,
			"the compiler made one of several equal pieces of code, or left "
			"out what is never reached");
}

static bool enough_locations(const struct edit *edit, struct judgement *j)
{
	const struct probe *start =
		probe_by_name(&edit->reference->start.probes, edit->truth->probe);
	size_t made = edit->probes[0]->nlocations, fired = edit_fired(edit);

	show_numbers(edit, j);
	if (made < edit->truth->locations || (start && made <= start->nlocations)) {
		judge_wrong(j, "The probe has no more locations than it had before. %s",
			    edit->macros > 1
				    ? "The evidence says why your second macro did not "
				      "become one."
				    : "Put it into another place of the source too.");
		return false;
	}
	if (fired >= edit->truth->locations)
		return true;
	judge_evidence(j, "%zu of %zu locations fired", fired, made);
	judge_wrong(j, "The probe has several locations, but only one of them ever "
		       "fires. Does the "
		       "program come to the other?");
	return false;
}

/*
 * The learner's own program lies beside the source. Returns its addresses, none if there
 * is no such program; *STALE: the source was changed after it was built.
 */
static void addresses_built(const struct edit *edit, struct addresses *out, bool *stale)
{
	const char *source = edit->request->source, *slash = strrchr(source, '/');
	struct stat source_st, program_st;
	struct probe_list list = {};
	char *path = NULL, via[64];
	int program = -1, fd = learner_open(edit->learner, source);

	*out = (struct addresses){};
	if (slash && asprintf(&path, "%.*s/%s", (int)(slash - source), source,
			      edit->question->target) < 0)
		path = NULL;
	if (path)
		program = learner_open(edit->learner, path);
	if (fd >= 0 && program >= 0 && !fstat(fd, &source_st) &&
	    !fstat(program, &program_st)) {
		*stale = source_st.st_mtim.tv_sec > program_st.st_mtim.tv_sec ||
			 (source_st.st_mtim.tv_sec == program_st.st_mtim.tv_sec &&
			  source_st.st_mtim.tv_nsec > program_st.st_mtim.tv_nsec);
		snprintf(via, sizeof(via), "/proc/self/fd/%d", program);
		if (!probes_read(path, via, PROBE_NOTES, &list, NULL)) {
			addresses_of(probe_by_name(&list, edit->truth->probe), out);
			probes_fini(&list);
		}
	}
	if (fd >= 0)
		close(fd);
	if (program >= 0)
		close(program);
	free(path);
}

static size_t common(const struct addresses *a, const struct addresses *b)
{
	return addresses_common(a->list, a->count, b->list, b->count);
}

static bool same(const struct addresses *a, const struct addresses *b)
{
	return a->count && a->count == b->count && common(a, b) == a->count;
}

static void explain(const struct addresses *answer, const struct addresses *truth,
		    const struct addresses *start, struct judgement *j)
{
	size_t right = common(answer, truth);

	if (right == answer->count && right < truth->count)
		judge_wrong(j,
			    "What you gave fits, but it is not all: you gave %zu, and "
			    "the probe has "
			    "more locations than that.",
			    answer->count);
	else if (same(answer, start))
		judge_wrong(
			j,
			"That is where the probe was in the untouched program. Your edit "
			"has "
			"moved the code: read the addresses off the program you built.");
	else if (right == truth->count)
		judge_wrong(j,
			    "All of the probe's locations are among the %zu addresses "
			    "you gave, "
			    "but others too. Which of them belong to another probe, or "
			    "are no "
			    "location at all?",
			    answer->count);
	else if (right)
		judge_wrong(j,
			    "%zu of the %zu addresses you gave fit%s, the rest not. Are "
			    "they all of "
			    "one kind (link, file offset, process), and all of the last "
			    "build?",
			    right, answer->count, right == 1 ? "s" : "");
	else
		judge_wrong(
			j,
			"None of the addresses you gave is a location of the probe in "
			"the "
			"program that your source makes. Build it and read them anew.");
}

static void judge_addresses(const struct edit *edit, const struct addresses *answer,
			    struct judgement *j)
{
	struct addresses truth, built, start;
	bool stale = false, pass;

	addresses_of(edit->probes[0], &truth);
	addresses_of(probe_by_name(&edit->reference->start.probes, edit->truth->probe),
		     &start);
	addresses_built(edit, &built, &stale);
	pass = same(answer, &truth) || (!stale && same(answer, &built));
	if (pass)
		judge_pass(
			j,
			"Right: the probe fires from %zu places, and these are all its "
			"locations.",
			edit_fired(edit));
	else if (stale && same(answer, &built))
		judge_wrong(
			j,
			"These addresses are those of the program you built, but you "
			"have "
			"changed the source since. Build it again and read them anew.");
	else
		explain(answer,
			!stale && common(answer, &built) > common(answer, &truth)
				? &built
				: &truth,
			&start, j);
	if (stale && !pass)
		judge_evidence(j,
			       "the program beside your source is older than the source");
	free(truth.list);
	free(built.list);
	free(start.list);
}

bool edit_locations(struct edit *edit, struct judgement *j)
{
	struct addresses answer;
	char *bad;
	int err;

	if (!enough_locations(edit, j))
		return false;
	err = addresses_parse(edit->request->answer, &answer.list, &answer.count, &bad);
	if (err == -EINVAL)
		judge_wrong(j,
			    "'%s' is not an address. Addresses are hex numbers such as "
			    "0x1189, "
			    "with blanks or commas between them.",
			    bad);
	else if (!err && !answer.count)
		judge_wrong(j,
			    "Your source is right: the probe fires from %zu places. The "
			    "answer "
			    "is still missing: the address of every location.",
			    edit_fired(edit));
	else if (!err)
		judge_addresses(edit, &answer, j);
	free(bad);
	free(answer.list);
	return j->verdict == VERDICT_PASS && judged(j);
}
