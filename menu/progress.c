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
		free(id);
	}
}

char *progress_text(const struct lab *lab, struct state *state)
{
	struct progress progress;

	progress_count(lab, state, &progress);
	if (progress.revealed)
		return text_format("%u of %u passed, %u revealed", progress.passed,
				   progress.total, progress.revealed);
	return text_format("%u of %u passed", progress.passed, progress.total);
}
