// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bpfhol check: judge all answers again, in one go. The last right answer of a question
 * counts, else the last one given. Nothing is held against the learner: a verdict that is
 * worse than the record changes no record, and no try is counted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/kit.h"
#include "common/exit.h"
#include "menu/answer.h"
#include "menu/catalog.h"
#include "menu/command.h"
#include "menu/state.h"
#include "menu/text.h"
#include "menu/work.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_check = {
	.name = "check",
	.operands = "[LAB]",
	.summary = "judge all your answers again",
	.more = "With LAB, those of one lab: your right answers, and for the other "
		"questions\n"
		"the last ones you gave. What passed stays passed, also where the "
		"program\n"
		"was started anew and has other addresses now. Questions without an "
		"answer are\n"
		"listed as open.\n"
		"Exit status: 0 all that this machine can check pass, 1 one is wrong, 77 "
		"none is\n"
		"wrong but some are open or could not be checked.",
	.options = {&option_json},
	.most = 1,
	.run = run,
};

static void say_open(struct judgement *j)
{
	char *id = question_id(j->lab, j->question);

	judgement_decide(j, VERDICT_UNCHECKED,
			 text_format("No answer yet: %s answer %s%s", kit_bpfhol(), id,
				     question_is_typed(j->question) ? " VALUE" : ""));
	free(id);
}

/* Addresses in memory are others at each start of the program: a pass holds, although the
 * answer does not fit the program that runs now. */
static void hold_passes(struct state *state, struct judgement *list, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct judgement *j = &list[i];
		char *id = question_id(j->lab, j->question);

		if (j->verdict == VERDICT_WRONG && question_moves(j->question) &&
		    state_question(state, id)->right)
			judgement_decide(
				j, VERDICT_PASS,
				text_copy("It passed, and that holds. The program that "
					  "runs now was started anew: addresses in its "
					  "memory are others than those you gave."));
		free(id);
	}
}

/* Add the questions of one lab to the list; *LIST has room for them. */
static void collect(struct app *app, struct state *state, const struct lab *lab,
		    struct judgement *list)
{
	unsigned int i;

	for (i = 0; i < lab->questions_count; i++, list++) {
		const struct question *q = &lab->questions[i];
		char *id = question_id(lab, q);
		struct question_record *record = state_question(state, id);
		const char *answer = record->right ? record->right : record->answer;
		const struct work work = {lab, lab_target(lab, q->target)};
		/* An edited source is an answer by itself. */
		bool given = answer ||
			     (!question_is_typed(q) && work_changed(app->folder, &work));

		list->lab = lab;
		list->question = q;
		list->answer = text_copy(answer ? answer : "");
		list->open = !given;
		/* Whether it can be answered here, grade tells without an answer. */
		if (!given && !q->needs_count)
			say_open(list);
		free(id);
	}
}

static void settle_open(struct judgement *list, unsigned int count)
{
	for (; count--; list++) {
		if (!list->open || !list->question->needs_count)
			continue;
		if (list->not_here)
			list->open = false;
		else
			say_open(list);
	}
}

/* Only what is better than the record goes into it. */
static int record_passes(struct app *app, const struct judgement *list,
			 unsigned int count, char **error)
{
	struct state state;
	unsigned int i;
	int err = state_lock(app->folder, &state, error);

	if (err)
		return err;
	for (i = 0; i < count; i++) {
		char *id = question_id(list[i].lab, list[i].question);

		if (list[i].verdict == VERDICT_PASS)
			answer_record(state_question(&state, id), &list[i], time(NULL));
		else if (list[i].not_here)
			answer_not_here(state_question(&state, id));
		free(id);
	}
	err = state_save(&state, error);
	state_free(&state);
	return err;
}

static int summary(const struct options *options, const struct judgement *list,
		   unsigned int count)
{
	unsigned int counts[3] = {0}, open = 0, broken = 0, not_here = 0, i;

	for (i = 0; i < count; i++) {
		counts[list[i].verdict]++;
		open += list[i].open;
		broken += list[i].broken;
		not_here += list[i].not_here;
		if (options->json)
			judgement_json(stdout, &list[i]);
		else
			judgement_print(stdout, &list[i], 78);
	}
	if (!options->json)
		printf("\n%u pass, %u wrong, %u unchecked, %u open, %u not here\n",
		       counts[VERDICT_PASS], counts[VERDICT_WRONG],
		       counts[VERDICT_UNCHECKED] - open - not_here, open, not_here);
	if (broken)
		return EXIT_BROKEN;
	if (counts[VERDICT_WRONG])
		return EXIT_NO;
	return counts[VERDICT_UNCHECKED] > not_here ? EXIT_CANNOT : EXIT_YES;
}

static int judge_all(struct app *app, struct lab **labs, struct judgement *list,
		     unsigned int count, char **error)
{
	unsigned int used = 0, i;
	struct state state;
	int err = state_read(app->folder, &state, error);

	if (err)
		return err;
	for (i = 0; labs[i]; used += labs[i++]->questions_count)
		collect(app, &state, labs[i], list + used);
	err = judge(app, &state, list, count, error);
	if (!err)
		hold_passes(&state, list, count);
	settle_open(list, count);
	state_free(&state);
	return err ? err : record_passes(app, list, count, error);
}

static int check(struct app *app, const struct options *options, struct lab **labs)
{
	unsigned int count = 0, i;
	struct judgement *list;
	char *error = NULL;
	int err, status, turn;

	for (i = 0; labs[i]; i++)
		count += labs[i]->questions_count;
	list = calloc(count + 1, sizeof(*list));
	if (!list)
		return complain(EXIT_BROKEN, text_copy("out of memory"));
	err = turn = state_turn(app->folder, &error);
	if (turn >= 0)
		err = judge_all(app, labs, list, count, &error);
	if (turn >= 0)
		close(turn);
	status = err ? complain(status_of(err), error) : summary(options, list, count);
	for (i = 0; i < count; i++)
		judgement_fini(&list[i]);
	free(list);
	return status;
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	char *error = NULL;
	struct lab **labs = catalog_all(argc ? argv[0] : NULL, &error);
	int status;

	if (!labs)
		return complain(status_of(-errno), error);
	status = check(app, options, labs);
	catalog_free(labs);
	return status;
}
