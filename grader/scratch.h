/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder for what the grader compiles: mode 0700, gone afterwards. */
#ifndef BPFHOL_GRADER_SCRATCH_H
#define BPFHOL_GRADER_SCRATCH_H

#include "grader/learner.h"

/*
 * scratch_make - a new folder that belongs to whom learner's code runs as.
 * Returns its path, to be given to scratch_remove(), or NULL with errno.
 */
char *scratch_make(const struct learner *learner);

/* scratch_write - a file in it, for that account to read. Returns 0 or -errno. */
int scratch_write(const char *folder, const char *name, const char *text);

/* scratch_copy - the file FROM as such a file, NAME; folders in NAME are made. */
int scratch_copy(const char *folder, const char *name, const char *from);

/* scratch_remove - the folder, all in it, and the path. NULL is fine. */
void scratch_remove(char *folder);

#endif
