// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "common/compile.h"
#include "common/kit.h"
#include "grader/build.h"
#include "grader/sandbox.h"
#include "grader/scratch.h"

#define WORDS_MAX 65536
#define SECONDS 30

static int copy_one(struct scratch *scratch, const char *name)
{
	char *from = kit_path(name);
	int err = from ? scratch_copy(scratch, name, from) : -errno;

	free(from);
	return err;
}

static int is_header(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 2 && !strcmp(entry->d_name + len - 2, ".h");
}

static int copy_headers(struct scratch *scratch, const char *folder)
{
	char *headers = kit_path(folder), name[300];
	struct dirent **entries = NULL;
	int count = headers ? scandir(headers, &entries, is_header, alphasort) : -1;
	int err = count < 0 ? -errno : 0, i;

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s/%s", folder, entries[i]->d_name);
		if (!err)
			err = copy_one(scratch, name);
		free(entries[i]);
	}
	free(entries);
	free(headers);
	return err;
}

/* Whoever compiles may not be allowed to read the kit: a clone in /root, say. */
static int copy_kit(struct scratch *scratch)
{
	int err = copy_one(scratch, "bin/libtarget.a");

	if (!err)
		err = copy_headers(scratch, "targets/lib");
	return err ?: copy_headers(scratch, "targets/include");
}

/* "usdt-passwd.c" -> "usdt-passwd", as the learner's own build names it. */
static char *output_name(const char *name)
{
	size_t stem = compile_stem(name);

	return stem ? strndup(name, stem) : NULL;
}

static int run_limited(struct build *build, const struct learner *learner,
		       char *const argv[], unsigned int more_tasks)
{
	struct sandbox sandbox;
	int err = sandbox_hold(&sandbox, learner, scratch_work(build->scratch), argv,
			       NULL, true, more_tasks);

	if (err)
		return err;
	err = sandbox_go(&sandbox);
	if (!err) {
		build->words = sandbox_output(&sandbox, WORDS_MAX, SECONDS);
		if (!build->words)
			err = -errno;
		else if (!WIFEXITED(sandbox.status))
			err = -EINTR; /* killed: that says nothing about the source */
		else if (WEXITSTATUS(sandbox.status))
			err = -EILSEQ;
	}
	sandbox_end(&sandbox);
	return err;
}

static int run_compiler(struct build *build, const struct learner *learner,
			char *const argv[])
{
	int err = run_limited(build, learner, argv, SANDBOX_TASKS);

	/* The compiler itself, or one of those that it starts. */
	if (err == -EAGAIN ||
	    (err == -EILSEQ && strstr(build->words, strerror(EAGAIN)))) {
		free(build->words);
		build->words = NULL;
		err = run_limited(build, learner, argv, SANDBOX_TASKS_SHARED);
	}
	return err;
}

static int take_program(struct build *build, const char *output)
{
	int err = scratch_take(build->scratch, output, &build->program);

	/* It compiles and leaves nothing to run: "-fsyntax-only", say. */
	if (err == -ENOENT || err == -EISDIR)
		return -ENOEXEC;
	return err ? err
		   : probes_read(build->program, NULL, PROBE_NOTES, &build->probes, NULL);
}

static void explain(int err, const char *compiler, char **why)
{
	const char *format =
		err == -ENOENT	  ? "the compiler '%s' is not here"
		: err == -ETIME	  ? "the compiler '%s' did not come to an end"
		: err == -EINTR	  ? "the compiler '%s' was killed; answer once more"
		: err == -ENOEXEC ? "the compiler '%s' made no program; try without the "
				    "flags you built with: CFLAGS= bpfhol build"
				  : "cannot run the compiler '%s': %s";

	if (asprintf(why, format, compiler, strerror(-err)) < 0)
		*why = NULL;
}

int build_make(struct build *build, const struct learner *learner, const char *text,
	       const char *name, const char *flags, char **why)
{
	char *output = output_name(name), **argv = NULL;
	int err = -ENOMEM;

	*build = (struct build){};
	*why = NULL;
	if (!output)
		goto out;
	build->scratch = scratch_new(learner);
	if (!build->scratch) {
		err = -errno;
		goto out;
	}
	err = copy_kit(build->scratch);
	if (!err)
		err = scratch_write(build->scratch, name, text);
	if (!err)
		err = scratch_give(build->scratch);
	if (!err)
		err = compile_argv_at("..", flags, name, output, &argv);
	if (err)
		goto out;
	err = run_compiler(build, learner, argv);
	if (!err)
		err = take_program(build, output);
out:
	if (err && err != -EILSEQ)
		explain(err, argv ? argv[0] : "cc", why);
	free(argv);
	free(output);
	return err;
}

void build_fini(struct build *build)
{
	probes_fini(&build->probes);
	scratch_free(build->scratch);
	free(build->program);
	free(build->words);
	*build = (struct build){};
}
