// SPDX-License-Identifier: GPL-2.0-or-later
/* The handbook in the menu. */
#include <stdlib.h>

#include "common/array.h"
#include "menu/chapter.h"
#include "menu/dialog.h"
#include "menu/render.h"
#include "menu/text.h"
#include "menu/ui_parts.h"

void ui_chapter(struct ui *ui, const char *name)
{
	char *error = NULL, *path = chapter_path(name, &error), *text = NULL;

	if (path)
		text = chapter_render(&ui->app->user, path, TEXTBOX_WIDTH, true);
	if (text)
		dialog_text(ui->app, name, text);
	else
		ui_error(ui, error ? error : text_format("cannot read '%s'", path));
	free(text);
	free(path);
}

void ui_handbook(struct ui *ui)
{
	static const struct buttons buttons = {.ok = "Read", .cancel = "Back"};
	struct chapter *all = chapters(), *chapter;
	struct item *items = NULL;
	size_t count = 0;
	char *choice, *current = NULL;

	for (chapter = all; chapter && chapter->name; chapter++) {
		struct item *item = array_add(items, count);

		if (item)
			*item = (struct item){chapter->name, chapter->title};
	}
	if (!count)
		ui_error(ui, text_copy("This kit has no handbook folder with chapters."));
	while (count && dialog_menu(ui->app, "Handbook", "Which chapter?", &buttons,
				    items, count, current, &choice) == BUTTON_OK) {
		ui_chapter(ui, choice);
		free(current);
		current = choice;
	}
	free(current);
	free(items);
	chapters_free(all);
}
