// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Watching a target: which probes its questions need, traced together once. Where the
 * target plays rounds, one whole round is kept.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/kit.h"
#include "grader/process.h"
#include "grader/target.h"

#define PATIENCE_MS 3000
#define ROUND_PATIENCE_MS 9000 /* rounds of two seconds, on a busy machine */
#define FIRES_MS 300	       /* a probe that has not fired by then does not */
#define TRIES 3		       /* when events are lost */
#define FIRINGS_MAX 10000 /* of a probe in a round: pairs and groups are searched for */

static bool fit(struct target *target, const struct target_use *use, struct judgement *j)
{
	if (target_is_fit(target, use))
		return true;
	judge_unchecked(j, "%s", target->trouble ?: "out of memory");
	return false;
}

/* What a capture is to watch, each once; .least as capture_plan has it. */
struct wish {
	struct subject *subjects;
	size_t *least;
	size_t count;
	bool may_be_silent; /* some of them need not fire */
};

static void wish_for(struct wish *wish, struct subject subject, size_t least)
{
	size_t i, counts = wish->count;
	struct subject *slot;

	for (i = 0; i < wish->count && wish->subjects[i].probe != subject.probe; i++)
		;
	if (!subject.probe)
		return;
	if (i < wish->count) {
		if (least > wish->least[i])
			wish->least[i] = least;
		return;
	}
	slot = array_add(wish->subjects, wish->count);
	if (!slot)
		return;
	*slot = subject;
	if (array_add(wish->least, counts))
		wish->least[i] = least;
	else
		wish->count--;
}

/* Does it come from the capture that serves all questions? */
static bool is_common(const struct truth *truth)
{
	return truth && truth_is_live(truth) && !truth_is_apart(truth) &&
	       truth->type != TRUTH_SITE && truth->type != TRUTH_SEMAPHORE &&
	       (truth->type != TRUTH_MAPPING || truth->then);
}

static void wish_for_truth(struct wish *wish, struct target *target,
			   const struct lab *lab, const struct truth *truth)
{
	struct subject *matches;
	size_t count, i;

	if (!is_common(truth))
		return;
	if (truth->type == TRUTH_FIRES || truth_is_pattern(truth->probe)) {
		count = target_match(target, lab, truth->probe, &matches);
		for (i = 0; i < count; i++)
			wish_for(wish, matches[i], 0);
		wish->may_be_silent |= count > 0;
		free(matches);
	} else {
		wish_for(wish, target_find(target, truth->probe), 2);
	}
	if (truth->then)
		wish_for(wish, target_find(target, truth->then), 2);
}

/* Each probe that a live question about this target needs, and what mistakes need. */
static void wish_for_lab(struct wish *wish, struct target *target, const struct lab *lab)
{
	unsigned int q, p, m;

	for (q = 0; q < lab->questions_count; q++) {
		const struct question *question = &lab->questions[q];

		if (strcmp(question->target, target->program))
			continue;
		for (p = 0; p < question->parts_count; p++) {
			const struct part *part = &question->parts[p];

			wish_for_truth(wish, target, lab, part->truth);
			for (m = 0; m < part->mistakes_count; m++)
				wish_for_truth(wish, target, lab,
					       part->mistakes[m].truth);
		}
	}
}

static void wish_fini(struct wish *wish)
{
	free(wish->subjects);
	free(wish->least);
}

/* What is said of a capture that failed, to be freed. */
static char *blindness(const struct target *target, int err, const char *why)
{
	char *text;
	int len;

	if (err == -EPERM || err == -EACCES)
		len = asprintf(&text, "watching a running program needs root: %s",
			       why ?: "run it with sudo");
	else
		len = asprintf(&text, "cannot watch %s (PID %d): %s", target->program,
			       target->pid, why ?: "out of memory");
	return len < 0 ? NULL : text;
}

/* No target of the kit fires so often: whatever is asked would take minutes. */
static bool is_flooded(const struct capture *capture)
{
	size_t i;

	for (i = 0; i < capture->count; i++) {
		if (capture->watches[i].count > FIRINGS_MAX)
			return true;
	}
	return false;
}

/* Returns 0, or -errno with *BLIND, to be freed: what is the matter. */
static int take(struct target *target, const struct target_use *use, struct wish *wish,
		struct capture *out, char **blind)
{
	const char *round = target_round(target, use->lab);
	struct subject marker = round ? target_find(target, round) : (struct subject){};
	struct capture_plan plan = {.pid = target->pid, .round = marker.probe};
	int err = -EAGAIN, tries;
	char *why = NULL;

