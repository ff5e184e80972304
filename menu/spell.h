/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a chapter shows on a page and a terminal cannot show, in words. Code stays as it
 * is. In Markdown, out Markdown.
 */
#ifndef BPFHOL_MENU_SPELL_H
#define BPFHOL_MENU_SPELL_H

/*
 * spell_out - figures, links and comments; to be freed.
 *	![two boxes](figures/boxes.svg)		(Figure: two boxes)
 *	[the names](names.md#stars)		the names (`bin/bpfhol read names`)
 *	[usdt(1)](man/usdt.1.md)		usdt(1)
 *	<!-- made by a script -->		nothing
 */
char *spell_out(const char *source);

/*
 * spell_tables - those wider than WIDTH columns as lists; to be freed.
 *	| what | plain | traced |
 *	|------|-------|--------|
 *	| nop  | 1 ns  | 5 us   |		- nop: plain 1 ns; traced 5 us
 */
char *spell_tables(const char *source, unsigned int width);

#endif
