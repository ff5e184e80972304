// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/compile.h"
#include "common/kit.h"
#include "menu/run.h"
#include "menu/text.h"
#include "menu/variant.h"

/* The compiler's first line that says what is wrong, or its first. To be freed. */
static char *complaint(const char *said)
{
	const char *error = strstr(said, "error:"), *begin = error ?: said;

	while (begin > said && begin[-1] != '\n')
		begin--;
	return text_format("%.*s", (int)strcspn(begin, "\n"), begin);
}

static int compile(const struct user *user, const char *program, char **argv,
		   char **error)
{
	struct run run = {.argv = argv, .capture_errors = true};
	int err = run_program(user, &run);
	char *why;

	if (err) {
		*error = text_format("cannot compile '%s', of which everybody gets their "
				     "own: cannot run the compiler '%s': %s\n"
				     "  try: sudo apt install gcc, or set $CC to a "
				     "compiler that is there",
				     program, argv[0], strerror(-err));
		err = -ENOPKG;
	} else if (run.status) {
		why = complaint(run.errors);
		*error = text_format("cannot compile '%s', of which everybody gets their "
				     "own: '%s' ended with %d%s%s\n"
				     "  try: sudo apt install gcc libc6-dev "
				     "systemtap-sdt-dev",
				     program, argv[0], run.status, *why ? ": " : "", why);
		free(why);
		err = -ENOPKG;
	}
	run_fini(&run);
	return err;
}

int variant_build(const struct user *user, const char *program, unsigned int variant,
		  const char *output, char **error)
{
	const char *cc = getenv("CC");
	char *build = text_format("%s -DVARIANT=%u", cc && *cc ? cc : "cc", variant);
	char *relative = text_format("targets/%s.c", program),
	     *source = kit_path(relative), **argv = NULL;
	int err = source ? compile_argv(build, source, output, &argv) : -errno;

	if (err)
		*error = text_format("cannot make the compiler's command for '%s': %s",
				     program, strerror(-err));
	else
		err = compile(user, program, argv, error);
	free(argv);
	free(build);
	free(relative);
	free(source);
	return err;
}