	*blind = NULL;
	if (round && !marker.probe) {
		if (asprintf(blind,
			     "%s has no probe %s, which begins its rounds; try: make",
			     target->program, round) < 0)
			*blind = NULL;
		return -ENOENT;
	}
	plan.children_count = target_children(target);
	plan.children = target->children;
	wish_for(wish, marker, 0);
	plan.limit_ms = round ? ROUND_PATIENCE_MS : PATIENCE_MS;
	plan.least_ms = wish->may_be_silent ? FIRES_MS : 0;
	plan.least = wish->least;
	for (tries = 0; err == -EAGAIN && tries < TRIES; tries++) {
		free(why);
		err = capture_take(out, wish->subjects, wish->count, &plan, &why);
		if (!err && out->lost) {
			capture_fini(out);
			why = strdup("this machine is too busy: events were lost");
			err = -EAGAIN;
		}
	}
	if (!err && round && is_flooded(out)) {
		capture_fini(out);
		why = strdup("it fires far too often in a round; try: make, then bpfhol "
			     "stop and start");
		err = -EFBIG;
	}
	if (err)
		*blind = blindness(target, err, why);
	free(why);
	return err;
}

/* Nothing was seen: see whether the process tells why. */
static void explain_silence(struct target *target, const struct target_use *use,
			    struct judgement *judgement)
{
	bool rounds = target_round(target, use->lab) != NULL;
	struct process process = {};

	if (!fit(target, use, judgement))
		return;
	process_look(target->pid, &process);
	judge_unchecked(judgement,
			"%s (PID %d) did not %s within %d seconds%s; "
			"try: %s stop, and then start %s",
			target->program, target->pid,
			rounds ? "play a whole round" : "come to the probe twice",
			(rounds ? ROUND_PATIENCE_MS : PATIENCE_MS) / 1000,
			process.tracer ? ": a debugger is attached to it" : "",
			kit_bpfhol(), use->lab->name);
}

/* One of just these probes, and the marker of rounds, that was taken before. */
static const struct capture *taken(const struct target *target, bool rounds,
				   const struct subject *subjects, size_t count)
{
	size_t i, n;

	for (i = 0; i < target->captures_count; i++) {
		const struct capture *capture = &target->captures[i];

		if (capture->count != count + rounds)
			continue;
		for (n = 0; n < count && capture->watches[n].probe == subjects[n].probe;
		     n++)
			;
		if (n == count)
			return capture;
	}
	return NULL;
}

const struct capture *target_capture(struct target *target, const struct target_use *use,
				     const struct subject *subjects, size_t count,
				     struct judgement *judgement)
{
	bool rounds = target_round(target, use->lab) != NULL;
	const struct capture *before = taken(target, rounds, subjects, count);
	struct capture capture = {}, *slot = NULL;
	struct wish wish = {};
	char *blind = NULL;
	size_t i;
	int err;

	if (before || !fit(target, use, judgement))
		return before;
	for (i = 0; i < count; i++)
		wish_for(&wish, subjects[i], 2);
	err = take(target, use, &wish, &capture, &blind);
	wish_fini(&wish);
	if (err)
		judge_unchecked(judgement, "%s", blind ?: "out of memory");
	else if (!capture.complete)
		explain_silence(target, use, judgement);
	else
		slot = array_add(target->captures, target->captures_count);
	if (slot)
		*slot = capture;
	else
		capture_fini(&capture);
	free(blind);
	return slot;
}

/* The one that serves all questions. */
static void take_common(struct target *target, const struct target_use *use)
{
	struct wish wish = {};

	target->captured = true;
	wish_for_lab(&wish, target, use->lab);
	if (wish.count && take(target, use, &wish, &target->capture, &target->blind) &&
	    !target->blind)
		target->blind = strdup("out of memory");
	wish_fini(&wish);
}

bool target_is_watched_for(const struct question *question)
{
	unsigned int p;

	for (p = 0; p < question->parts_count; p++) {
		if (is_common(question->parts[p].truth))
			return true;
	}
	return false;
}

void target_watch_ahead(struct target *target, const struct target_use *use)
{
	if (!target->captured)
		take_common(target, use);
}

const struct watch *target_watch(struct target *target, const struct target_use *use,
				 const struct probe *probe, size_t least,
				 struct judgement *judgement)
{
	const struct watch *watch;

	if (!target->captured) {
		if (!fit(target, use, judgement))
			return NULL;
		take_common(target, use);
	}
	if (target->blind) {
		judge_unchecked(judgement, "%s", target->blind);
		return NULL;
	}
	watch = probe ? capture_watch(&target->capture, probe) : NULL;
	if (!watch) {
		judge_broken(
			judgement,
			"the kit is at odds with itself: %s has not the probe that this "
			"question is about; try: make, then bpfhol stop and start",
			target->probes.path);
		return NULL;
	}
	if (target_round(target, use->lab) ? !target->capture.complete
					   : watch->count < least) {
		explain_silence(target, use, judgement);
		return NULL;
	}
	return watch;
}
