// SPDX-License-Identifier: GPL-2.0-or-later
/* The half of work.h that compiles. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/compile.h"
#include "menu/app.h"
#include "menu/run.h"
#include "menu/state.h"
#include "menu/text.h"
#include "menu/work.h"

char *work_environment(void)
{
	const char *cc = getenv("CC"), *flags = getenv("CFLAGS");

	if ((!cc || !*cc) && (!flags || !*flags))
		return text_copy("");
	return text_format("%s %s", cc && *cc ? cc : "cc", flags ? flags : "");
}

/* Remember how it was built: grade compiles the same way. */
static int remember(const struct app *app, const struct lab *lab, const char *build,
		    char **error)
{
	struct state state;
	int err = state_lock(app->folder, &state, error);

	if (err)
		return err;
	state_set_build(&state, lab->name, *build ? build : NULL);
	err = state_save(&state, error);
	state_free(&state);
	return err;
}

static int compile(const struct app *app, char **argv, char **messages, char **error)
{
	struct run run = {.argv = argv, .capture_errors = true};
	int err = run_program(&app->user, &run);

	if (err) {
		*error =
			text_format("cannot run the compiler '%s': %s\n"
				    "  try: set $CC to one that is there, or install gcc",
				    argv[0], strerror(-err));
		run_fini(&run);
		return err;
	}
	*messages = run.errors;
	run.errors = NULL;
	run_fini(&run);
	return run.status ? 1 : 0;
}

int work_build(const struct app *app, const struct lab *lab, const char *build,
	       char **command, char **messages, char **error)
{
	char *source = work_source(app->folder, lab);
	char *program = work_program(app->folder, lab);
	char **argv = NULL;
	int err;

	*command = *messages = NULL;
	err = work_prepare(app->folder, lab, error);
	if (err < 0)
		goto out;
	err = compile_argv(build, source, program, &argv);
	if (err) {
		*error = text_format("cannot make the compiler's command: %s",
				     strerror(-err));
		goto out;
	}
	err = remember(app, lab, build, error);
	if (err)
		goto out;
	*command = compile_text(argv);
	err = compile(app, argv, messages, error);
	if (err)
		unlink(program); /* an older one would be taken for this one */
out:
	free(argv);
	free(source);
	free(program);
	return err;
}
