// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "menu/editor.h"
#include "menu/run.h"
#include "menu/text.h"
#include "menu/user.h"

bool editor_usable(void)
{
	const char *term = getenv("TERM");

	return term && *term && strcmp(term, "dumb") && isatty(STDIN_FILENO) &&
	       isatty(STDOUT_FILENO);
}

/* The first editor that is there, as a command to be split at blanks; NULL when none is.
 * What the learner set is taken as it is, so that a mistake in it is seen. */
static const char *choose(void)
{
	static const char *const names[] = {"VISUAL", "EDITOR"};
	static const char *const common[] = {"nano", "vi", "editor"};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		const char *value = getenv(names[i]);

		if (value && value[strspn(value, " \t")])
			return value;
	}
	for (i = 0; i < 3; i++) {
		char *path = run_find(common[i]);

		free(path);
		if (path)
			return common[i];
	}
	return NULL;
}

int editor_run(const struct user *user, const char *path, char **error)
{
	const char *editor = choose();
	char *command, **words;
	struct run run = {0};
	int count, err;

	if (!editor) {
		*error = text_copy(
			"there is no editor here\n"
			"  try: sudo apt install nano, or set $EDITOR, or edit that file "
			"in your own way");
		return -ENOENT;
	}
	command = text_format("%s x", editor);
	words = text_words(command);
	for (count = 0; words[count]; count++)
		;
	words[count - 1] = (char *)path; /* whole, blanks and all */
	run.argv = words;
	err = run_program(user, &run);
	if (!err && run.status)
		err = -ECANCELED;
	if (err)
		*error = text_format("cannot edit with '%s': %s\n"
				     "  try: EDITOR=vi bpfhol edit ..., or edit that "
				     "file in your own way",
				     editor,
				     err == -ECANCELED ? "it ended with an error"
						       : strerror(-err));
	run_fini(&run);
	free(words);
	free(command);
	return err;
}
