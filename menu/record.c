// SPDX-License-Identifier: GPL-2.0-or-later
/* The records inside a state: found, made, dropped. */
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/exit.h"
#include "menu/state.h"
#include "menu/text.h"

static void *must(void *record)
{
	if (!record) {
		fputs("bpfhol: out of memory\n", stderr);
		exit(EXIT_BROKEN);
	}
	return record;
}

struct question_record *state_question(struct state *state, const char *id)
{
	struct question_record *question;
	unsigned int i;

	for (i = 0; i < state->questions_count; i++) {
		if (!strcmp(state->questions[i].id, id))
			return &state->questions[i];
	}
	question = must(array_add(state->questions, state->questions_count));
	question->id = text_copy(id);
	return question;
}

void state_forget(struct state *state, const char *lab)
{
	size_t length = strlen(lab);
	unsigned int i, kept = 0;

	for (i = 0; i < state->questions_count; i++) {
		struct question_record *question = &state->questions[i];

		if (strncmp(question->id, lab, length) || question->id[length] != '.') {
			state->questions[kept++] = *question;
			continue;
		}
		free(question->id);
		free(question->answer);
		free(question->right);
	}
	state->questions_count = kept;
}

struct target_record *state_target(const struct state *state, const char *program)
{
	unsigned int i;

	for (i = 0; i < state->targets_count; i++) {
		if (!strcmp(state->targets[i].program, program))
			return &state->targets[i];
	}
	return NULL;
}

struct target_record *state_add_target(struct state *state, const char *program)
{
	struct target_record *target;

	state_drop_target(state, program);
	target = must(array_add(state->targets, state->targets_count));
	target->program = text_copy(program);
	return target;
}

void state_drop_target(struct state *state, const char *program)
{
	struct target_record *target = state_target(state, program);

	if (!target)
		return;
	free(target->program);
	free(target->lab);
	state->targets_count--;
	memmove(target, target + 1,
		(char *)&state->targets[state->targets_count] - (char *)target);
}

const char *state_build(const struct state *state, const char *source)
{
	unsigned int i;

	for (i = 0; i < state->builds_count; i++) {
		if (!strcmp(state->builds[i].source, source))
			return state->builds[i].build;
	}
	return NULL;
}

void state_set_build(struct state *state, const char *source, const char *build)
{
	struct build_record *record;
	unsigned int i;

	for (i = 0; i < state->builds_count; i++) {
		if (!strcmp(state->builds[i].source, source))
			break;
	}
	if (i == state->builds_count) {
		if (!build)
			return;
		record = must(array_add(state->builds, state->builds_count));
		record->source = text_copy(source);
	}
	if (build) {
		text_replace(&state->builds[i].build, build);
		return;
	}
	free(state->builds[i].source);
	free(state->builds[i].build);
	state->builds[i] = state->builds[--state->builds_count];
}
