/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Long lines on a narrow screen: nothing is cut off, and a command that is broken into
 * several lines can still be pasted and run as it stands.
 */
#ifndef BPFHOL_MENU_FOLD_H
#define BPFHOL_MENU_FOLD_H

#include <stdio.h>

/*
 * fold_text - lines wider than WIDTH go on in the next one, at a blank if there is one,
 * under the beginning of the first. Others stay as they are; tabs become blanks.
 */
void fold_text(FILE *out, const char *text, unsigned int width);

/*
 * fold_command - one line of shell, without a newline at its end. Where it is wider than
 * WIDTH it goes on behind a backslash: between two words, but not behind an option, which
 * may have a value; or else inside of a word, e.g.
 *	'usdt:/a/long/path:* '\
 *	'{ exit(); }'
 * A quoted word may go over several lines: QUOTE is the quote inside of which the line
 * begins, or 0, and becomes the one inside of which it ends. NULL: none.
 */
void fold_command(FILE *out, const char *line, unsigned int width, char *quote);

/* For commands: so they are whole on a screen of 80, and in a window on it. */
#define COMMAND_WIDTH 72

#endif
