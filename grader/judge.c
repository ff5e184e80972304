// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/num.h"
#include "common/utf8.h"
#include "grader/answer.h"
#include "grader/judge.h"
#include "grader/mistake.h"

#define ANSWER_SHOWN 200 /* bytes of it in the feedback */

/* A known mistake's own words, or else what is said of any wrong answer. */
static void judge_mistake(const struct asked *asked, const char *answer,
			  const struct probe *probe, const struct watch *watch,
			  const char *otherwise, struct judgement *j)
{
	const struct mistake_facts facts = {.target = asked->target,
					    .learner = asked->learner,
					    .probe = probe,
					    .watch = watch};
	const struct mistake *mistake = mistake_find(asked->question, answer, &facts);
	int shown = utf8_head(answer, ANSWER_SHOWN);

	judge_wrong(j, "You gave '%.*s'%s. %s", shown, answer,
		    answer[shown] ? " and more" : "", mistake ? mistake->say : otherwise);
}

/* Says what was looked at, and trims the answer; NULL if there is none. */
static char *begin(const struct asked *asked, struct judgement *j)
{
	const struct target *target = asked->target;
	char *answer = answer_trim(asked->request->answer);

	if (target->running)
		judge_evidence(j, "looked at: %s, as process %d runs it",
			       target->probes.path, target->pid);
	else
		judge_evidence(j, "looked at: %s", target->probes.path);
	if (answer && *answer)
		return answer;
	judge_wrong(j, "There is no answer. It should be %s.", asked->question->answer);
	free(answer);
	return NULL;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool names_probe(const struct probe_answer *answer, const struct probe *probe,
			const struct target *target)
{
	return !strcmp(answer->name, probe->name) &&
	       (!*answer->provider || !strcmp(answer->provider, probe->provider)) &&
	       (!*answer->path || !strcmp(base_name(answer->path), target->program));
}

/* Is the name right and only what stands before it wrong? Not to be told: which. */
static bool is_probe(const struct asked *asked, const char *text)
{
	const struct probe_list *list = &asked->target->probes;
	const char *only = asked->question->truth.probe;
	struct probe_answer answer;
	bool is = false;
	size_t i;

	if (probe_answer_parse(text, &answer))
		return false;
	for (i = 0; i < list->count && !is; i++) {
		if (!only || probe_by_name(list, only) == &list->probes[i])
			is = names_probe(&answer, &list->probes[i], asked->target);
	}
	probe_answer_fini(&answer);
	return is;
}

void judge_probe(const struct asked *asked, struct judgement *j)
{
	char *answer = begin(asked, j);

	if (!answer)
		return;
	if (!asked->target->probes.count)
		judge_broken(j, "%s has no probe at all; try: make",
			     asked->target->probes.path);
	else if (is_probe(asked, answer))
		judge_pass(j, "Right: the program's notes have that probe.");
	else
		judge_mistake(asked, answer, NULL, NULL,
			      "The program's notes have no probe of that name. Names are "
			      "compared letter by letter.",
			      j);
	free(answer);
}

static const struct probe *asked_probe(const struct asked *asked, struct judgement *j)
{
	const struct probe *probe =
		probe_by_name(&asked->target->probes, asked->question->truth.probe);

	if (!probe)
		judge_broken(
			j, "%s has not the probe that this question is about; try: make",
			asked->target->probes.path);
	return probe;
}

void judge_nargs(const struct asked *asked, struct judgement *j)
{
	const struct probe *probe = asked_probe(asked, j);
	char *answer = begin(asked, j);
	uint64_t number;

	if (probe && answer) {
		if (parse_u64(answer, 0, UINT64_MAX, &number))
			judge_wrong(j, "You gave '%.*s'; the answer should be %s.",
				    utf8_head(answer, ANSWER_SHOWN), answer,
				    asked->question->answer);
		else if (number == probe->locations[0].nargs)
			judge_pass(j,
				   "Right: so many operands stand in the probe's note.");
		else
			judge_mistake(asked, answer, probe, NULL,
				      "The probe's note says otherwise.", j);
	}
	free(answer);
}

/* Two firings that differ would make the question one without an answer. */
static bool firings_agree(const struct watch *watch, unsigned int arg,
			  struct judgement *j)
{
	size_t i;

	for (i = 0; i < watch->count; i++) {
		const struct firing *firing = &watch->firings[i];

		if (arg < firing->nargs &&
		    datum_equal(&firing->data[arg], &watch->firings[0].data[arg]))
			continue;
		if (arg < firing->nargs && firing->data[arg].kind == VALUE_ERROR)
			judge_unchecked(j, "the grader cannot read that argument: %s",
					firing->data[arg].text);
		else
			judge_broken(j, "the probe's firings do not agree: the question "
					"has no one "
					"answer");
		return false;
	}
	return true;
}

/* As it was handed over; a folder may be given with the slash that shells add. */
static bool is_text(const char *answer, const char *text)
{
	size_t len = strlen(text);

	return !strncmp(answer, text, len) &&
	       (!answer[len] ||
		(len > 1 && text[0] == '/' && !strcmp(answer + len, "/")));
}

static bool is_value(const char *answer, enum answer_form form, const struct datum *datum)
{
	uint64_t number;
	int64_t negative;

	if (form == FORM_STRING)
		return datum->kind == VALUE_STRING && is_text(answer, datum->text);
	if (!parse_u64(answer, 0, UINT64_MAX, &number))
		return number == datum->number;
	return !parse_s64(answer, INT64_MIN, INT64_MAX, &negative) &&
	       (uint64_t)negative == datum->number;
}

void judge_arg(const struct asked *asked, struct judgement *j)
{
	unsigned int arg = asked->question->truth.arg;
	const struct watch *watch;
	char *answer = begin(asked, j);

	if (!answer)
		return;
	watch = target_watch(asked->target, asked->lab, asked->question->truth.probe,
			     asked->learner, j);
	if (watch && firings_agree(watch, arg, j)) {
		judge_evidence(j, "watched: %zu firings", watch->count);
		if (is_value(answer, asked->question->form, &watch->firings[0].data[arg]))
			judge_pass(j, "Right: that is what the probe hands over.");
		else
			judge_mistake(
				asked, answer, watch->probe, watch,
				"The probe was just watched in the running program, and "
				"hands over something else each time.",
				j);
	}
	free(answer);
}
