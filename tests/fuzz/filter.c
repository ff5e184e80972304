// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any text as a filter. What it jumps over is checked by evaluating it for every outcome
 * of its comparisons (if they are few) by the jumps and by the text itself.
 */
#include <errno.h>

#include "tests/fuzz/check.h"
#include "tracer/static/filter.h"

/* The outcomes of the comparisons, a bit each, and where the text is being read. */
struct reading {
	const char *p;
	const struct filter *filter;
	size_t next; /* comparison */
	unsigned int outcomes;
};

static bool either(struct reading *r);

static void skip_blanks(struct reading *r)
{
	r->p += strspn(r->p, " \t\n");
}

static bool unary(struct reading *r)
{
	const char *start;
	bool truth;

	skip_blanks(r);
	if (*r->p == '!') {
		r->p++;
		return !unary(r);
	}
	if (*r->p == '(') {
		r->p++;
		truth = either(r);
		skip_blanks(r);
		check(*r->p == ')');
		r->p++;
		return truth;
	}
	start = r->p;
	check(r->next < r->filter->count);
	r->p += r->filter->tests[r->next].end - r->filter->tests[r->next].at;
	check(r->p > start);
	return r->outcomes >> r->next++ & 1;
}

static bool both(struct reading *r)
{
	bool truth = unary(r);

	for (skip_blanks(r); !strncmp(r->p, "&&", 2); skip_blanks(r)) {
		r->p += 2;
		truth &= unary(r);
	}
	return truth;
}

static bool either(struct reading *r)
{
	bool truth = both(r);

	for (skip_blanks(r); !strncmp(r->p, "||", 2); skip_blanks(r)) {
		r->p += 2;
		truth |= both(r);
	}
	return truth;
}

/* As the BPF program does it. */
static bool by_jumps(const struct filter *filter, unsigned int outcomes)
{
	int at = 0;

	for (;;) {
		const struct filter_test *test = &filter->tests[at];
		int next = outcomes >> at & 1 ? test->on_true : test->on_false;

		if (next == FILTER_PASS || next == FILTER_DROP)
			return next == FILTER_PASS;
		check(next > at && next < (int)filter->count);
		at = next;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = text_of(bytes, size);
	struct filter_error error = {0};
	struct filter filter;
	unsigned int outcomes;

	if (filter_parse(text, &filter, &error)) {
		check(error.at <= strlen(text) && *error.message);
		free(text);
		return 0;
	}
	check(filter.count > 0 && filter.count <= FILTER_TESTS_MAX);
	for (outcomes = 0; filter.count <= 8 && !(outcomes >> filter.count); outcomes++) {
		struct reading reading = {text, &filter, 0, outcomes};

		check(either(&reading) == by_jumps(&filter, outcomes));
		check(!*reading.p);
	}
	free(text);
	return 0;
}
