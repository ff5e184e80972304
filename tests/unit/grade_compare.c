// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which mistake grader/compare.c names, by tables of firings made by hand. Whichever of
 * them the mistake shows in, and be it the last, the same is said, and that one is shown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/compare.h"

#define FIRINGS 36 /* three days of twelve parcels, as the lab `writing` has them */
#define A_TEXT UINT64_MAX /* stands for a string */

typedef void (*mistake)(uint64_t *values, size_t i);

static void second_by_ten(uint64_t *values, size_t i)
{
	(void)i;
	values[1] += 10;
}

/* In one day the second, in another the first. */
static void either(uint64_t *values, size_t i)
{
	values[i < FIRINGS / 2] += 1000;
}

/* On other data it is another one. */
static void second_kept(uint64_t *values, size_t i)
{
	(void)i;
	values[1] = 2000 + values[1] % 100;
}

static void second_written(uint64_t *values, size_t i)
{
	(void)i;
	values[1] = 2010;
}

static void second_text(uint64_t *values, size_t i)
{
	(void)i;
	values[1] = A_TEXT;
}

static void both(uint64_t *values, size_t i)
{
	values[0]++;
	second_text(values, i);
}

/* Those of a day are all different, and each day is like the one before. */
static void fill(struct watch *watch, unsigned int run, size_t from, mistake mistake)
{
	size_t i, day;

	watch->count = FIRINGS;
	watch->firings = calloc(FIRINGS, sizeof(*watch->firings));
	for (i = 0; i < FIRINGS; i++) {
		struct firing *firing = &watch->firings[i];
		uint64_t values[2];

		day = i % 12;
		values[0] = day + 1;
		values[1] = 2000 + 100 * day + run;
		if (mistake && day >= from)
			mistake(values, i);
		firing->nargs = 2;
		firing->data = calloc(2, sizeof(*firing->data));
		firing->data[0] = (struct datum){VALUE_UNSIGNED, values[0], NULL};
		if (values[1] == A_TEXT)
			firing->data[1] = (struct datum){VALUE_STRING, 0, strdup("2")};
		else
			firing->data[1] = (struct datum){VALUE_UNSIGNED, values[1], NULL};
	}
}

static void drain(struct watch *watch)
{
	size_t i;

	for (i = 0; i < FIRINGS; i++)
		firing_fini(&watch->firings[i]);
	free(watch->firings);
}

/* All evidence in a line, until the next call. */
static const char *said(const struct judgement *j)
{
	static char text[512];
	size_t i, len = 0;

	*text = '\0';
	for (i = 0; i < j->evidence_count && len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%s", i ? "; " : "",
				j->evidence[i]);
	return text;
}

static int check(const char *what, size_t from, mistake mistake, const char *feedback,
		 const char *evidence)
{
	struct watch truth[RUNS], own[RUNS];
	struct comparison comparison = {.name = "probe", .title = "Probe"};
	struct judgement j = {};
	bool right, fine;
	size_t run;

	for (run = 0; run < RUNS; run++) {
		fill(&truth[run], run, 0, NULL);
		fill(&own[run], run, from, mistake);
		comparison.truth[run] = &truth[run];
		comparison.own[run] = &own[run];
	}
	right = compare_firings(&comparison, &j);
	if (!feedback)
		fine = right;
	else
		fine = !right && j.feedback && strstr(j.feedback, feedback) &&
		       j.evidence_count && strstr(said(&j), evidence);
	if (!fine)
		printf("%s from %zu on: %s [%s]\n", what, from, j.feedback ?: "right",
		       said(&j));
	for (run = 0; run < RUNS; run++) {
		drain(&truth[run]);
		drain(&own[run]);
	}
	judgement_fini(&j);
	return !fine;
}

int main(void)
{
	char evidence[64];
	int failed = 0;
	size_t from;

	failed += check("no mistake", 0, NULL, NULL, NULL);
	failed += check("kept", 0, second_kept, "right the first time",
			"(1, 2000); and then with (2, 2000)");
	failed += check("written", 0, second_written, "one and the same value",
			"(1, 2010); with other data it fired with (1, 2010)");
	failed += check("text", 0, second_text, "should be a number and is a string",
			"(1, \"2\")");
	failed += check("text and another", 0, both, "should be a number and is a string",
			"(2, \"2\")");
	for (from = 0; from < 12; from++) {
		snprintf(evidence, sizeof(evidence), "fired with (%zu, %zu)", from + 1,
			 2010 + 100 * from);
		failed += check("second by ten", from, second_by_ten,
				"argument 2 is not the value", evidence);
		failed += check("one or the other", from, either,
				"with other values than asked for", "should not have");
	}
	return failed > 0;
}
