/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose answers are judged, and so as whom learner's files are opened and learner's code
 * runs: the caller of sudo; nobody, if root itself asks; or whoever runs the grader.
 */
#ifndef BPFHOL_GRADER_LEARNER_H
#define BPFHOL_GRADER_LEARNER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct learner {
	uid_t files_uid; /* as whom files are opened: root's own are root's */
	gid_t files_gid;
	uid_t code_uid; /* as whom code runs: never root */
	gid_t code_gid;
	bool privileged; /* we are root and have to step down */
};

/* Returns 0, or -ENOENT if an account that is needed does not exist. */
int learner_find(struct learner *out);

/* learner_become - in a child, for good: groups, gid, uid. Returns 0 or -errno. */
int learner_become(const struct learner *learner);

/*
 * learner_open - open a learner's file for reading, with that learner's rights alone.
 * Only regular files. Returns a descriptor (close-on-exec) or -errno; -EISDIR for what
 * is no regular file.
 */
int learner_open(const struct learner *learner, const char *path);

/*
 * learner_read - the whole of such a file, NUL-terminated, to be freed.
 * Returns 0 or -errno as above; -EFBIG above LIMIT bytes, -EINVAL with a NUL byte in it.
 */
int learner_read(const struct learner *learner, const char *path, size_t limit,
		 char **out);

#endif
