/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding labs and questions by the names people type. A name that is unknown gives an
 * error that lists what there is and guesses what was meant.
 */
#ifndef BPFHOL_MENU_CATALOG_H
#define BPFHOL_MENU_CATALOG_H

#include "common/lab.h"

/* A set of labs that are started together. */
struct lab_set {
	const char *name;
	const char *labs[4]; /* ends with NULL; some may not be in this kit */
};

extern const struct lab_set lab_sets[]; /* ends with a NULL name */

/*
 * catalog_lab - load a lab by name. 0; -ENOENT no such lab; -EINVAL its file is broken.
 * catalog_question - by "lab.question"; *QUESTION points into *LAB.
 * On error *ERROR says what to type instead (to be freed).
 */
int catalog_lab(const char *name, struct lab **lab, char **error);
int catalog_question(const char *id, struct lab **lab, const struct question **question,
		     char **error);

/*
 * catalog_all - the lab of that name, or with NULL every lab. Ends with NULL;
 * catalog_free() frees the labs too. NULL with *ERROR on error.
 */
struct lab **catalog_all(const char *name, char **error);
void catalog_free(struct lab **labs);

/* catalog_set - the set of that name, or NULL. */
const struct lab_set *catalog_set(const char *name);

/* question_id - "lab.question", to be freed. */
char *question_id(const struct lab *lab, const struct question *question);

/* question_privileged - does judging it need root? */
int question_privileged(const struct question *question);

/* nearest - the one of NAMES (ends with NULL) that is most like WORD, or NULL when none
 * is like it. */
const char *nearest(const char *word, char *const names[]);

#endif
