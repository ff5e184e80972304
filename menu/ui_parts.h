/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The screens of the menu, one file each; ui.c opens them. */
#ifndef BPFHOL_MENU_UI_PARTS_H
#define BPFHOL_MENU_UI_PARTS_H

#include "common/lab.h"
#include "menu/app.h"

/*
 * A leash: the end of a pipe that only the menu holds. When the menu dies, in whatever
 * manner, the keeper at the other end sees it and ends its target.
 */
struct leash {
	char *program;
	int fd;
};

struct ui {
	struct app *app;
	struct leash *leashes;
	unsigned int leashes_count;
};

/* ui_lab, ui_question, ui_handbook - a screen each, until the learner goes back. */
void ui_lab(struct ui *ui, const char *name);
void ui_question(struct ui *ui, const struct lab *lab, const struct question *question);
void ui_handbook(struct ui *ui);
void ui_chapter(struct ui *ui, const char *name);

/* ui_start - a lab's programs (under a leash), and what to type next. */
void ui_start(struct ui *ui, const struct lab *lab);

/* ui_stop - end the programs of a lab, or with NULL all. */
void ui_stop(struct ui *ui, const char *lab);

/* ui_leave - before quitting: ask about what this menu started and still runs. 0 to stay.
 */
int ui_leave(struct ui *ui);

/* ui_sudo - once, before the first screen; ui_sudo_again - before grading: sudo may have
 * forgotten by now. */
void ui_sudo(struct ui *ui);
void ui_sudo_again(struct ui *ui);

/* ui_words - TEXT with the menu's own entries and buttons for commands of bpfhol, to be
 * freed. ui_show - such a text in a window. */
char *ui_words(const char *text);
void ui_show(struct ui *ui, const char *title, const char *text);

/* ui_error - show an error and free it. */
void ui_error(struct ui *ui, char *error);

#endif
