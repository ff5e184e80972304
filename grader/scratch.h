/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder for what the grader compiles and runs, gone afterwards:
 *
 *	/tmp/grade.XXXXXX/	ours: nobody else can put anything here, or rename it
 *		bin/, targets/	copies of what the compiler needs of the kit
 *		usdt-passwd	the program that was made, once scratch_take() has it
 *		work/		the learner's: source, output, temporary files
 *
 * As root no path that the learner could turn into another is ever opened: work/ is
 * written to before it becomes the learner's, read with the learner's rights, and emptied
 * by a process that has become the learner.
 */
#ifndef BPFHOL_GRADER_SCRATCH_H
#define BPFHOL_GRADER_SCRATCH_H

#include "grader/learner.h"

#define SCRATCH_WORK "work"

struct scratch;

/* scratch_new - in $TMPDIR, else /tmp; see scratch.c. Returns NULL with errno. */
struct scratch *scratch_new(const struct learner *learner);

/* scratch_free - the folder and all in it. NULL is fine. */
void scratch_free(struct scratch *scratch);

/* scratch_work - the path of work/. */
const char *scratch_work(const struct scratch *scratch);

/* scratch_copy - the file FROM as NAME beside work/; folders in NAME are made. */
int scratch_copy(struct scratch *scratch, const char *name, const char *from);

/* scratch_write - a file in work/, before scratch_give(). */
int scratch_write(struct scratch *scratch, const char *name, const char *text);

/* scratch_give - from now on work/ belongs to whom learner's code runs as. */
int scratch_give(struct scratch *scratch);

/*
 * scratch_take - what the compiler left as work/NAME, copied to where the learner can
 * change it no more; *PATH, to be freed. All of these return 0 or -errno.
 */
int scratch_take(struct scratch *scratch, const char *name, char **path);

#endif
