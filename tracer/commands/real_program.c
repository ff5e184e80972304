// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The folders are those that distributions use, and not $PATH: sudo changes that, and a
 * program of the user's own there was mostly built without probes. targets/lib/
 * wild_programs.c starts what is found here; a test compares the two.
 */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/commands/real_program.h"
#include "tracer/static/find_file.h"
#include "tracer/static/probe.h"

const struct real_program real_programs[] = {
	{"libstdcxx", "the C++ library has probes", "sudo apt install libstdc++6",
	 "libstdc++.so.6", NULL, "libstdcxx", "throw"},
	{"python3", "a python3 with probes is installed", "sudo apt install python3",
	 "/usr/bin/python3 /usr/local/bin/python3", NULL, "python",
	 "import__find__load__start"},
	{"java", "a java with probes is installed",
	 "sudo apt install default-jre-headless", "/usr/bin/java /usr/lib/jvm/*/bin/java",
	 "../lib/server/libjvm.so", "hotspot", "vmops__begin"},
	{"postgres", "a PostgreSQL server with probes is installed",
	 "sudo apt install postgresql",
	 "/usr/lib/postgresql/*/bin/postgres /usr/bin/postgres", NULL, "postgresql",
	 "buffer__read__start"},
};

const size_t real_programs_count = sizeof(real_programs) / sizeof(real_programs[0]);

static bool has_probe(const char *path, const struct real_program *program)
{
	struct probe_list list;
	bool has = false;
	size_t i;

	if (probes_read(path, NULL, PROBE_NAMES, &list, NULL))
		return false;
	for (i = 0; i < list.count && !has; i++)
		has = !strcmp(list.probes[i].provider, program->provider) &&
		      !strcmp(list.probes[i].name, program->probe);
	probes_fini(&list);
	return has;
}

/* The file that would have the probes, to be freed: of a program's, with all symbolic
 * links followed. */
static char *file_of(const char *path, const struct real_program *program)
{
	char *real = realpath(path, NULL), *file = NULL;

	if (!real || !program->library)
		return real;
	if (asprintf(&file, "%.*s/%s", (int)(strrchr(real, '/') - real), real,
		     program->library) < 0)
		file = NULL;
	free(real);
	real = file ? realpath(file, NULL) : NULL;
	free(file);
	return real;
}

/* All paths the patterns fit, in their order. A bare name: a library of the loader's. */
static void find_all(const struct real_program *program, glob_t *found)
{
	char *patterns = strdup(program->programs), *rest = patterns, *pattern;

	while (rest && (pattern = strsep(&rest, " "))) {
		char *path = strchr(pattern, '/') ? NULL : find_file(pattern);

		glob(path ?: pattern, found->gl_pathc ? GLOB_APPEND : 0, NULL, found);
		free(path);
	}
	free(patterns);
}

char *real_program_missing(const struct real_program *program)
{
	char *bare = NULL, *why;
	glob_t found = {0};
	bool here = false;
	size_t i;

	find_all(program, &found);
	for (i = 0; i < found.gl_pathc && !here; i++) {
		char *file = file_of(found.gl_pathv[i], program);

		here = file && has_probe(file, program);
		if (!file || here || bare)
			free(file);
		else
			bare = file;
	}
	globfree(&found);
	if (here)
		why = NULL;
	else if (bare ? asprintf(&why, "%s was built without them", bare) < 0
		      : asprintf(&why, "there is none at %s", program->programs) < 0)
		why = NULL;
	free(bare);
	return why;
}
