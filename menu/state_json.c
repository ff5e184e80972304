// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/num.h"
#include "menu/state.h"
#include "menu/text.h"

static const char *const status_names[] = {
	[STATUS_OPEN] = "open",		[STATUS_WRONG] = "wrong",
	[STATUS_PASSED] = "passed",	[STATUS_REVEALED] = "revealed",
	[STATUS_NOT_HERE] = "not here",
};

const char *status_name(enum question_status status)
{
	return status_names[status];
}

static int status_parse(const char *name, enum question_status *status)
{
	unsigned int i;

	for (i = 0; i < sizeof(status_names) / sizeof(*status_names); i++) {
		if (!strcmp(name, status_names[i])) {
			*status = i;
			return 0;
		}
	}
	return -EINVAL;
}

static int refuse(char **why, const char *where, const char *what)
{
	*why = text_format("%s: %s", where, what);
	return -EINVAL;
}

static int parse_question(const char *id, json_t *value, struct state *state, char **why)
{
	json_t *answer = NULL, *right = NULL;
	const char *status;
	json_int_t wrong, hints, last_wrong;
	struct question_record *question;
	json_error_t error;

	if (json_unpack_ex(value, &error, 0, "{s:s, s:I, s:I, s:I, s?o, s?o}", "status",
			   &status, "wrong", &wrong, "hints", &hints, "last_wrong",
			   &last_wrong, "answer", &answer, "right", &right))
		return refuse(why, id, error.text);
	if (wrong < 0 || wrong > UINT32_MAX || hints < 0 || hints > UINT32_MAX)
		return refuse(why, id, "a count is out of range");
	question = state_question(state, id);
	if (status_parse(status, &question->status))
		return refuse(why, id, "unknown status");
	question->wrong = wrong;
	question->hints = hints;
	question->last_wrong = last_wrong;
	question->answer = text_copy(json_string_value(answer));
	question->right = text_copy(json_string_value(right));
	return 0;
}

static int parse_target(const char *program, json_t *value, struct state *state,
			char **why)
{
	json_int_t pid, start_time, keeper, keeper_start_time, started;
	struct target_record *target;
	const char *lab, *boot;
	json_error_t error;
	int menu;

	if (json_unpack_ex(value, &error, 0, "{s:s, s:I, s:I, s:s, s:I, s:I, s:I, s:b}",
			   "lab", &lab, "pid", &pid, "start_time", &start_time, "boot",
			   &boot, "keeper", &keeper, "keeper_start_time",
			   &keeper_start_time, "started", &started, "menu", &menu))
		return refuse(why, program, error.text);
	if (pid <= 0 || pid > INT32_MAX || keeper <= 0 || keeper > INT32_MAX)
		return refuse(why, program, "no process has such a number");
	target = state_add_target(state, program);
	target->lab = text_copy(lab);
	target->target.pid = pid;
	target->target.start_time = start_time;
	snprintf(target->target.boot, sizeof(target->target.boot), "%s", boot);
	target->keeper = target->target;
	target->keeper.pid = keeper;
	target->keeper.start_time = keeper_start_time;
	target->started = started;
	target->menu = menu;
	return 0;
}

static int parse_build(const char *source, json_t *value, struct state *state, char **why)
{
	if (!json_is_string(value))
		return refuse(why, source, "a build is a string");
	state_set_build(state, source, json_string_value(value));
	return 0;
}

/* The members of the top level that are objects of objects. */
static const struct {
	const char *name;
	int (*parse)(const char *key, json_t *value, struct state *state, char **why);
} sections[] = {
	{"targets", parse_target},
	{"questions", parse_question},
	{"builds", parse_build},
};

static int parse_sections(json_t *root, struct state *state, char **why)
{
	json_t *section, *value;
	const char *key;
	unsigned int i;
	int err;

	for (i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		section = json_object_get(root, sections[i].name);
		if (!json_is_object(section))
			return refuse(why, sections[i].name, "is missing or no object");
		json_object_foreach(section, key, value)
		{
			err = sections[i].parse(key, value, state, why);
			if (err)
				return err;
		}
	}
	return 0;
}

int state_parse(const char *text, size_t length, struct state *state, char **why)
{
	const char *seed = NULL;
	json_error_t error;
	json_t *root, *version;
	int err = -EINVAL;

	root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (!root) {
		*why = text_format("line %d: %s", error.line, error.text);
		return -EINVAL;
	}
	version = json_object_get(root, "version");
	if (!json_is_integer(version)) {
		*why = text_copy("it has no version");
		goto out;
	}
	if (json_integer_value(version) != 1) {
		*why = text_format("it has version %" JSON_INTEGER_FORMAT
				   ", this bpfhol knows version 1",
				   json_integer_value(version));
		goto out;
	}
	seed = json_string_value(json_object_get(root, "seed"));
	if (!seed || parse_u64(seed, 0, UINT64_MAX, &state->seed)) {
		*why = text_copy("its seed is missing or no number");
		goto out;
	}
	state->drawn = true;
	err = parse_sections(root, state, why);
out:
	json_decref(root);
	return err;
}

/* NULL, and with it the whole state, when a member cannot be had (no memory, no UTF-8).
 */
static json_t *print_targets(const struct state *state)
{
	json_t *targets = json_object();
	unsigned int i;
	int err = 0;

	for (i = 0; i < state->targets_count; i++) {
		const struct target_record *t = &state->targets[i];

		err |= json_object_set_new(
			targets, t->program,
			json_pack("{s:s, s:i, s:I, s:s, s:i, s:I, s:I, s:b}", "lab",
				  t->lab, "pid", t->target.pid, "start_time",
				  (json_int_t)t->target.start_time, "boot",
				  t->target.boot, "keeper", t->keeper.pid,
				  "keeper_start_time", (json_int_t)t->keeper.start_time,
				  "started", (json_int_t)t->started, "menu", t->menu));
	}
	if (!err)
		return targets;
	json_decref(targets);
	return NULL;
}

static json_t *print_questions(const struct state *state)
{
	json_t *questions = json_object();
	unsigned int i;
	int err = 0;

	for (i = 0; i < state->questions_count; i++) {
		const struct question_record *q = &state->questions[i];

		err |= json_object_set_new(questions, q->id,
					   json_pack("{s:s, s:I, s:I, s:I, s:s?, s:s?}",
						     "status", status_name(q->status),
						     "wrong", (json_int_t)q->wrong,
						     "hints", (json_int_t)q->hints,
						     "last_wrong",
						     (json_int_t)q->last_wrong, "answer",
						     q->answer, "right", q->right));
	}
	if (!err)
		return questions;
	json_decref(questions);
	return NULL;
}

char *state_print(const struct state *state)
{
	char *seed = text_format("%" PRIu64, state->seed), *text;
	json_t *builds = json_object(), *root;
	unsigned int i;
	int err = 0;

	for (i = 0; i < state->builds_count; i++)
		err |= json_object_set_new(builds, state->builds[i].source,
					   json_string(state->builds[i].build));
	root = json_pack("{s:i, s:s, s:o, s:o, s:o}", "version", 1, "seed", seed,
			 "targets", print_targets(state), "questions",
			 print_questions(state), "builds", builds);
	text = root && !err ? json_dumps(root, JSON_INDENT(2)) : NULL;
	json_decref(root);
	free(seed);
	return text;
}
