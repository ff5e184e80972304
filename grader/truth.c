// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/kit.h"
#include "common/num.h"
#include "grader/functions.h"
#include "grader/truth.h"
#include "tracer/live/session.h"

static const struct {
	truth_finder find;
	const char *praise, *doubt;
} rows[] = {
	[TRUTH_PROBE] = {truth_of_notes, "the program's notes have that probe.",
			 "The program's notes have no probe of that name. Names are "
			 "compared letter by letter."},
	[TRUTH_NARGS] = {truth_of_notes, "so many operands stand in the probe's note.",
			 "The probe's note says otherwise."},
	[TRUTH_PROBES] = {truth_of_notes, "so many probes stand in the file's notes.",
			  "The file's notes have another number of these, each counted "
			  "once."},
	[TRUTH_PROVIDERS] = {truth_of_notes,
			     "so many providers stand in the file's notes.",
			     "The file's notes have another number of providers, each "
			     "counted once."},
	[TRUTH_NLOCATIONS] = {truth_of_notes,
			      "there is a note for each of these locations.",
			      "Each location has a note of its own, and there is another "
			      "number of them."},
	[TRUTH_ADDRESSES] = {truth_of_notes, "the notes have these addresses.",
			     "The notes have others."},
	[TRUTH_LIBRARY] =
		{truth_of_notes, "the process maps that file, and it has probes.",
		 "It is not the file that the process maps and that has probes."},
	[TRUTH_FULL] = {truth_of_notes, "that is the probe's full name.",
			"It is not the probe's full name, part by part and letter by "
			"letter."},
	[TRUTH_DEAD_SEMAPHORE] = {truth_of_notes,
				  "its semaphore has no place in the file.",
				  "The semaphore of that probe is where the kernel finds "
				  "it, or it has none."},
	[TRUTH_OPERAND] = {truth_operand,
			   "that is what the operand of your program's note says.",
			   "The operand in your program's note, read in the picture of "
			   "the process that runs, leads to something else."},
	[TRUTH_SIZE] = {truth_size, "so many bytes the file's symbol table says.",
			"The sizes in the file's symbol table say otherwise."},
	[TRUTH_NOTE] = {truth_note, "so many bytes the note takes in the file.",
			"The note takes another number of bytes in the file."},
	[TRUTH_ARG] =
		{truth_arg, "that is what the probe hands over.",
		 "The probe was just watched in the running program, and hands over "
		 "something else each time."},
	[TRUTH_WHICH] = {truth_which, "that is what the probe's values look like.",
			 "The probe was just watched in the running program, and that "
			 "argument is something else."},
	[TRUTH_FIRES] =
		{truth_fires, "it fires, and no other of them does.",
		 "The running program was just watched, and it is another one that "
		 "fires."},
	[TRUTH_TALLY] =
		{truth_tally, "a whole round was watched, and says the same.",
		 "A whole round of the running program was just watched, and says "
		 "otherwise."},
	[TRUTH_LATENCY] = {truth_latency,
			   "it was just measured, and comes out like that.",
			   "It was just measured in the running program, and came out "
			   "otherwise."},
	[TRUTH_SITE] = {truth_site, "that is what the process has there.",
			"The grader has just looked in the running process, and found "
			"something else."},
	[TRUTH_SEMAPHORE] = {truth_semaphore,
			     "that was read in the running program just now.",
			     "The grader's own tracers were just attached to the running "
			     "program, and it read something else."},
	[TRUTH_SILENT] =
		{truth_silent, "its code runs, and in a whole round it did not fire.",
		 "A whole round of the running program was just watched, and says "
		 "otherwise."},
	[TRUTH_MAPPING] = {truth_mapping, "there begins what the process has there now.",
			   "The mappings of the process say otherwise."},
};

bool truth_find(const struct asked *asked, const struct truth *truth,
		struct true_value *out, struct judgement *j)
{
	*out = (struct true_value){};
	return rows[truth->type].find(asked, truth, out, j);
}

void true_value_fini(struct true_value *value)
{
	free(value->text);
	free(value->locations);
	*value = (struct true_value){};
}

/* A value that no probe hands over, but a function finds when it is called. */
static bool is_of_function(const struct truth *truth)
{
	return truth->type == TRUTH_ARG && !strncmp(truth->probe, FUNCTIONS_PROVIDER ":",
						    strlen(FUNCTIONS_PROVIDER ":"));
}

const char *truth_praise(const struct truth *truth)
{
	if (is_of_function(truth))
		return "that is what was there when the function was called.";
	return rows[truth->type].praise;
}

const char *truth_doubt(const struct truth *truth)
{
	if (is_of_function(truth))
		return "The function was just watched in the running program, and found "
		       "something else each time.";
	return rows[truth->type].doubt;
}

/* The program has not the probe, nor has what it maps, nor a child. */
static void judge_without(const struct asked *asked, const char *full,
			  struct judgement *j)
{
	const struct target *target = asked->target;

