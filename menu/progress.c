// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "menu/catalog.h"
#include "menu/progress.h"
#include "menu/state.h"
#include "menu/text.h"

void progress_count(const struct lab *lab, struct state *state, struct progress *progress)
{
	unsigned int i;

	*progress = (struct progress){.total = lab->questions_count};
	for (i = 0; i < lab->questions_count; i++) {
		char *id = question_id(lab, &lab->questions[i]);
		enum question_status status = state_question(state, id)->status;

		progress->passed += status == STATUS_PASSED;
		progress->revealed += status == STATUS_REVEALED;
		progress->not_here += status == STATUS_NOT_HERE;
		free(id);
	}
}

bool progress_done(const struct progress *progress)
{
	return progress->passed + progress->revealed + progress->not_here ==
	       progress->total;
}

char *progress_text(const struct lab *lab, struct state *state)
{
	struct progress progress;
	struct text text;

	progress_count(lab, state, &progress);
	text_begin(&text);
	fprintf(text.stream, "%u of %u passed", progress.passed, progress.total);
	if (progress.revealed)
		fprintf(text.stream, ", %u revealed", progress.revealed);
	if (progress.not_here)
		fprintf(text.stream, ", %u not here", progress.not_here);
	return text_done(&text);
}
