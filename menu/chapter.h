/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handbook's chapters: handbook/NAME.md, rendered for a terminal by lowdown(1). */
#ifndef BPFHOL_MENU_CHAPTER_H
#define BPFHOL_MENU_CHAPTER_H

#include <stdbool.h>

struct user;

struct chapter {
	char *name;
	char *title; /* its first heading */
};

/* chapters - all of them by name; ends with a NULL name. NULL with errno on error. */
struct chapter *chapters(void);
void chapters_free(struct chapter *chapters);

/* chapter_path - of the chapter NAME, or of lab NAME's chapter; to be freed. NULL with
 * *ERROR when there is none. */
char *chapter_path(const char *name, char **error);

/*
 * chapter_render - as text of WIDTH columns, to be freed; NULL with errno.
 * @plain: no colour, no bold. Without lowdown the Markdown itself, which reads well too.
 */
char *chapter_render(const struct user *user, const char *path, unsigned int width,
		     bool plain);

#endif
