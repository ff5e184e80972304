// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/array.h"
#include "common/kit.h"
#include "common/lab.h"
#include "menu/catalog.h"
#include "menu/chapter.h"
#include "menu/run.h"
#include "menu/text.h"

static int is_chapter(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > 3 &&
	       !strcmp(entry->d_name + length - 3, ".md");
}

/* The first line "# ...", without the mark; the name when there is none. */
static char *read_title(const char *path, const char *name)
{
	FILE *file = fopen(path, "re");
	char line[256], *title = NULL;

	while (file && !title && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "# ", 2))
			title = text_copy(line + 2);
	}
	if (file)
		fclose(file);
	return title ? title : text_copy(name);
}

struct chapter *chapters(void)
{
	char *folder = kit_path("handbook"), *path;
	struct chapter *all = NULL;
	struct dirent **entries;
	int count, i;

	count = folder ? scandir(folder, &entries, is_chapter, alphasort) : -1;
	if (count >= 0)
		all = calloc(count + 1, sizeof(*all));
	for (i = 0; i < count; i++) {
		if (all) {
			path = text_format("%s/%s", folder, entries[i]->d_name);
			all[i].name = text_copy(entries[i]->d_name);
			all[i].name[strlen(all[i].name) - 3] = '\0';
			all[i].title = read_title(path, all[i].name);
			free(path);
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	free(folder);
	return all;
}

void chapters_free(struct chapter *all)
{
	struct chapter *chapter;

	for (chapter = all; chapter && chapter->name; chapter++) {
		free(chapter->name);
		free(chapter->title);
	}
	free(all);
}

static char *unknown_chapter(const char *name)
{
	struct chapter *all = chapters(), *chapter;
	struct text text;

	text_begin(&text);
	fprintf(text.stream, "there is no chapter '%.64s'\n  try: one of", name);
	for (chapter = all; chapter && chapter->name; chapter++)
		fprintf(text.stream, " %s", chapter->name);
	chapters_free(all);
	return text_done(&text);
}

char *chapter_path(const char *name, char **error)
{
	char *relative, *path, *lab_error = NULL;
	struct lab *lab = NULL;
	bool plain = !strchr(name, '/') && name[0] != '.';

	if (plain && !lab_load(name, &lab, &lab_error))
		name = lab->chapter;
	free(lab_error);
	relative = text_format("handbook/%s.md", name);
	path = kit_path(relative);
	if (!plain || !path || access(path, R_OK)) {
		*error = unknown_chapter(name);
		free(path);
		path = NULL;
	}
	free(relative);
	lab_free(lab);
	return path;
}

/*
 * lowdown's switches changed over its versions; the first set it takes is used. All know
 * -tterm; those before 1.1 do not know every --term-... one.
 */
static char *lowdown(const struct user *user, const char *path, unsigned int width,
		     bool plain)
{
	char *columns = text_format("--term-columns=%u", width);
	char *wide = text_format("--term-width=%u", width);
	char *const colour[] = {"lowdown", "-tterm", columns, wide, (char *)path, NULL};
	char *const nothing[] = {
		"lowdown",	    "-tterm",	      columns,	    wide,
		"--term-no-colour", "--term-no-ansi", (char *)path, NULL};
	char *const simple[] = {"lowdown", "-tterm", "--term-no-ansi", (char *)path,
				NULL};
	char *const *const tries[] = {plain ? nothing : colour, simple};
	struct run run;
	char *text = NULL;
	unsigned int i;

	for (i = 0; !text && i < 2; i++) {
		run = (struct run){.argv = tries[i],
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

static char *read_plain(const char *path)
{
	FILE *file = fopen(path, "re");
	char buffer[4096];
	struct text text;
	size_t got;

	if (!file)
		return NULL;
	text_begin(&text);
	while ((got = fread(buffer, 1, sizeof(buffer), file)) > 0)
		fwrite(buffer, 1, got, text.stream);
	fclose(file);
	return text_done(&text);
}

char *chapter_render(const struct user *user, const char *path, unsigned int width,
		     bool plain)
{
	char *text = lowdown(user, path, width, plain);

	return text ? text : read_plain(path);
}
