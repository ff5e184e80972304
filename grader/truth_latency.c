// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The time from one probe to the next, by a capture of its own: what else is watched, a
 * probe with a semaphore above all, may change how long the program takes.
 */
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "grader/truth.h"

/* The times of one group. */
struct spans {
	const struct datum *key; /* NULL: there is one group */
	uint64_t *list;
	size_t count;
	uint64_t median;
};

struct all_spans {
	struct spans *groups;
	size_t count;
};

static bool same(const struct firing *a, const struct firing *b, int match)
{
	if (match == KEY_BY_TID || match == KEY_BY_NOTHING)
		return a->tid == b->tid;
	return (size_t)match < a->nargs && (size_t)match < b->nargs &&
	       datum_equal(&a->data[match], &b->data[match]);
}

/* The first end after START, unless another start of the same kind comes before it. */
static const struct firing *end_of(const struct firing *start, const struct watch *starts,
				   const struct watch *ends, int match)
{
	const struct firing *end = NULL, *other;
	size_t i;

	for (i = 0; i < ends->count; i++) {
		other = &ends->firings[i];
		if (other->time > start->time && same(start, other, match) &&
		    (!end || other->time < end->time))
			end = other;
	}
	for (i = 0; end && i < starts->count; i++) {
		other = &starts->firings[i];
		if (other->time > start->time && other->time < end->time &&
		    same(start, other, match))
			return NULL;
	}
	return end;
}

/* The start's group, made if need be; NULL if it has no such argument. */
static struct spans *group_of(struct all_spans *all, const struct firing *start, int by)
{
	const struct datum *key = NULL;
	struct spans *group;
	size_t i;

	if (by >= 0) {
		if ((size_t)by >= start->nargs || start->data[by].kind == VALUE_ERROR)
			return NULL;
		key = &start->data[by];
	}
	for (i = 0; i < all->count; i++) {
		group = &all->groups[i];
		if (!key == !group->key && (!key || datum_equal(key, group->key)))
			return group;
	}
	group = array_add(all->groups, all->count);
	if (group)
		*group = (struct spans){.key = key};
	return group;
}

/* How often it fired on that thread in between. */
static uint64_t firings_between(const struct watch *watch, const struct firing *start,
				const struct firing *end)
{
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < watch->count; i++) {
		const struct firing *firing = &watch->firings[i];

		count += firing->tid == start->tid && firing->time > start->time &&
			 firing->time < end->time;
	}
	return count;
}

/* With PER (else NULL) the time is that of each of its firings. */
static void add_span(struct all_spans *all, const struct firing *start,
		     const struct firing *end, int by, const struct watch *per)
{
	uint64_t parts = per ? firings_between(per, start, end) : 1;
	struct spans *group = parts ? group_of(all, start, by) : NULL;
	uint64_t *slot = group ? array_add(group->list, group->count) : NULL;

	if (slot)
		*slot = (end->time - start->time) / parts;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void find_medians(struct all_spans *all)
{
	size_t i;

	for (i = 0; i < all->count; i++) {
		struct spans *group = &all->groups[i];

		if (!group->count)
			continue;
		qsort(group->list, group->count, sizeof(*group->list), by_size);
		group->median = (group->list[(group->count - 1) / 2] +
				 group->list[group->count / 2]) /
				2;
	}
}

/* The only group, or the slowest or fastest; NULL if there is none. */
static const struct spans *pick(const struct all_spans *all, enum truth_pick pick)
{
	const struct spans *best = NULL;
	size_t i;

	if (pick == PICK_ONLY && all->count != 1)
		return NULL;
	for (i = 0; i < all->count; i++) {
		const struct spans *group = &all->groups[i];

		if (group->count &&
		    (!best || (pick == PICK_LEAST ? group->median < best->median
						  : group->median > best->median)))
			best = group;
	}
	return best;
}

static bool tell(const struct truth *truth, const struct spans *group,
		 struct true_value *out, struct judgement *j)
{
	if (!group)
		return truth_not_one(j);
	judge_evidence(j, "measured: %zu times from %s to %s", group->count, truth->probe,
		       truth->then);
	if (truth->by && truth->give == GIVE_KEY)
		return truth_of_datum(group->key, out, j);
	out->kind = TRUE_TIME;
	out->number = group->median;
	out->tolerance = truth->tolerance;
	out->unit = truth->unit;
	return true;
}

static bool measure(const struct asked *asked, const struct truth *truth,
		    const struct capture *capture, struct true_value *out,
		    struct judgement *j)
{
	const struct watch *starts = &capture->watches[0], *ends = &capture->watches[1];
	int by = truth_key(truth->by), match = truth_key(truth->match);
	const struct watch *per = NULL;
	struct all_spans all = {};
	const struct firing *end;
	bool told;
	size_t i;

	if (truth->per) {
		per = capture_watch(capture, truth_subject(asked, truth->per, j).probe);
		if (!per)
			return truth_not_one(j);
	}
	for (i = 0; i < starts->count; i++) {
		const struct firing *start = &starts->firings[i];

		if (!truth_holds(truth->where, start))
			continue;
		end = end_of(start, starts, ends, match);
		if (end)
			add_span(&all, start, end, by, per);
	}
	find_medians(&all);
	told = tell(truth, pick(&all, truth->pick), out, j);
	while (all.count)
		free(all.groups[--all.count].list);
	free(all.groups);
	return told;
}

bool truth_latency(const struct asked *asked, const struct truth *truth,
		   struct true_value *out, struct judgement *j)
{
	const struct capture *capture = truth_capture(asked, truth, j);

	return capture && measure(asked, truth, capture, out, j);
}
