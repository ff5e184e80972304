// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/kit.h"
#include "menu/app.h"
#include "menu/catalog.h"
#include "menu/judge.h"
#include "menu/privileged.h"
#include "menu/run.h"
#include "menu/state.h"
#include "menu/target.h"
#include "menu/text.h"
#include "menu/work.h"

static const char *const verdict_names[] = {
	[VERDICT_UNCHECKED] = "unchecked",
	[VERDICT_PASS] = "pass",
	[VERDICT_WRONG] = "wrong",
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

void judgement_decide(struct judgement *judgement, enum verdict verdict, char *feedback)
{
	free(judgement->feedback);
	judgement->verdict = verdict;
	judgement->feedback = feedback;
}

/* A live question without its program: the reason, or NULL when there is none. */
static char *target_missing(const struct state *state, const struct judgement *j,
			    pid_t *pid)
{
	const char *program = j->question->target;
	struct target_look look;

	target_look(state, program, &look);
	*pid = look.pid;
	if (look.pid)
		return NULL;
	if (look.condition == TARGET_GONE)
		return text_format(
			"The program %s was started, but it is gone now: it ended, or "
			"the machine was started anew. It can be brought back, with the "
			"same values.\n  try: %s start %s",
			program, kit_bpfhol(), j->lab->name);
	return text_format(
		"The program %s does not run yet, so there is nothing to compare with.\n"
		"  try: %s start %s",
		program, kit_bpfhol(), j->lab->name);
}

/* What grade is to compile, and how; false, and decided, without a copy of the source. */
static bool find_source(const struct app *app, const struct state *state,
			struct judgement *j, const char *words, char **source,
			const char **build)
{
	const struct work work = {j->lab, lab_target(j->lab, j->question->target)};

	*source = work_source(app->folder, &work);
	*build = state_build(state, words);
	if (access(*source, R_OK)) {
		judgement_decide(
			j, VERDICT_UNCHECKED,
			text_format("There is no copy of the source to judge yet.\n"
				    "  try: %s edit %s",
				    kit_bpfhol(), words));
		free(*source);
		*source = NULL;
	}
	return *source;
}

/* What to type behind `bpfhol build` for this question. */
static char *words_of(const struct judgement *j)
{
	const struct work work = {j->lab, lab_target(j->lab, j->question->target)};

	return question_edits(j->question) ? work_words(&work) : text_copy(j->lab->name);
}

/* The request for grade; NULL when the verdict was decided without it. */
static json_t *request(const struct app *app, const struct state *state,
		       struct judgement *j)
{
	char *source = NULL, *missing = NULL, *words;
	const char *build = NULL;
	json_t *request = NULL;
	pid_t pid = 0;

	if (j->lab->targets_count)
		missing = target_missing(state, j, &pid);
	if (question_is_live(j->question) && missing) {
		judgement_decide(j, VERDICT_UNCHECKED, missing);
		return NULL;
	}
	free(missing);
	words = words_of(j);
	if (question_edits(j->question) &&
	    !find_source(app, state, j, words, &source, &build))
		goto out;
	request = json_pack("{s:s, s:s, s:s, s:s*, s:s*}", "lab", j->lab->name,
			    "question", j->question->id, "answer", j->answer, "source",
			    source, "build", build);
	if (request && pid)
		json_object_set_new(request, "pid", json_integer(pid));
	if (!request)
		judgement_decide(
			j, VERDICT_UNCHECKED,
			text_format("The question cannot be put to grade: the answer, "
				    "the compiler and its flags, or a path is no text "
				    "(UTF-8).\n  try: CC= CFLAGS= %s build %s",
				    kit_bpfhol(), words));
out:
	free(words);
	free(source);
	return request;
}

static void take_verdict(json_t *said, struct judgement *j)
{
	const char *verdict = NULL, *feedback = "";
	json_t *evidence = NULL, *item;
	int shapeless = false, here = true;
	size_t i;

	json_unpack(said, "{s?s, s?s, s?o, s?b, s?b}", "verdict", &verdict, "feedback",
		    &feedback, "evidence", &evidence, "shapeless", &shapeless, "here",
		    &here);
	j->shapeless = shapeless;
	j->not_here = !here;
	j->verdict = VERDICT_UNCHECKED;
	for (i = 0; verdict && i < sizeof(verdict_names) / sizeof(*verdict_names); i++) {
		if (!strcmp(verdict, verdict_names[i]))
			j->verdict = i;
	}
	text_replace(&j->feedback, feedback);
	j->evidence = calloc(json_array_size(evidence) + 1, sizeof(*j->evidence));
	json_array_foreach(evidence, i, item)
	{
		if (j->evidence && json_is_string(item))
			j->evidence[j->evidence_count++] =
				text_copy(json_string_value(item));
	}
}

/* One line of grade's output for each question asked, in the same order. */
static unsigned int take_verdicts(const char *output, struct judgement **asked,
				  unsigned int count)
{
	unsigned int taken = 0;

	while (*output && taken < count) {
		size_t length = strcspn(output, "\n");
		json_t *said = json_loadb(output, length, 0, NULL);

		if (said)
			take_verdict(said, asked[taken++]);
		json_decref(said);
		output += length + (output[length] == '\n');
	}
	return taken;
}

static void add_evidence(struct judgement *j, const char *text)
{
	char **more = realloc(j->evidence, (j->evidence_count + 1) * sizeof(*more));

	if (!more)
		return;
	j->evidence = more;
	j->evidence[j->evidence_count++] = text_copy(text);
}

static int ask_grade(const struct app *app, bool privileged, const char *input,
		     struct judgement **asked, unsigned int count, char **error)
{
	char *reason = NULL;
	struct run run;
	unsigned int i;
	int err =
		privileged_run(app, privileged, "bin/grade", NULL, input, &run, &reason);

	if (err) {
		*error = text_format(
			"cannot run grade: %s\n  try: make, in the kit's folder",
			strerror(-err));
	} else if (take_verdicts(run.output, asked, count) < count) {
		*error = text_format(
			"grade ended with status %d and without a verdict\n%s",
			run.status, run.errors);
		err = -EPROTO;
	}
	for (i = 0; !err && i < count; i++)
		asked[i]->broken = run.status == EXIT_BROKEN &&
				   asked[i]->verdict == VERDICT_UNCHECKED;
	for (i = 0; !err && reason && i < count; i++) {
		if (asked[i]->verdict == VERDICT_UNCHECKED &&
		    question_privileged(asked[i]->question))
			add_evidence(asked[i], reason);
	}
	free(reason);
	run_fini(&run);
	return err;
}

int judge(const struct app *app, const struct state *state, struct judgement *judgements,
	  unsigned int count, char **error)
{
	struct judgement **asked = calloc(count + 1, sizeof(*asked));
	bool privileged = false;
	unsigned int i, asking = 0;
	struct text input;
	int err = 0;

	if (!asked)
		return -ENOMEM;
	text_begin(&input);
	for (i = 0; i < count; i++) {
		json_t *line = judgements[i].feedback
				       ? NULL
				       : request(app, state, &judgements[i]);

		if (!line)
			continue;
		json_dumpf(line, input.stream, JSON_COMPACT);
		fputc('\n', input.stream);
		json_decref(line);
		privileged |= question_privileged(judgements[i].question);
		asked[asking++] = &judgements[i];
	}
	text_done(&input);
	if (asking)
		err = ask_grade(app, privileged, input.data, asked, asking, error);
	free(input.data);
	free(asked);
	return err;
}

void judgement_print(FILE *out, const struct judgement *j, unsigned int width)
{
	unsigned int i;

	fprintf(out, "%s.%s: %s\n", j->lab->name, j->question->id,
		j->open ? "open" : verdict_names[j->verdict]);
	text_wrap(out, j->feedback ? j->feedback : "", width, "  ");
	for (i = 0; i < j->evidence_count; i++)
		text_wrap(out, j->evidence[i], width, "    ");
}

void judgement_json(FILE *out, const struct judgement *j)
{
	json_t *evidence = json_array(), *line;
	unsigned int i;

	for (i = 0; i < j->evidence_count; i++)
		json_array_append_new(evidence, json_string(j->evidence[i]));
	line = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "lab", j->lab->name,
			 "question", j->question->id, "verdict",
			 verdict_names[j->verdict], "answer", j->answer ? j->answer : "",
			 "feedback", j->feedback ? j->feedback : "", "evidence",
			 evidence);
	if (j->not_here)
		json_object_set_new(line, "here", json_false());
	if (j->wait)
		json_object_set_new(line, "wait", json_integer(j->wait));
	json_dumpf(line, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(line);
}

void judgement_fini(struct judgement *j)
{
	unsigned int i;

	for (i = 0; i < j->evidence_count; i++)
		free(j->evidence[i]);
	free(j->evidence);
	free(j->feedback);
	free(j->answer);
}
