/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Screens by dialog(1). It draws on the terminal; what was chosen or typed comes back by
 * a pipe. Texts with a learner's answers in them go in by a file in memory, since
 * everybody can read a program's arguments.
 */
#ifndef BPFHOL_MENU_DIALOG_H
#define BPFHOL_MENU_DIALOG_H

#include <stddef.h>

struct app;

/* Which button was pressed; the numbers are dialog's exit statuses. */
enum button {
	BUTTON_OK = 0,
	BUTTON_CANCEL = 1,
	BUTTON_HELP = 2,
	BUTTON_EXTRA = 3,
	BUTTON_ESCAPE = 255,
};

/* The labels; NULL: no such button (.ok and .cancel: as dialog has them). */
struct buttons {
	const char *ok, *cancel, *extra, *help;
};

struct item {
	const char *tag;
	const char *text;
};

/* dialog_menu - choose one of COUNT items. BUTTON_OK with *CHOICE, to be freed. The one
 * with tag CURRENT (or NULL) is lit at first. */
int dialog_menu(const struct app *app, const char *title, const char *text,
		const struct buttons *buttons, const struct item *items, size_t count,
		const char *current, char **choice);

/* dialog_input - type one line, START (or NULL) being there already: BUTTON_OK with
 * *VALUE, to be freed. */
int dialog_input(const struct app *app, const char *title, const char *text,
		 const struct buttons *buttons, const char *start, char **value);

/* dialog_ask - a question with buttons alone. */
int dialog_ask(const struct app *app, const char *title, const char *text,
	       const struct buttons *buttons);

/* dialog_text - lines to scroll through; those that are too wide are broken. */
void dialog_text(const struct app *app, const char *title, const char *text);

/* dialog_locale - once, before the first screen: have one that knows UTF-8. */
void dialog_locale(void);

/* dialog_clear - an empty terminal, for what runs outside of dialog. */
void dialog_clear(void);

#define DIALOG_WIDTH 72	 /* columns of text that fit into a screen of 80 */
#define TEXTBOX_WIDTH 74 /* where nothing but text is */

#endif
