/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The menu: `bpfhol` without a subcommand. */
#ifndef BPFHOL_MENU_UI_H
#define BPFHOL_MENU_UI_H

struct app;

/* ui_main - open the menu, or say why it cannot be and what there is instead. Returns the
 * exit status. */
int ui_main(struct app *app);

#endif
