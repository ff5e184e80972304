/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A probe's name as people type it: [usdt:]PATH:PROVIDER:NAME, with parts left out, and
 * with *, ? and [...] in PROVIDER and NAME.
 *
 *	usdt:/usr/bin/python3:python:gc__start	all of it
 *	python3:python:gc__start		PATH is looked up
 *	python3:gc__start, python3::gc__start	PROVIDER is left out
 *	gc__start, python:gc__start		where a process or command gives the files
 *	/usr/bin/python3			a file: all its probes (usdt list)
 */
#ifndef BPFHOL_TRACER_STATIC_PATTERN_H
#define BPFHOL_TRACER_STATIC_PATTERN_H

#include <stdbool.h>

#include "tracer/static/probe.h"

struct pattern {
	char *path;	/* as typed, NULL if left out */
	char *provider; /* NULL if left out */
	char *name;	/* "*" if only a file was given */
};

/*
 * pattern_parse - take TEXT apart.
 * @have_files: a process or command says where to look, so that PATH may be left out;
 * a text of two parts is then PROVIDER:NAME unless the first has a slash.
 * Returns 0, -EINVAL (an empty part, or too many), -ENOMEM.
 */
int pattern_parse(const char *text, bool have_files, struct pattern *out);
void pattern_fini(struct pattern *pattern);

/*
 * pattern_match - which probes of LIST are meant: MATCHED[i] is set for probe i.
 * A PROVIDER left out beside a NAME without wildcards is the file's base name up to the
 * first dot if that has such a probe, else the only provider that has.
 * Returns how many matched, or -ENOTUNIQ if several providers have NAME (all of them are
 * then marked).
 */
long pattern_match(const struct pattern *pattern, const struct probe_list *list,
		   bool *matched);

/*
 * pattern_distance - how far what was typed is from a probe's name, in edits; for "did
 * you mean". The provider counts only if it was typed.
 */
unsigned int pattern_distance(const struct pattern *pattern, const struct probe *probe);

#endif
