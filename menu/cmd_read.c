// SPDX-License-Identifier: GPL-2.0-or-later
/* bpfhol read: a chapter of the handbook, through the pager when there is a terminal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/exit.h"
#include "menu/chapter.h"
#include "menu/command.h"
#include "menu/render.h"
#include "menu/run.h"
#include "menu/text.h"

static int run(struct app *app, const struct options *options, int argc, char **argv);

const struct command cmd_read = {
	.name = "read",
	.operands = "[LAB|CHAPTER]",
	.summary = "the chapter of a lab, or any of the handbook",
	.more = "Without a name it lists the chapters. On a terminal it goes through "
		"$PAGER\n"
		"(else less or more); $NO_COLOR is respected.",
	.most = 1,
	.run = run,
};

static unsigned int terminal_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_col < 40)
		return 80;
	return size.ws_col < 100 ? size.ws_col : 100;
}

/* The pager, to be freed; NULL: there is none, or no terminal for one. */
static char *choose_pager(void)
{
	static const char *const common[] = {"less", "more"};
	const char *set = getenv("PAGER"), *term = getenv("TERM");
	char *found = NULL;
	unsigned int i;

	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO) || !term ||
	    !strcmp(term, "dumb"))
		return NULL;
	if (set && *set)
		return text_copy(set);
	for (i = 0; i < 2 && !found; i++) {
		found = run_find(common[i]);
		if (found)
			text_replace(&found, common[i]);
	}
	return found;
}

/* Others show the codes for bold and colour as letters, or count them as such. */
static bool takes_colour(const char *pager)
{
	return !pager || !strncmp(pager, "less", 4) || strstr(pager, "/less");
}

static bool page(const struct user *user, const char *pager, const char *text)
{
	char **argv = text_words(pager), *found = argv[0] ? run_find(argv[0]) : NULL;
	struct run run = {.argv = argv, .input = text};
	bool done = false;

	setenv("LESS", "R", 0);
	setenv("LESSCHARSET", "utf-8", 0);
	fflush(stdout);
	if (argv[0] && (found || strchr(argv[0], '/')))
		done = !run_program(user, &run) && run.status < 126;
	run_fini(&run);
	free(found);
	free(argv);
	return done;
}

static int list_chapters(void)
{
	struct chapter *all = chapters(), *chapter;

	if (!all)
		return complain(EXIT_BROKEN,
				text_copy("cannot read the kit's handbook folder"));
	for (chapter = all; chapter->name; chapter++)
		printf("%-14s %s\n", chapter->name, chapter->title);
	chapters_free(all);
	return EXIT_YES;
}

static int run(struct app *app, const struct options *options, int argc, char **argv)
{
	const char *no_colour = getenv("NO_COLOR");
	bool plain = !isatty(STDOUT_FILENO) || (no_colour && *no_colour);
	char *path, *text, *pager, *error = NULL;

	if (!argc)
		return list_chapters();
	path = chapter_path(argv[0], &error);
	if (!path)
		return complain(EXIT_USAGE, error);
	pager = choose_pager();
	text = chapter_render(&app->user, path, terminal_width(),
			      plain || !takes_colour(pager));
	if (!text)
		complain(EXIT_BROKEN, text_format("cannot read '%s'", path));
	else if (!pager || !page(&app->user, pager, text))
		fputs(text, stdout);
	free(pager);
	free(path);
	free(text);
	return text ? EXIT_YES : EXIT_BROKEN;
}
