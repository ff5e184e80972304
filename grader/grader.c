// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/array.h"
#include "common/utf8.h"
#include "grader/edit.h"
#include "grader/grader.h"
#include "grader/interrupt.h"
#include "grader/judge.h"
#include "grader/needs.h"

#define GUESSES_MAX 10 /* wrong answers to one question in a run */
#define WATCHERS_MAX 8 /* targets watched at a time: each takes megabytes of memory */

/* How often a question was answered wrong in this run. */
struct guessed {
	const struct question *question;
	unsigned int times;
};

struct grader {
	struct learner learner;
	struct needs needs;
	uint64_t seeds[RUNS]; /* for edited sources; drawn anew each run */
	struct lab **labs;
	size_t labs_count;
	struct target **targets;
	size_t targets_count;
	struct reference **references;
	size_t references_count;
	struct guessed *guessed;
	size_t guessed_count;
};

struct grader *grader_new(void)
{
	struct grader *grader = calloc(1, sizeof(*grader));
	int err;

	if (!grader)
		return NULL;
	err = learner_find(&grader->learner);
	if (!err &&
	    getrandom(grader->seeds, sizeof(grader->seeds), 0) != sizeof(grader->seeds))
		err = -EIO;
	if (!err)
		return grader;
	free(grader);
	errno = -err;
	return NULL;
}

void grader_free(struct grader *grader)
{
	if (!grader)
		return;
	while (grader->targets_count) {
		target_close(grader->targets[--grader->targets_count]);
		free(grader->targets[grader->targets_count]);
	}
	while (grader->references_count)
		reference_free(grader->references[--grader->references_count]);
	while (grader->labs_count)
		lab_free(grader->labs[--grader->labs_count]);
	needs_fini(&grader->needs);
	free(grader->guessed);
	free(grader->targets);
	free(grader->references);
	free(grader->labs);
	free(grader);
}

static const struct lab *get_lab(struct grader *grader, const char *name,
				 struct judgement *j)
{
	struct lab **slot, *lab;
	char *error = NULL;
	size_t i;
	int err;

	for (i = 0; i < grader->labs_count; i++) {
		if (!strcmp(grader->labs[i]->name, name))
			return grader->labs[i];
	}
	err = lab_load(name, &lab, &error);
	if (err == -ENOENT)
		judge_unchecked(j, "there is no lab named '%.*s'; try: bpfhol list",
				utf8_head(name, 60), name);
	else if (err)
		judge_broken(j, "cannot read the lab: %s", error ?: strerror(-err));
	free(error);
	if (err)
		return NULL;
	slot = array_add(grader->labs, grader->labs_count);
	if (slot)
		return *slot = lab;
	lab_free(lab);
	return NULL;
}

static struct target *get_target(struct grader *grader, const struct lab *lab,
				 const char *program, pid_t pid, struct judgement *j)
{
	struct target **slot, *target;
	char *why = NULL;
	size_t i;
	int err;

	for (i = 0; i < grader->targets_count; i++) {
		target = grader->targets[i];
		if (target->pid == pid && !strcmp(target->program, program))
			return target;
	}
	target = malloc(sizeof(*target));
	if (!target)
		return NULL;
	err = target_open(target, lab_target(lab, program), pid, &why);
	if (err) {
		judge_broken(j, "cannot read the program %s: %s; try: make", program,
			     why ?: strerror(-err));
		goto out;
	}
	slot = array_add(grader->targets, grader->targets_count);
	if (slot)
		return *slot = target;
	target_close(target);
out:
	free(why);
	free(target);
	return NULL;
}

static struct reference *get_reference(struct grader *grader, const struct lab *lab,
				       const struct question *question, const char *flags,
				       struct judgement *j)
{
	struct reference **slot, *reference;
	char *key = reference_key(lab, question, flags);
	size_t i;

	for (i = 0; key && i < grader->references_count; i++) {
		if (strcmp(grader->references[i]->key, key))
			continue;
		free(key);
		return grader->references[i];
	}
	free(key);
	reference =
		reference_make(lab, question, flags, grader->seeds, &grader->learner, j);
	if (!reference)
		return NULL;
	slot = array_add(grader->references, grader->references_count);
	if (slot)
		return *slot = reference;
	reference_free(reference);
	return NULL;
}

static void judge_edit(struct grader *grader, const struct lab *lab,
		       const struct question *question, const struct request *request,
		       struct judgement *j)
{
	struct edit edit = {.lab = lab,
			    .question = question,
			    .truth = question->parts[0].truth,
			    .request = request,
			    .learner = &grader->learner,
			    .seeds = grader->seeds};

