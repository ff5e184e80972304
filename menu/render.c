// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/kit.h"
#include "menu/fold.h"
#include "menu/render.h"
#include "menu/run.h"
#include "menu/spell.h"
#include "menu/text.h"

#define MARGIN 4      /* lowdown's, left of text */
#define CODE_MARGIN 8 /* and of code: "      | " */

/* Where an installed kit is, to be freed; NULL: it is used in its own source tree, with
 * bin/ in sight. */
static char *installed_at(void)
{
	char *makefile = kit_path("Makefile"), *kit = NULL;

	if (makefile && access(makefile, F_OK))
		kit = kit_path("");
	free(makefile);
	return kit;
}

/* Is the bin/NAME that stands at AT in LINE run there, or is it a file to look at? */
static bool is_run(const char *line, const char *at, const char *name, size_t length)
{
	static const char *const installed[] = {"usdt", "bpfhol", "grade"};
	static const char *const before[] = {"sudo ", "$(", "`", "-c '"};
	unsigned int i;

	if (name[length] != ' ')
		return false;
	for (i = 0;
	     i < 3 && (strncmp(name, installed[i], length) || installed[i][length]); i++)
		;
	if (i == 3)
		return false;
	if (at == line + strspn(line, " "))
		return true;
	for (i = 0; i < sizeof(before) / sizeof(*before); i++) {
		size_t wide = strlen(before[i]);

		if (at - line >= (ptrdiff_t)wide && !memcmp(at - wide, before[i], wide))
			return true;
	}
	return false;
}

/* The next of the kit's folders that AT names, with its slash; NULL: none. */
static const char *next_folder(const char *at, const char **folder)
{
	static const char *const folders[] = {"bin/", "labs/", "targets/"};
	const char *first = NULL, *found;
	unsigned int i;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		found = strstr(at, folders[i]);
		if (found && (!first || found < first)) {
			first = found;
			*folder = folders[i];
		}
	}
	return first;
}

/* LINE as it is right for a kit installed at KIT: "bin/usdt list bin/usdt-passwd" becomes
 * "usdt list /usr/local/lib/bpfhol/bin/usdt-passwd". To be freed. */
static char *relocate(const char *line, const char *kit)
{
	const char *at = line, *found, *folder;
	struct text text;

	text_begin(&text);
	while (kit && (found = next_folder(at, &folder))) {
		const char *name = found + strlen(folder);
		size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
		bool whole = length && (found == line || !strchr("/.", found[-1]));

		if (found - at >= 5 && !memcmp(found - 5, "$PWD/", 5)) {
			found -= 5; /* the kit's folder, too */
			whole = length;
		}
		fprintf(text.stream, "%.*s", (int)(found - at), at);
		if (!whole || *folder != 'b' || !is_run(line, found, name, length))
			fprintf(text.stream, "%s%s", whole ? kit : "", folder);
		at = name;
	}
	fputs(at, text.stream);
	return text_done(&text);
}

enum block { PROSE, COMMANDS, OUTPUT };

/* All of a file, to be freed; NULL with errno. */
static char *read_all(const char *path)
{
	FILE *file = fopen(path, "re");
	char *all = NULL;
	size_t room = 0;

	if (!file)
		return NULL;
	if (getdelim(&all, &room, '\0', file) < 0) {
		free(all);
		all = text_copy("");
	}
	fclose(file);
	return all;
}

/* The chapter's source for this kit and this screen, to be freed; NULL with errno. */
static char *prepare(const char *path, unsigned int width)
{
	char *source = read_all(path), *words, *fitting, *rest, *line, *moved, *kit;
	enum block block = PROSE;
	struct text text;
	char quote = 0;

	if (!source)
		return NULL;
	words = spell_out(source);
	fitting = spell_tables(words, width - MARGIN);
	kit = installed_at();
	text_begin(&text);
	for (rest = fitting; rest && *rest;) {
		line = strsep(&rest, "\n");
		moved = relocate(line, kit);
		if (!strncmp(line, "```", 3))
			block = block != PROSE		  ? PROSE
				: !strcmp(line + 3, "sh") ? COMMANDS
							  : OUTPUT;
		quote = block == COMMANDS ? quote : 0;
		if (block == COMMANDS)
			fold_command(text.stream, moved, width - CODE_MARGIN, &quote);
		else if (block == PROSE && !strncmp(line, "    bin/", 8))
			fold_command(text.stream, moved, width - CODE_MARGIN + 4, NULL);
		else
			fprintf(text.stream, "%s\n", moved);
		free(moved);
	}
	free(kit);
	free(fitting);
	free(words);
	free(source);
	return text_done(&text);
}

/*
 * lowdown's switches changed over its versions; the first set it takes is used. All know
 * -tterm; those before 1.1 do not know every --term-... one. Typographic quotes would be
 * no ASCII: not every terminal and pager shows them. Right of the text as much is free as
 * left of it: a word that hangs on a bracket or a full stop goes over lowdown's limit.
 */
static char *lowdown(const struct user *user, const char *source, unsigned int width,
		     bool plain)
{
	char *columns = text_format("--term-columns=%u", width - MARGIN);
	char *wide = text_format("--term-width=%u", width - MARGIN);
	char *const colour[] = {"lowdown", "-tterm", "--out-no-smarty",
				columns,   wide,     NULL};
	char *const nothing[] = {"lowdown",	   "-tterm", "--out-no-smarty",
				 columns,	   wide,     "--term-no-colour",
				 "--term-no-ansi", NULL};
	char *const simple[] = {"lowdown", "-tterm", "--term-no-ansi", NULL};
	char *const *const tries[] = {plain ? nothing : colour, simple};
	struct run run;
	char *text = NULL;
	unsigned int i;

	for (i = 0; !text && i < 2; i++) {
		run = (struct run){.argv = tries[i],
				   .input = source,
				   .capture = 1,
				   .capture_errors = true};
		if (!run_program(user, &run) && run.status == 0) {
			text = run.output;
			run.output = NULL;
		}
		run_fini(&run);
	}
	free(columns);
	free(wide);
	return text;
}

/* Without bold and colour lowdown leaves the "## " of a heading: it stands at the margin,
 * where nothing else does, and so is seen anyway. */
static void drop_marks(char *text)
{
	char *to = text;
	bool begins = true;

	while (*text) {
		size_t marks = begins ? strspn(text, "#") : 0;

		if (marks && text[marks] == ' ')
			text += marks + 1;
		begins = *text == '\n';
		*to++ = *text++;
	}
	*to = '\0';
}

/* It leaves a blank where it breaks a line: one too many where that is as wide as the
 * screen. */
static void drop_blanks(char *text)
{
	char *to = text, *end = text;

	for (; *text; text++) {
		if (*text == '\n')
			to = end;
		*to++ = *text;
		if (*text != ' ')
			end = to;
	}
	*to = '\0';
}

char *chapter_render(const struct user *user, const char *path, unsigned int width,
		     bool plain)
{
	char *source = prepare(path, width), *text;

	if (!source)
		return NULL;
	text = lowdown(user, source, width, plain);
	if (!text)
		return source;
	if (plain)
		drop_marks(text);
	drop_blanks(text);
	free(source);
	return text;
}
