// SPDX-License-Identifier: GPL-2.0-or-later
/* Truth that stands in single firings: what they hand over, and which probes fire. */
#include <stdlib.h>
#include <string.h>

#include "grader/truth.h"

/* The last firing on the same thread before END, of those that WHERE means. */
static const struct firing *last_before(const struct watch *watch,
					const struct truth_where *where,
					const struct firing *end)
{
	const struct firing *last = NULL;
	size_t i;

	for (i = 0; i < watch->count; i++) {
		const struct firing *firing = &watch->firings[i];

		if (firing->tid == end->tid && firing->time < end->time &&
		    (!last || firing->time > last->time))
			last = firing;
	}
	return last && truth_holds(where, last) ? last : NULL;
}

/* What the firings meant hand over must be one and the same. */
struct agreed {
	const struct firing *firing; /* the first of them */
	unsigned int arg;
	bool differ;
};

static void agree(struct agreed *agreed, const struct firing *firing)
{
	unsigned int arg = agreed->arg;

	if (!firing)
		return;
	if (arg >= firing->nargs)
		agreed->differ = true;
	else if (!agreed->firing)
		agreed->firing = firing;
	else if (agreed->firing->data[arg].kind != VALUE_ERROR &&
		 !datum_equal(&firing->data[arg], &agreed->firing->data[arg]))
		agreed->differ = true;
}

static uint64_t as_unsigned(uint64_t number, const struct location *location,
			    unsigned int arg)
{
	unsigned int bits = arg < location->nargs ? location->args[arg].size * 8 : 64;

	return bits < 64 ? number & ((1ull << bits) - 1) : number;
}

static bool is_always(const struct watch *watch, size_t arg, enum truth_kind kind)
{
	size_t i;

	for (i = 0; i < watch->count; i++) {
		const struct firing *firing = &watch->firings[i];
		bool text = arg < firing->nargs && firing->data[arg].kind == VALUE_STRING;

		if (arg >= firing->nargs || text != (kind == KIND_STRING))
			return false;
	}
	return true;
}

/* The only argument of that kind, from 0; false: judged, there is none or several. */
static bool only_one(const struct watch *watch, enum truth_kind kind, unsigned int *only,
		     struct judgement *j)
{
	size_t arg, found = 0;

	for (arg = 0; watch->count && arg < watch->firings[0].nargs; arg++) {
		if (!is_always(watch, arg, kind))
			continue;
		*only = arg;
		found++;
	}
	return found == 1 || truth_not_one(j);
}

/* Its firings, among those of the lab's other probes or apart from them. */
static const struct watch *watch_for(const struct asked *asked, const struct truth *truth,
				     struct judgement *j)
{
	const struct capture *capture;

	if (!truth_is_apart(truth))
		return truth_watch(asked, truth->probe, j);
	capture = truth_capture(asked, truth, j);
	return capture ? &capture->watches[0] : NULL;
}

bool truth_arg(const struct asked *asked, const struct truth *truth,
	       struct true_value *out, struct judgement *j)
{
	const struct watch *watch = watch_for(asked, truth, j);
	const struct watch *then =
		watch && truth->then ? truth_watch(asked, truth->then, j) : NULL;
	struct agreed agreed = {.arg = truth->arg};
	size_t i;

	if (!watch || (truth->then && !then) ||
	    (truth->kind && !only_one(watch, truth->kind, &agreed.arg, j)))
		return false;
	for (i = 0; then && i < then->count; i++) {
		const struct firing *end = &then->firings[i];

		if (truth_holds(truth->then_where, end))
			agree(&agreed, last_before(watch, truth->where, end));
	}
	for (i = 0; !then && i < watch->count; i++) {
		if (truth_holds(truth->where, &watch->firings[i]))
			agree(&agreed, &watch->firings[i]);
	}
	if (agreed.differ || !agreed.firing)
		return truth_not_one(j);
	if (!truth_of_datum(&agreed.firing->data[agreed.arg], out, j))
		return false;
	if (truth->as == AS_UNSIGNED) {
		out->number =
			as_unsigned(out->number, agreed.firing->location, agreed.arg);
		out->is_negative = false;
		out->is_count = true;
	}
	/* Not how many: that may be what another question asks for. */
	judge_evidence(j, "watched: %s", truth->probe);
	return true;
}

bool truth_which(const struct asked *asked, const struct truth *truth,
		 struct true_value *out, struct judgement *j)
{
	const struct watch *watch = truth_watch(asked, truth->probe, j);
	unsigned int arg;

	if (!watch || !only_one(watch, truth->kind, &arg, j))
		return false;
	out->kind = TRUE_ARG;
	out->number = arg;
	return true;
}

const struct watch *truth_the_one(const struct asked *asked, const char *pattern,
				  struct subject *out, struct judgement *j)
{
	const struct target_use use = {asked->lab, asked->learner};
	const struct watch *watch, *one = NULL;
	struct subject *matches;
	size_t count = target_match(asked->target, asked->lab, pattern, &matches);
	size_t fired = 0, i;

	for (i = 0; i < count; i++) {
		watch = target_watch(asked->target, &use, matches[i].probe, 0, j);
		if (!watch)
			break;
		if (!watch->count)
			continue;
		*out = matches[i];
		one = watch;
		fired++;
	}
	free(matches);
	if (!count) /* a library's, perhaps, and nothing runs */
		truth_subject(asked, pattern, j);
	if (judged(j))
		return NULL;
	if (!fired)
		judge_unchecked(j,
				"none of the probes of %s fired while it was watched; "
				"answer again",
				asked->target->program);
	if (fired > 1)
		truth_not_one(j);
	return fired == 1 ? one : NULL;
}

bool truth_fires(const struct asked *asked, const struct truth *truth,
		 struct true_value *out, struct judgement *j)
{
	if (!truth_the_one(asked, truth->probe, &out->subject, j))
		return false;
	out->kind = TRUE_PROBE;
	if (truth->give == GIVE_PROVIDER || truth->give == GIVE_NAME) {
		out->kind = TRUE_TEXT;
		out->text =
			strdup(truth->give == GIVE_NAME ? out->subject.probe->name
							: out->subject.probe->provider);
	}
	return out->kind == TRUE_PROBE || out->text;
}
