/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Removing scratch folders: one's own at the end, and those of graders that were killed
 * before they could (SIGKILL, a crash of the machine).
 */
#ifndef BPFHOL_GRADER_SWEEP_H
#define BPFHOL_GRADER_SWEEP_H

#include "grader/learner.h"

#define SWEEP_NAME "grade." /* and six letters */
#define SWEEP_MODE 0710	    /* of a folder whose grader holds, or held, its lock */

/*
 * sweep_empty - remove what is in the folder FD. @learner: whose work/ is, so that it is
 * emptied with no more rights than that; NULL: ours.
 */
void sweep_empty(int fd, const struct learner *learner);

/*
 * sweep - as root: remove the folders of graders that are dead, and kill what still runs
 * in them. A folder is one of those if it is root's, has the name and the mode, and
 * nobody holds its lock.
 */
void sweep(const char *parent);

#endif
