// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/pattern.h"

static char *part(const char *from, const char *to)
{
	return strndup(from, to - from);
}

static int finish(struct pattern *out)
{
	if (!out->name || !*out->name || (out->path && !*out->path)) {
		int err = out->name ? -EINVAL : -ENOMEM;

		pattern_fini(out);
		return err;
	}
	if (out->provider && !*out->provider) { /* PATH::NAME */
		free(out->provider);
		out->provider = NULL;
	}
	return 0;
}

int pattern_parse(const char *text, bool have_files, struct pattern *out)
{
	const char *last, *middle;

	*out = (struct pattern){0};
	if (!strncmp(text, "usdt:", 5))
		text += 5;
	last = strrchr(text, ':');
	if (!last) { /* one part: a file, or a probe's name */
		if (have_files && !strchr(text, '/')) {
			out->name = strdup(text);
		} else {
			out->path = strdup(text);
			out->name = strdup("*");
		}
		return finish(out);
	}
	out->name = strdup(last + 1);
	middle = memrchr(text, ':', last - text);
	if (middle) { /* PATH:PROVIDER:NAME; PATH may hold colons of its own */
		out->path = part(text, middle);
		out->provider = part(middle + 1, last);
	} else if (have_files && !memchr(text, '/', last - text)) {
		out->provider = part(text, last);
	} else {
		out->path = part(text, last);
	}
	return finish(out);
}

void pattern_fini(struct pattern *pattern)
{
	free(pattern->path);
	free(pattern->provider);
	free(pattern->name);
	*pattern = (struct pattern){0};
}

static bool has_wildcard(const char *text)
{
	return strpbrk(text, "*?[") != NULL;
}

/* Quoted names exist: STAP_PROBE(p, "n") puts the quotes into the note. */
static bool glob(const char *pattern, const char *text)
{
	return !strcmp(pattern, text) || !fnmatch(pattern, text, 0);
}

static bool is_default_provider(const struct probe *probe)
{
	const char *slash = strrchr(probe->path, '/');
	const char *base = slash ? slash + 1 : probe->path;
	size_t len = strcspn(base, ".");

	return strlen(probe->provider) == len && !strncmp(probe->provider, base, len);
}

/* NAME without wildcards and without PROVIDER: whose is it? */
static long choose_provider(const struct probe_list *list, bool *matched, long count)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (matched[i] && is_default_provider(&list->probes[i])) {
			memset(matched, 0, list->count * sizeof(*matched));
			matched[i] = true;
			return 1;
		}
	return count > 1 ? -ENOTUNIQ : count;
}

long pattern_match(const struct pattern *pattern, const struct probe_list *list,
		   bool *matched)
{
	long count = 0;
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct probe *probe = &list->probes[i];

		matched[i] =
			glob(pattern->name, probe->name) &&
			(!pattern->provider || glob(pattern->provider, probe->provider));
		count += matched[i];
	}
	if (!pattern->provider && !has_wildcard(pattern->name))
		return choose_provider(list, matched, count);
	return count;
}

/* Levenshtein's distance; texts longer than a row are compared by their beginnings. */
static unsigned int edits(const char *a, const char *b)
{
	unsigned int row[128], i, j, diagonal, above;
	size_t len = strnlen(b, 127);

	for (j = 0; j <= len; j++)
		row[j] = j;
	for (i = 0; a[i]; i++) {
		diagonal = row[0]++;
		for (j = 1; j <= len; j++) {
			above = row[j];
			row[j] = diagonal + (a[i] != b[j - 1]);
			if (above + 1 < row[j])
				row[j] = above + 1;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			diagonal = above;
		}
	}
	return row[len];
}

unsigned int pattern_distance(const struct pattern *pattern, const struct probe *probe)
{
	unsigned int distance = edits(pattern->name, probe->name);

	return distance +
	       (pattern->provider ? edits(pattern->provider, probe->provider) : 0);
}
