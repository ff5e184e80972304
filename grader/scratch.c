// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/scratch.h"

char *scratch_make(const struct learner *learner)
{
	char template[] = "/tmp/grade.XXXXXX";

	if (!mkdtemp(template))
		return NULL;
	if (learner->privileged &&
	    chown(template, learner->code_uid, learner->code_gid)) {
		rmdir(template);
		return NULL;
	}
	return strdup(template);
}

int scratch_write(const char *folder, const char *name, const char *text)
{
	size_t len = strlen(text), done = 0;
	char *path;
	ssize_t n;
	int fd, err = 0;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return -ENOMEM;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		err = -errno;
	else if (fchmod(fd, 0644)) /* whatever the umask is */
		err = -errno;
	while (!err && done < len) {
		n = write(fd, text + done, len - done);
		if (n < 0)
			err = -errno;
		else
			done += n;
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return err;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	remove(path);
	return 0;
}

void scratch_remove(char *folder)
{
	if (!folder)
		return;
	/* FTW_PHYS: a link is removed, never followed. */
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	free(folder);
}
