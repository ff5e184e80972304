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

/* A new file, readable whatever the umask is. */
static int create(const char *folder, const char *name)
{
	char *path, *slash;
	int fd;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return -ENOMEM;
	for (slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(path, 0755) == 0)
			chmod(path, 0755);
		*slash = '/';
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0 || fchmod(fd, 0644))
		fd = -errno;
	free(path);
	return fd;
}

static int write_all(int fd, const char *bytes, size_t len)
{
	ssize_t n;

	for (; len; bytes += n, len -= n) {
		n = write(fd, bytes, len);
		if (n < 0)
			return -errno;
	}
	return 0;
}

int scratch_write(const char *folder, const char *name, const char *text)
{
	int fd = create(folder, name), err;

	if (fd < 0)
		return fd;
	err = write_all(fd, text, strlen(text));
	close(fd);
	return err;
}

int scratch_copy(const char *folder, const char *name, const char *from)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out, err = 0;
	char bytes[16384];
	ssize_t n;

	if (in < 0)
		return -errno;
	out = create(folder, name);
	if (out < 0) {
		close(in);
		return out;
	}
	while (!err && (n = read(in, bytes, sizeof(bytes))) > 0)
		err = write_all(out, bytes, n);
	if (!err && n < 0)
		err = -errno;
	close(in);
	close(out);
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
