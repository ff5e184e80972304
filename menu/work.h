/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The learner's own copy of a source: FOLDER/work/LAB/SOURCE, what `build` makes of it
 * beside it, and the copies `reset` put aside in FOLDER/backup. The kit's own files are
 * never changed.
 */
#ifndef BPFHOL_MENU_WORK_H
#define BPFHOL_MENU_WORK_H

#include "common/lab.h"

struct app;

/* Which one: a target that has a source, and its lab. */
struct work {
	const struct lab *lab;
	const struct lab_target *target;
};

/* work_find - of that program; NULL: of the only one that has a source. 0, or -ENOENT
 * with *ERROR. */
int work_find(const struct lab *lab, const char *program, struct work *work,
	      char **error);

/* work_source, work_program - where they are, to be freed. */
char *work_source(const char *folder, const struct work *work);
char *work_program(const char *folder, const struct work *work);

/* work_words - what to type behind `bpfhol edit`, and the state's name for it: "passwd",
 * or "writing shelf". To be freed. */
char *work_words(const struct work *work);

/* work_make - the copy, if there is none yet. 1 made, 0 there already, negative errno
 * with *ERROR. */
int work_make(const char *folder, const struct work *work, char **error);

/* work_changed - is there a copy, and is it no longer the original? */
int work_changed(const char *folder, const struct work *work);

/* work_prepare - make it, with the state's folder and lock taken first. */
int work_prepare(const char *folder, const struct work *work, char **error);

/*
 * work_reset - the original again; what was there goes to *BACKUP (a path to be freed,
 * NULL when nothing had been edited). 1 reset, 0 there was no copy, or a negative errno
 * with *ERROR.
 */
int work_reset(const char *folder, const struct work *work, char **backup, char **error);

/*
 * work_build - compile the copy by the kit's command and remember compiler and flags in
 * the state. @build: see common/compile.h; "" the kit's own. *COMMAND is what was run,
 * *MESSAGES what the compiler said (both to be freed). Returns 0 compiled, 1 it does not
 * compile, or a negative errno with *ERROR.
 */
int work_build(const struct app *app, const struct work *work, const char *build,
	       char **command, char **messages, char **error);

/*
 * work_environment - what $CC and $CFLAGS say as a build: "cc -O2", or "" when neither is
 * set. Paths in it are made absolute where they lead to something. To be freed.
 */
char *work_environment(void);

#endif