	/* A child may have ended, or is only beginning. */
	if (target->has_children)
		judge_unchecked(
			j,
			"no process of %s (PID %d) has the probe %s now; try: %s "
			"status, which shows what %s has started; then stop, start "
			"%s, and answer again",
			target->program, target->pid, full, kit_bpfhol(), target->program,
			asked->lab->name);
	else
		judge_broken(
			j, "%s has not the probe that this question is about; try: make",
			target->probes.path);
}

struct subject truth_subject(const struct asked *asked, const char *full,
			     struct judgement *j)
{
	struct subject subject = target_find(asked->target, full);
	const struct target_use use = {asked->lab, asked->learner};

	/* Of a library, which only a running process tells of? */
	if (!subject.probe && target_is_fit(asked->target, &use))
		judge_without(asked, full, j);
	else if (!subject.probe)
		judge_unchecked(j, "%s", asked->target->trouble ?: "out of memory");
	return subject;
}

const struct watch *truth_watch(const struct asked *asked, const char *full,
				struct judgement *j)
{
	const struct target_use use = {asked->lab, asked->learner};
	struct subject subject;

	if (truth_is_pattern(full))
		return truth_the_one(asked, full, &subject, j);
	subject = truth_subject(asked, full, j);
	return subject.probe ? target_watch(asked->target, &use, subject.probe, 2, j)
			     : NULL;
}

bool truth_holds(const struct truth_where *where, const struct firing *firing)
{
	const struct datum *datum;
	uint64_t number;
	int64_t negative;

	if (!where)
		return true;
	if (where->arg >= firing->nargs)
		return false;
	datum = &firing->data[where->arg];
	if (datum->kind == VALUE_STRING)
		return !strcmp(datum->text, where->is);
	if (datum->kind == VALUE_ERROR)
		return false;
	if (!parse_u64(where->is, 0, UINT64_MAX, &number))
		return datum->number == number;
	return !parse_s64(where->is, INT64_MIN, INT64_MAX, &negative) &&
	       datum->number == (uint64_t)negative;
}

bool truth_of_datum(const struct datum *datum, struct true_value *out,
		    struct judgement *j)
{
	if (datum->kind == VALUE_ERROR) {
		judge_unchecked(j, "the grader cannot read that argument: %s",
				datum->text);
		return false;
	}
	out->kind = datum->kind == VALUE_STRING ? TRUE_TEXT : TRUE_NUMBER;
	out->number = datum->number;
	out->is_negative = datum->kind == VALUE_SIGNED && (int64_t)datum->number < 0;
	if (datum->kind == VALUE_STRING)
		out->text = strdup(datum->text);
	return datum->kind != VALUE_STRING || out->text;
}

/* .probe, then .then if there is one, then .traced; with room for one more, and to be
 * freed. NULL: judged, or no memory. */
static struct subject *subjects_of(const struct asked *asked, const struct truth *truth,
				   size_t *count, struct judgement *j)
{
	struct subject *subjects = calloc(3 + truth->traced_count, sizeof(*subjects));
	unsigned int i;

	if (!subjects)
		return NULL;
	*count = 0;
	subjects[(*count)++] = truth_subject(asked, truth->probe, j);
	if (truth->then && !judged(j))
		subjects[(*count)++] = truth_subject(asked, truth->then, j);
	for (i = 0; i < truth->traced_count && !judged(j); i++)
		subjects[(*count)++] = truth_subject(asked, truth->traced[i], j);
	if (!judged(j))
		return subjects;
	free(subjects);
	return NULL;
}

const struct capture *truth_capture(const struct asked *asked, const struct truth *truth,
				    struct judgement *j)
{
	const struct target_use use = {asked->lab, asked->learner};
	const char *round = target_round(asked->target, asked->lab);
	const struct capture *capture = NULL;
	struct subject *subjects;
	size_t count, own;

	subjects = subjects_of(asked, truth, &count, j);
	/* What a hit costs, it costs by one tracer. */
	own = truth->per ? 1 + (truth->then != NULL) : count;
	if (subjects && truth_untraced(asked, subjects, own, j))
		capture = target_capture(asked->target, &use, subjects, count, j);
	if (capture && round)
		subjects[count++] = target_find(asked->target, round);
	if (capture && !truth_still_untraced(asked, subjects, count, j)) {
		target_forget(asked->target);
		capture = NULL;
	}
	free(subjects);
	return capture;
}

int truth_attach(struct session **out, pid_t pid, struct subject subject)
{
	const struct session_options options = {.pid = pid};
	struct session *session = session_new(&options);
	int err = session ? session_add(session, subject.list, subject.probe) : -errno;

	if (!err)
		err = session_attach(session);
	*out = session;
	return err;
}

void truth_cannot(struct judgement *j, const char *what, int err)
{
	if (err == -EPERM || err == -EACCES)
		judge_unchecked(j, "watching a running program needs root; run it with "
				   "sudo");
	else
		judge_unchecked(j, "%s: %s", what, strerror(-err));
}

bool truth_not_one(struct judgement *j)
{
	judge_broken(j, "what the program does has no one answer to this question; "
			"try: make, then bpfhol stop and start");
	return false;
}
