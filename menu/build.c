// SPDX-License-Identifier: GPL-2.0-or-later
/* The half of work.h that compiles. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/compile.h"
#include "common/utf8.h"
#include "menu/app.h"
#include "menu/run.h"
#include "menu/state.h"
#include "menu/text.h"
#include "menu/work.h"

/* Options with a path, in the same word or in the next. */
static const char *const path_options[] = {
	"-isystem", "-iquote", "-idirafter", "-include",   "-imacros",
	"-I",	    "-L",      "-B",	     "--sysroot=", "@",
};

/* Where in a word a path begins: "-Iinc" at "inc"; NULL if the word is another option. */
static const char *path_in(const char *word)
{
	size_t i, len;

	for (i = 0; i < sizeof(path_options) / sizeof(*path_options); i++) {
		len = strlen(path_options[i]);
		if (!strncmp(word, path_options[i], len))
			return word + len;
	}
	return *word == '-' ? NULL : word;
}

/* The path in a word that leads to something only from here; NULL if there is none. */
static const char *relative_path(const char *word, const char *before)
{
	const char *path = path_in(word), *option = before ? path_in(before) : NULL;
	bool names_path = (path && path != word) ||	 /* "-Iinc" */
			  (option && !*option) ||	 /* "-I" "inc" */
			  strchr(word, '/') ||		 /* "./mycc" */
			  (before && strchr(word, '.')); /* "more.o" */

	if (!path || !*path || *path == '/' || !names_path || access(path, F_OK))
		return NULL;
	return path;
}

/*
 * grade compiles in a folder of its own, so what is named as seen from here is made
 * absolute. A folder with a blank in its name cannot be: blanks part words.
 */
static char *absolute(const char *build)
{
	char *here = get_current_dir_name(), **words = text_words(build);
	bool fits = here && !strpbrk(here, " \t\n");
	struct text out;
	size_t i;

	text_begin(&out);
	for (i = 0; words[i]; i++) {
		const char *word = words[i], *path;

		path = fits ? relative_path(word, i ? words[i - 1] : NULL) : NULL;
		fputs(i ? " " : "", out.stream);
		if (path)
			fprintf(out.stream, "%.*s%s/%s", (int)(path - word), word, here,
				path);
		else
			fputs(word, out.stream);
	}
	free(words);
	free(here);
	return text_done(&out);
}

char *work_environment(void)
{
	const char *cc = getenv("CC"), *flags = getenv("CFLAGS");
	char *build, *made;

	if ((!cc || !*cc) && (!flags || !*flags))
		return text_copy("");
	build = text_format("%s %s", cc && *cc ? cc : "cc", flags ? flags : "");
	made = absolute(build);
	free(build);
	return made;
}

/* Why grade could not build the same way, or NULL. */
static char *refused(const char *build)
{
	char **words = text_words(build), *why = NULL;
	const char *path = NULL;
	size_t i;

	for (i = 0; words[i] && !path; i++)
		path = relative_path(words[i], i ? words[i - 1] : NULL);
	if (!utf8_printable(build, strlen(build)))
		why = text_copy("cannot build with this $CC or $CFLAGS: it is no text "
				"(UTF-8), and has to be remembered");
	else if (path)
		why = text_format("cannot build with '%s' of $CC or $CFLAGS: grade "
				  "compiles in another folder, and this one's name has a "
				  "blank in it\n"
				  "  try: a path from / on that has none",
				  path);
	free(words);
	return why;
}

/* Remember how it was built: grade compiles the same way. */
static int remember(const struct app *app, const struct work *work, const char *build,
		    char **error)
{
	struct state state;
	int err = state_lock(app->folder, &state, error);
	char *words;

	if (err)
		return err;
	words = work_words(work);
	state_set_build(&state, words, *build ? build : NULL);
	free(words);
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

int work_build(const struct app *app, const struct work *work, const char *build,
	       char **command, char **messages, char **error)
{
	char *source = work_source(app->folder, work);
	char *program = work_program(app->folder, work);
	char **argv = NULL;
	int err;

	*command = *messages = NULL;
	*error = refused(build);
	err = *error ? -EILSEQ : 0;
	if (err)
		goto out;
	err = work_prepare(app->folder, work, error);
	if (err < 0)
		goto out;
	err = compile_argv(build, source, program, &argv);
	if (err) {
		*error = text_format("cannot make the compiler's command: %s",
				     strerror(-err));
		goto out;
	}
	err = remember(app, work, build, error);
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
