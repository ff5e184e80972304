// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes' names as people type them, and which probes are meant. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tracer/static/pattern.h"

static const struct {
	const char *text;
	bool have_files;
	int err;
	const char *path, *provider, *name;
} parses[] = {
	{"usdt:/bin/x:p:n", false, 0, "/bin/x", "p", "n"},
	{"usdt:/bin/x:p:n", true, 0, "/bin/x", "p", "n"},
	{"/bin/x:p:n", false, 0, "/bin/x", "p", "n"},
	{"x:p:n", false, 0, "x", "p", "n"},
	{"x:p:n", true, 0, "x", "p", "n"},
	{"x::n", false, 0, "x", NULL, "n"},
	{"x:n", false, 0, "x", NULL, "n"},
	{"usdt:x:n", false, 0, "x", NULL, "n"},
	{"p:n", true, 0, NULL, "p", "n"},
	{"./x:n", true, 0, "./x", NULL, "n"},
	{"n", true, 0, NULL, NULL, "n"},
	{"*", true, 0, NULL, NULL, "*"},
	{"gc__*", true, 0, NULL, NULL, "gc__*"},
	{"x", false, 0, "x", NULL, "*"},
	{"/bin/x", true, 0, "/bin/x", NULL, "*"},
	{"/odd:path/x:p:n", false, 0, "/odd:path/x", "p", "n"},
	{"x:*:[a-c]?", false, 0, "x", "*", "[a-c]?"},
	{"", false, -EINVAL, NULL, NULL, NULL},
	{"", true, -EINVAL, NULL, NULL, NULL},
	{"usdt:", false, -EINVAL, NULL, NULL, NULL},
	{":", false, -EINVAL, NULL, NULL, NULL},
	{"x:", false, -EINVAL, NULL, NULL, NULL},
	{"x:p:", false, -EINVAL, NULL, NULL, NULL},
	{":p:n", false, -EINVAL, NULL, NULL, NULL},
};

/* In the order of the letters in "mask" below. */
static const char *const probes[][2] = {
	{"foo", "shared"},   /* a: its provider is the file's base name */
	{"foo", "start"},    /* b */
	{"other", "both"},   /* c */
	{"other", "shared"}, /* d */
	{"other", "stop"},   /* e */
	{"third", "both"},   /* f */
	{"third", "\"q\""},  /* g: STAP_PROBE(third, "q") */
	{"third", "o[d]d"},  /* h */
};

#define PROBES (sizeof(probes) / sizeof(*probes))

static const struct {
	const char *provider, *name;
	long result;
	const char *mask;
} matches[] = {
	{"foo", "start", 1, "b"},
	{"other", "start", 0, ""},
	{NULL, "start", 1, "b"},
	{NULL, "stop", 1, "e"},	  /* the only provider that has it */
	{NULL, "shared", 1, "a"}, /* the file's own provider first */
	{NULL, "both", -ENOTUNIQ, "cf"},
	{"third", "both", 1, "f"},
	{"*", "both", 2, "cf"},
	{"*", "*", 8, "abcdefgh"},
	{NULL, "*", 8, "abcdefgh"},
	{NULL, "st*", 2, "be"},
	{NULL, "s[th]*", 4, "abde"},
	{NULL, "sto?", 1, "e"},
	{"?o?", "*", 2, "ab"},
	{"third", "\"q\"", 1, "g"},
	{"third", "o[d]d", 1, "h"}, /* as it stands */
	{NULL, "STOP", 0, ""},
	{NULL, "sto", 0, ""},
	{"fo", "start", 0, ""},
	{NULL, "[", 0, ""},
};

static const struct {
	const char *provider, *name;
	unsigned int distance; /* from foo:start */
} distances[] = {
	{NULL, "start", 0},  {NULL, "strat", 2}, {NULL, "tart", 1},
	{NULL, "startt", 1}, {NULL, "stort", 1}, {NULL, "", 5},
	{"foo", "start", 0}, {"fo", "start", 1}, {"bar", "start", 3},
};

static int same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static int check_parse(size_t i)
{
	struct pattern p;
	int err = pattern_parse(parses[i].text, parses[i].have_files, &p), right;

	right = err == parses[i].err && (err || (same(p.path, parses[i].path) &&
						 same(p.provider, parses[i].provider) &&
						 same(p.name, parses[i].name)));
	if (!right)
		printf("'%s'%s: %d: path %s, provider %s, name %s\n", parses[i].text,
		       parses[i].have_files ? " with files at hand" : "", err,
		       err ? "" : p.path, err ? "" : p.provider, err ? "" : p.name);
	if (!err)
		pattern_fini(&p);
	return right;
}

static int check_match(size_t i, const struct probe_list *list)
{
	struct pattern p = {NULL, (char *)matches[i].provider, (char *)matches[i].name};
	bool matched[PROBES];
	char mask[PROBES + 1];
	size_t j, n = 0;
	long result;

	memset(matched, true, sizeof(matched)); /* what was there must not matter */
	result = pattern_match(&p, list, matched);
	for (j = 0; j < PROBES; j++)
		if (matched[j])
			mask[n++] = (char)('a' + j);
	mask[n] = '\0';
	if (result == matches[i].result && !strcmp(mask, matches[i].mask))
		return 1;
	printf("%s:%s matches %ld, %s\n", p.provider ? p.provider : "", p.name, result,
	       mask);
	return 0;
}

int main(void)
{
	struct probe all[PROBES] = {{0}};
	struct probe_list list = {.probes = all, .count = PROBES};
	int failures = 0;
	char long_name[400];
	size_t i;

	for (i = 0; i < PROBES; i++)
		all[i] = (struct probe){.path = "/usr/lib/foo.so.6",
					.provider = (char *)probes[i][0],
					.name = (char *)probes[i][1]};
	for (i = 0; i < sizeof(parses) / sizeof(*parses); i++)
		failures += !check_parse(i);
	for (i = 0; i < sizeof(matches) / sizeof(*matches); i++)
		failures += !check_match(i, &list);
	for (i = 0; i < sizeof(distances) / sizeof(*distances); i++) {
		struct pattern p = {NULL, (char *)distances[i].provider,
				    (char *)distances[i].name};
		unsigned int distance = pattern_distance(&p, &all[1]);

		if (distance == distances[i].distance)
			continue;
		printf("%s is %u from start\n", p.name, distance);
		failures++;
	}
	/* Longer than any row: only that it stays within bounds. */
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	all[0].name = long_name;
	failures += pattern_distance(&(struct pattern){NULL, NULL, long_name}, &all[0]) >
		    sizeof(long_name);
	return failures != 0;
}
