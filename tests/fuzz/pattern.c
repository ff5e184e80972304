// SPDX-License-Identifier: GPL-2.0-or-later
/* Any text as a pattern, matched against the probes of a file that there is not. */
#include <errno.h>

#include "tests/fuzz/check.h"
#include "tracer/static/pattern.h"

static const char path[] = "/usr/lib/foo.so.6";

#define PROBE(provider, name)                                     \
	{                                                         \
		path, (char *)(provider), (char *)(name), NULL, 0 \
	}

static struct probe probes[] = {
	PROBE("foo", "shared"),	  PROBE("foo", "start"),   PROBE("other", "both"),
	PROBE("other", "shared"), PROBE("other", "stop"),  PROBE("third", "\"q\""),
	PROBE("third", "both"),	  PROBE("third", "o[d]d"), PROBE("third", "gc__start"),
};

#define PROBES (sizeof(probes) / sizeof(*probes))

static const struct probe_list list = {.probes = probes, .count = PROBES};

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void check_match(const struct pattern *pattern)
{
	bool matched[PROBES];
	long result = pattern_match(pattern, &list, matched), marked = 0;
	bool literal = !strpbrk(pattern->name, "*?[\\");
	size_t i;

	for (i = 0; i < PROBES; i++) {
		marked += matched[i];
		if (matched[i] && literal)
			check(!strcmp(pattern->name, probes[i].name));
		if (pattern->provider && !strcmp(pattern->name, probes[i].name) &&
		    !strcmp(pattern->provider, probes[i].provider))
			check(matched[i]);
	}
	check(result == marked ||
	      (result == -ENOTUNIQ && marked > 1 && !pattern->provider));
}

static void check_distance(const struct pattern *pattern)
{
	size_t name = strlen(pattern->name), i;

	for (i = 0; i < PROBES; i++) {
		const struct probe *probe = &probes[i];
		unsigned int distance = pattern_distance(pattern, probe);
		size_t other = strlen(probe->name), most = name > other ? name : other;

		check(distance || !strcmp(pattern->name, probe->name));
		check(distance >= most - (name > other ? other : name));
		if (pattern->provider)
			most += strlen(pattern->provider) + strlen(probe->provider);
		check(distance <= most);
	}
}

/* Written out in full it says the same. */
static void check_round_trip(const struct pattern *pattern, bool have_files)
{
	struct pattern again;
	char *text;

	check(asprintf(&text, "usdt:%s%s%s:%s", pattern->path ? pattern->path : "",
		       pattern->path ? ":" : "",
		       pattern->provider ? pattern->provider : "", pattern->name) >= 0);
	check(pattern_parse(text, have_files, &again) == 0);
	check(same(pattern->path, again.path));
	check(same(pattern->provider, again.provider));
	check(same(pattern->name, again.name));
	pattern_fini(&again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = text_of(bytes, size);
	int have_files;

	for (have_files = 0; have_files < 2; have_files++) {
		struct pattern pattern;
		int err = pattern_parse(text, have_files, &pattern);

		check(err == 0 || err == -EINVAL);
		if (err)
			continue;
		check(pattern.name && *pattern.name);
		check(pattern.path ? *pattern.path : have_files);
		check(!pattern.provider || *pattern.provider);
		check_match(&pattern);
		check_distance(&pattern);
		check_round_trip(&pattern, have_files);
		pattern_fini(&pattern);
	}
	free(text);
	return 0;
}
