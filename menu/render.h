/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A chapter for the screen, by lowdown(1). Before that its commands are made to work as
 * they are shown: broken where they are wider than the screen, and without the folder
 * bin/ where the kit is installed. Figures, links and wide tables become words.
 */
#ifndef BPFHOL_MENU_RENDER_H
#define BPFHOL_MENU_RENDER_H

#include <stdbool.h>

struct user;

/*
 * chapter_render - as text of WIDTH columns, to be freed; NULL with errno.
 * @plain: no colour, no bold. Without lowdown the Markdown itself, which reads well too.
 */
char *chapter_render(const struct user *user, const char *path, unsigned int width,
		     bool plain);

#endif
