/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this machine, this user and this copy of the kit can do: the checks of
 * `usdt doctor` (each tried for real), and those of the kit's own parts.
 */
#ifndef BPFHOL_MENU_CHECKUP_H
#define BPFHOL_MENU_CHECKUP_H

#include <stdbool.h>
#include <stdio.h>

struct app;
struct lab;

struct check {
	char *name; /* "hit", "compiler", ... */
	bool ok;
	bool optional; /* the kit does without it */
	char *what;    /* what it is about, as a statement that holds when ok */
	char *cause;
	char *fix;
};

struct checkup {
	struct check *checks;
	unsigned int count;
	bool traces; /* can probes be traced here? */
};

/* checkup_run - do them all. 0, or a negative errno with *ERROR when a program of the kit
 * cannot even be run. */
int checkup_run(const struct app *app, struct checkup *checkup, char **error);
void checkup_fini(struct checkup *checkup);

/* checkup_print - for a person; checkup_json - one object a check. */
void checkup_print(FILE *out, const struct checkup *checkup);
void checkup_json(FILE *out, const struct checkup *checkup);

/* checkup_lab - can each question of a lab be judged here? Prints one line (or object) a
 * question and returns whether all can. */
bool checkup_lab(FILE *out, const struct checkup *checkup, const struct lab *lab,
		 bool json);

#endif
