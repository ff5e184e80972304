/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handbook's chapters: handbook/NAME.md. */
#ifndef BPFHOL_MENU_CHAPTER_H
#define BPFHOL_MENU_CHAPTER_H

struct chapter {
	char *name;
	char *title; /* its first heading */
};

/* chapters - all of them in the order to read them in; ends with a NULL name. NULL with
 * errno on error. */
struct chapter *chapters(void);
void chapters_free(struct chapter *chapters);

/* chapter_path - of the chapter NAME, or of lab NAME's chapter; to be freed. NULL with
 * *ERROR when there is none. */
char *chapter_path(const char *name, char **error);

#endif
