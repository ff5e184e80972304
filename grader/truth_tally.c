// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Firings of a round in groups, counted or summed, and one group picked: the method that
 * is called most, the location never reached, the connection whose every call fails.
 */
#include <stdlib.h>
#include <string.h>
#include <string.h>

#include "common/array.h"
#include "grader/truth.h"

struct group {
	const struct datum *key;	 /* NULL by location, or if all are one group */
	const struct location *location; /* NULL but by location */
	pid_t pid;			 /* 0 but by pid */
	const struct probe *probe;	 /* NULL but by probe */
	uint64_t count, sum, then;
};

struct groups {
	struct group *list;
	size_t count;
	int by;
};

static bool same_key(const struct group *group, const struct datum *key,
		     const struct location *location, pid_t pid)
{
	return group->location == location && group->pid == pid && !group->key == !key &&
	       (!key || datum_equal(group->key, key));
}

/* The firing's group, made if need be; NULL if it has no such argument. */
static struct group *group_of(struct groups *groups, int by, const struct firing *firing)
{
	const struct location *location = by == KEY_BY_LOCATION ? firing->location : NULL;
	pid_t pid = by == KEY_BY_PID ? firing->pid : 0;
	const struct datum *key = NULL;
	struct group *group;
	size_t i;

	if (by >= 0) {
		if ((size_t)by >= firing->nargs || firing->data[by].kind == VALUE_ERROR)
			return NULL;
		key = &firing->data[by];
	}
	for (i = 0; i < groups->count; i++) {
		if (same_key(&groups->list[i], key, location, pid))
			return &groups->list[i];
	}
	group = array_add(groups->list, groups->count);
	if (group)
		*group = (struct group){.key = key, .location = location, .pid = pid};
	return group;
}

static uint64_t sum_of(const struct truth *truth, const struct firing *firing)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < truth->sum_count; i++) {
		if (truth->sum[i] < firing->nargs)
			sum += firing->data[truth->sum[i]].number;
	}
	return sum;
}

static void count_all(struct groups *groups, const struct truth *truth,
		      const struct watch *watch)
{
	struct group *group;
	size_t i;

	for (i = 0; i < watch->count; i++) {
		const struct firing *firing = &watch->firings[i];

		if (!truth_holds(truth->where, firing))
			continue;
		group = group_of(groups, groups->by, firing);
		if (!group)
			continue;
		group->count++;
		group->sum += sum_of(truth, firing);
	}
}

static void count_then(struct groups *groups, const struct truth *truth,
		       const struct watch *watch)
{
	int by = truth->then_by ? truth_key(truth->then_by) : groups->by;
	struct group *group;
	size_t i;

	for (i = 0; i < watch->count; i++) {
		if (!truth_holds(truth->then_where, &watch->firings[i]))
			continue;
		group = group_of(groups, by, &watch->firings[i]);
		if (group)
			group->then++;
	}
}

/* Locations that are never hit have no firing to make their group. */
static void add_locations(struct groups *groups, const struct probe *probe)
{
	struct group *group;
	size_t i;

	for (i = 0; i < probe->nlocations; i++) {
		const struct firing firing = {.location = &probe->locations[i]};

		group = group_of(groups, KEY_BY_LOCATION, &firing);
		if (!group)
			return;
	}
}

/* Several probes, each a group. False: judged. */
static bool count_probes(struct groups *groups, const struct asked *asked,
			 const struct truth *truth, struct judgement *j)
{
	const struct target_use use = {asked->lab, asked->learner};
	struct subject *matches;
	size_t count = target_match(asked->target, asked->lab, truth->probe, &matches);
	size_t i;

	for (i = 0; i < count && !judged(j); i++) {
		const struct watch *watch =
			target_watch(asked->target, &use, matches[i].probe, 0, j);
		struct group *group =
			watch ? array_add(groups->list, groups->count) : NULL;

		if (group)
			*group = (struct group){.probe = watch->probe,
						.count = watch->count};
	}
	free(matches);
	if (!count) /* is it there at all? */
		truth_subject(asked, truth->probe, j);
	return !judged(j);
}

static uint64_t value_of(const struct truth *truth, const struct group *group)
{
	return truth->sum_count ? group->sum : group->count;
}

static bool beats(const struct truth *truth, const struct group *a, const struct group *b)
{
	uint64_t x = value_of(truth, a), y = value_of(truth, b);

	return truth->pick == PICK_LEAST ? x < y : x > y;
}

static bool is_candidate(const struct truth *truth, const struct group *group)
{
	if (truth->pick == PICK_NEVER)
		return !group->count;
	if (truth->pick == PICK_ALWAYS)
		return group->count && group->then == group->count;
	return group->count;
}

/* NULL if there is none, or more than one as good. */
static const struct group *pick(const struct groups *groups, const struct truth *truth)
{
	bool ranked = truth->pick == PICK_MOST || truth->pick == PICK_LEAST;
	const struct group *best = NULL;
	size_t i, rivals = 0;

	for (i = 0; i < groups->count; i++) {
		const struct group *group = &groups->list[i];

		if (!is_candidate(truth, group))
			continue;
		if (!best || (ranked && beats(truth, group, best))) {
			best = group;
			rivals = 0;
		} else if (!ranked || !beats(truth, best, group)) {
			rivals++;
		}
	}
	return rivals ? NULL : best;
}

static bool tell(const struct truth *truth, const struct groups *groups,
		 const struct group *group, struct true_value *out, struct judgement *j)
{
	if (groups->by == KEY_BY_NOTHING || truth->give == GIVE_VALUE) {
		out->kind = TRUE_NUMBER;
		out->number = value_of(truth, group);
		out->is_count = !truth->sum_count;
		return true;
	}
	if (group->pid) {
		out->kind = TRUE_NUMBER;
		out->number = group->pid;
		out->is_count = true;
		return true;
	}
	if (group->probe) {
		out->kind = TRUE_TEXT;
		out->text = strdup(group->probe->name);
		return out->text;
	}
	if (group->key)
		return truth_of_datum(group->key, out, j);
	out->kind = TRUE_LOCATIONS;
	out->locations = calloc(1, sizeof(*out->locations));
	if (!out->locations)
		return false;
	out->locations[0] = group->location;
	out->count = 1;
	return true;
}

/* The firings of one probe, in groups. False: judged. */
static bool count_one(struct groups *groups, const struct asked *asked,
		      const struct truth *truth, struct judgement *j)
{
	const struct watch *watch = truth_watch(asked, truth->probe, j), *then = NULL;

	if (watch && truth->then)
		then = truth_watch(asked, truth->then, j);
	if (!watch || (truth->then && !then))
		return false;
	count_all(groups, truth, watch);
	if (then)
		count_then(groups, truth, then);
	if (groups->by == KEY_BY_LOCATION)
		add_locations(groups, watch->probe);
	return true;
}

bool truth_tally(const struct asked *asked, const struct truth *truth,
		 struct true_value *out, struct judgement *j)
{
	struct groups groups = {.by = truth_key(truth->by)};
	const struct group *group;
	bool found;

	if (!(groups.by == KEY_BY_PROBE ? count_probes : count_one)(&groups, asked, truth,
								    j)) {
		free(groups.list);
		return false;
	}
	group = pick(&groups, truth);
	out->subject = target_find(asked->target, truth->probe);
	/* Not how many firings it has: that may be the answer. */
	judge_evidence(j, "watched: a whole round of %s", truth->probe);
	found = group ? tell(truth, &groups, group, out, j) : truth_not_one(j);
	free(groups.list);
	return found;
}
