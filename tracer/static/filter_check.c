// SPDX-License-Identifier: GPL-2.0-or-later
/* Can a filter's comparisons be made with the arguments that there are? */
#include <errno.h>
#include <stdio.h>

#include "tracer/static/filter.h"

/* Why a comparison can never hold at a location (a literal), or NULL if it may. */
static const char *misfit(const struct filter_test *test, const struct location *location)
{
	const struct operand *op;

	if (test->arg >= location->nargs)
		return "the probe has no such argument";
	op = &location->args[test->arg];
	if (op->kind == OPERAND_UNREADABLE)
		return "this argument cannot be read";
	if (op->size > 8)
		return "this argument is a whole struct: it cannot be compared";
	if (test->literal == FILTER_TEXT && (op->size != 8 || op->is_float))
		return "this argument is no pointer to a string: it is a number";
	if (test->literal == FILTER_REAL && !op->is_float)
		return "this argument is a whole number";
	return NULL;
}

static const char *check_test(const struct filter_test *test,
			      const struct probe *const probes[], size_t count)
{
	const char *why = NULL;
	size_t i, j;

	for (i = 0; i < count; i++)
		for (j = 0; j < probes[i]->nlocations; j++) {
			const char *here = misfit(test, &probes[i]->locations[j]);

			if (!here)
				return NULL;
			why = here;
		}
	return why;
}

int filter_check(const struct filter *filter, const struct probe *const probes[],
		 size_t count, struct filter_error *error)
{
	size_t i;

	for (i = 0; i < filter->count; i++) {
		const struct filter_test *test = &filter->tests[i];
		const char *why = test->subject == FILTER_ARG
					  ? check_test(test, probes, count)
					  : NULL;

		if (!why)
			continue;
		error->at = test->at;
		snprintf(error->message, sizeof(error->message), "%s", why);
		return -EINVAL;
	}
	return 0;
}
