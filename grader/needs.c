// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/array.h"
#include "common/kit.h"
#include "grader/needs.h"
#include "tracer/static/find_file.h"

struct check {
	char *name, *what, *cause, *fix;
	bool ok;
};

/* One line of its output. */
static void add_check(struct needs *needs, const char *line)
{
	json_t *object = json_loads(line, 0, NULL);
	const char *name, *what, *cause, *fix = "";
	struct check *check;
	int ok;

	if (object &&
	    !json_unpack(object, "{s:s, s:b, s:s, s:s, s?s}", "check", &name, "ok", &ok,
			 "what", &what, "cause", &cause, "fix", &fix)) {
		check = array_add(needs->checks, needs->count);
		if (check)
			*check = (struct check){strdup(name), strdup(what), strdup(cause),
						strdup(fix), ok};
	}
	json_decref(object);
}

static void exec_doctor(int out)
{
	char *usdt = kit_path("bin/usdt");

	if (usdt && dup2(out, STDOUT_FILENO) >= 0)
		execl(usdt, usdt, "doctor", "-j", (char *)NULL);
	_exit(127);
}

static void ask_doctor(struct needs *needs)
{
	FILE *output = NULL;
	char *line = NULL;
	size_t room = 0;
	int ends[2];
	pid_t pid;

	needs->asked = true;
	if (pipe(ends))
		return;
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		exec_doctor(ends[1]);
	close(ends[1]);
	output = fdopen(ends[0], "r");
	while (output && getline(&line, &room, output) > 0)
		add_check(needs, line);
	free(line);
	if (output)
		fclose(output);
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static const struct check *find(const struct needs *needs, const char *name)
{
	size_t i;

	for (i = 0; i < needs->count; i++) {
		if (!strcmp(needs->checks[i].name, name))
			return &needs->checks[i];
	}
	return NULL;
}

/* Programs whose package in Debian has another name. */
static const struct {
	const char *program, *package;
} packages[] = {
	{"perf", "linux-perf"},
};

static const char *package_of(const char *program)
{
	size_t i;

	for (i = 0; i < sizeof(packages) / sizeof(*packages); i++) {
		if (!strcmp(packages[i].program, program))
			return packages[i].package;
	}
	return program;
}

/* One thing, a check or else a program. */
static bool is_met(const struct needs *needs, const char *name)
{
	const struct check *check = find(needs, name);
	char *program = check ? NULL : find_file(name);
	bool met = check ? check->ok : program != NULL;

	free(program);
	return met;
}

static void judge_missing(const struct needs *needs, const char *need,
			  struct judgement *j)
{
	const struct check *check = find(needs, need);
	char *first = need_option(need, 0), *second = need_option(need, 1);

	if (check)
		judge_not_here(j,
			       "it is about machines on which %s, and here that is not "
			       "so: %s.%s%s%s",
			       check->what, check->cause,
			       *check->fix ? " What helps: " : "", check->fix,
			       *check->fix ? "." : "");
	else if (second)
		judge_not_here(j,
			       "it needs %s, of which none is on $PATH; try: sudo apt "
			       "install %s, or %s.",
			       need, package_of(first ?: ""), package_of(second));
	else
		judge_not_here(j, "it needs the program %s, which is not on $PATH.",
			       need);
	free(first);
	free(second);
}

/* One of several will do, as in "bpftrace or perf". */
static bool judge_need(const struct needs *needs, const char *need, struct judgement *j)
{
	bool met = false;
	unsigned int n;
	char *option;

	for (n = 0; !met && (option = need_option(need, n)); n++) {
		met = is_met(needs, option);
		free(option);
	}
	if (!met)
		judge_missing(needs, need, j);
	return met;
}

bool needs_met(struct needs *needs, const struct question *question, struct judgement *j)
{
	const struct check *hit;
	unsigned int i;

	if (!question->needs_count)
		return true;
	if (!needs->asked)
		ask_doctor(needs);
	hit = find(needs, "hit");
	if (!hit || !hit->ok)
		return true;
	for (i = 0; i < question->needs_count; i++) {
		if (!judge_need(needs, question->needs[i], j))
			return false;
	}
	return true;
}

void needs_fini(struct needs *needs)
{
	while (needs->count) {
		struct check *check = &needs->checks[--needs->count];

		free(check->name);
		free(check->what);
		free(check->cause);
		free(check->fix);
	}
	free(needs->checks);
	*needs = (struct needs){};
}
