// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/array.h"
#include "common/kit.h"
#include "common/lab.h"
#include "menu/catalog.h"
#include "menu/chapter.h"
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

/* Where a chapter stands in the contents, which are in the order to read them in; what is
 * not there comes last. The contents themselves come first. */
static size_t place(const char *name, const char *contents)
{
	char *entry = text_format("\n- `%s`", name);
	const char *found = contents ? strstr(contents, entry) : NULL;

	free(entry);
	if (!strcmp(name, "index"))
		return 0;
	return found ? (size_t)(found - contents) + 1 : SIZE_MAX;
}

static int in_order(const void *a, const void *b, void *contents)
{
	const char *one = ((const struct chapter *)a)->name;
	const char *other = ((const struct chapter *)b)->name;
	size_t first = place(one, contents), second = place(other, contents);

	return first != second ? (first < second ? -1 : 1) : strcmp(one, other);
}

static void put_in_order(struct chapter *all, size_t count)
{
	char *path = kit_path("handbook/index.md"), *contents = NULL;
	FILE *file = path ? fopen(path, "re") : NULL;
	size_t room = 0;

	if (file && getdelim(&contents, &room, '\0', file) < 0) {
		free(contents);
		contents = NULL;
	}
	qsort_r(all, count, sizeof(*all), in_order, contents);
	if (file)
		fclose(file);
	free(contents);
	free(path);
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
	if (all)
		put_in_order(all, count);
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