	if (!edit_build(&edit, j) || !edit_macros(&edit, j))
		goto out;
	edit.reference = get_reference(grader, lab, question, request->build, j);
	if (!edit.reference || !edit_trace(&edit, j) || !edit_wanted(&edit, j))
		goto out;
	if (edit.truth->type == TRUTH_LOCATIONS)
		edit_locations(&edit, j);
	else if (edit.truth->alone)
		judge_pass(j, "Right: your program was run on data you never saw, fired "
			      "what it should, and did the work for it only while "
			      "somebody traced.");
	else
		judge_pass(j, "Right: your program was run twice on data you never saw, "
			      "and fired "
			      "what it should and nothing else.");
out:
	edit_fini(&edit);
}

/* A target that is watched ahead, by a thread of its own. None may open a learner's file:
 * learner_open() steps down, and ids are those of all threads. */
struct watcher {
	pthread_t thread;
	struct target_use use;
	struct target *target;
};

static void *watch(void *data)
{
	struct watcher *watcher = data;

	target_watch_ahead(watcher->target, &watcher->use);
	return NULL;
}

static bool is_among(const struct watcher *watchers, size_t count,
		     const struct target *target)
{
	size_t i;

	for (i = 0; i < count && watchers[i].target != target; i++)
		;
	return i < count;
}

/* What is wrong with an answer is for grader_judge() to say. */
static void add_watcher(struct grader *grader, const struct request *request,
			struct watcher *watchers, size_t *count)
{
	struct judgement j = {};
	const struct lab *lab = get_lab(grader, request->lab, &j);
	const struct question *question =
		lab ? lab_question(lab, request->question) : NULL;
	struct target_use use = {lab, &grader->learner};
	struct target *target = NULL;

	if (question && target_is_watched_for(question))
		target = get_target(grader, lab, question->target, request->pid, &j);
	if (target && !is_among(watchers, *count, target) && target_is_fit(target, &use))
		watchers[(*count)++] = (struct watcher){.target = target, .use = use};
	judgement_fini(&j);
}

static void watch_together(struct watcher *watchers, size_t count)
{
	size_t begun;

	for (begun = 0; begun < count; begun++) {
		if (pthread_create(&watchers[begun].thread, NULL, watch,
				   &watchers[begun]))
			break;
	}
	while (begun)
		pthread_join(watchers[--begun].thread, NULL);
}

void grader_watch(struct grader *grader, const struct request *requests, size_t count)
{
	struct watcher *watchers = calloc(count ?: 1, sizeof(*watchers));
	size_t n = 0, first, i;

	for (i = 0; i < count && watchers; i++)
		add_watcher(grader, &requests[i], watchers, &n);
	for (first = 0; n > 1 && first < n && !interrupted(); first += WATCHERS_MAX)
		watch_together(&watchers[first],
			       n - first < WATCHERS_MAX ? n - first : WATCHERS_MAX);
	free(watchers);
}

static void judge_question(struct grader *grader, struct asked *asked,
			   struct judgement *j)
{
	if (question_edits(asked->question)) {
		judge_edit(grader, asked->lab, asked->question, asked->request, j);
		return;
	}
	asked->target = get_target(grader, asked->lab, asked->question->target,
				   asked->request->pid, j);
	if (asked->target)
		judge_answer(asked, j);
}

/* NULL on ENOMEM. */
static struct guessed *get_guessed(struct grader *grader, const struct question *question)
{
	struct guessed *slot;
	size_t i;

	for (i = 0; i < grader->guessed_count; i++) {
		if (grader->guessed[i].question == question)
			return &grader->guessed[i];
	}
	slot = array_add(grader->guessed, grader->guessed_count);
	if (slot)
		slot->question = question;
	return slot;
}

/* Trying all there is must not be cheaper than looking. An edited source is no guess, nor
 * is what has not the form of an answer. */
static void judge_once_more(struct grader *grader, struct asked *asked,
			    struct judgement *j)
{
	struct guessed *guessed = get_guessed(grader, asked->question);

	if (!guessed)
		return;
	if (guessed->times >= GUESSES_MAX) {
		judge_unchecked(j,
				"%d wrong answers to this question in one run are "
				"enough: do not guess, look at the program",
				GUESSES_MAX);
		return;
	}
	judge_question(grader, asked, j);
	guessed->times += j->verdict == VERDICT_WRONG && !j->shapeless &&
			  !question_edits(asked->question);
}

void grader_judge(struct grader *grader, const struct request *request,
		  struct judgement *j)
{
	const struct lab *lab = get_lab(grader, request->lab, j);
	const struct question *question =
		lab ? lab_question(lab, request->question) : NULL;
	struct asked asked = {.lab = lab,
			      .question = question,
			      .request = request,
			      .learner = &grader->learner};

	if (lab && !question)
		judge_unchecked(j, "lab %s has no question '%.*s'; try: bpfhol list",
				lab->name, utf8_head(request->question, 60),
				request->question);
	else if (question && needs_met(&grader->needs, question, j))
		judge_once_more(grader, &asked, j);
	if (!judged(j))
		judge_broken(j, "the grader ran out of memory");
}
