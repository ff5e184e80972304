// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/scratch.h"
#include "grader/sweep.h"

struct scratch {
	struct learner learner;
	char *path, *work_path;
	int fd, work_fd;
	bool given;
};

/* Can nobody but root rename what lies in this folder, or the folders above it? */
static bool is_safe(const char *folder)
{
	char *path = realpath(folder, NULL), *slash;
	bool safe = path;
	struct stat st;

	while (safe) {
		safe = stat(*path ? path : "/", &st) == 0 && st.st_uid == 0 &&
		       (!(st.st_mode & 022) || st.st_mode & S_ISVTX);
		slash = strrchr(path, '/');
		if (!slash || !*path)
			break;
		*slash = '\0';
	}
	free(path);
	return safe;
}

static const char *temporary(const struct learner *learner)
{
	const char *own = getenv("TMPDIR");

	return own && own[0] == '/' && (!learner->privileged || is_safe(own)) ? own
									      : "/tmp";
}

/* The lock says that this grader lives; the mode, that the lock has been taken. */
static int open_outer(struct scratch *scratch)
{
	bool privileged = scratch->learner.privileged;

	scratch->fd =
		open(scratch->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (scratch->fd < 0 || flock(scratch->fd, LOCK_EX | LOCK_NB))
		return -errno;
	if (privileged && (fchown(scratch->fd, 0, scratch->learner.code_gid) ||
			   fchmod(scratch->fd, SWEEP_MODE)))
		return -errno;
	return 0;
}

static int open_work(struct scratch *scratch)
{
	if (mkdirat(scratch->fd, SCRATCH_WORK, 0700))
		return -errno;
	scratch->work_fd = openat(scratch->fd, SCRATCH_WORK,
				  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return scratch->work_fd < 0 || fchmod(scratch->work_fd, 0700) ? -errno : 0;
}

struct scratch *scratch_new(const struct learner *learner)
{
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	const char *parent = temporary(learner);
	int err = -ENOMEM;

	if (!scratch)
		return NULL;
	*scratch = (struct scratch){.learner = *learner, .fd = -1, .work_fd = -1};
	if (asprintf(&scratch->path, "%s/" SWEEP_NAME "XXXXXX", parent) < 0) {
		scratch->path = NULL;
		goto out;
	}
	if (asprintf(&scratch->work_path, "%s/" SWEEP_NAME "XXXXXX/" SCRATCH_WORK,
		     parent) < 0) {
		scratch->work_path = NULL;
		goto out;
	}
	if (learner->privileged)
		sweep(parent);
	if (!mkdtemp(scratch->path)) {
		err = -errno;
		goto out;
	}
	memcpy(scratch->work_path, scratch->path, strlen(scratch->path));
	err = open_outer(scratch);
	if (!err)
		err = open_work(scratch);
out:
	if (!err)
		return scratch;
	scratch_free(scratch);
	errno = -err;
	return NULL;
}

void scratch_free(struct scratch *scratch)
{
	if (!scratch)
		return;
	if (scratch->work_fd >= 0)
		close(scratch->work_fd);
	if (scratch->fd >= 0) {
		sweep_empty(scratch->fd, scratch->given ? &scratch->learner : NULL);
		rmdir(scratch->path);
		close(scratch->fd);
	}
	free(scratch->path);
	free(scratch->work_path);
	free(scratch);
}

const char *scratch_work(const struct scratch *scratch)
{
	return scratch->work_path;
}

/* A new file, readable whatever the umask is. */
static int create(int folder, const char *name)
{
	int fd = openat(folder, name,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd >= 0 && fchmod(fd, 0644) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -errno;
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

static int copy(int in, int out)
{
	char bytes[16384];
	ssize_t n;
	int err = 0;

	while (!err && (n = read(in, bytes, sizeof(bytes))) > 0)
		err = write_all(out, bytes, n);
	return !err && n < 0 ? -errno : err;
}

/* "targets/lib/seed.h" -> the folders targets and targets/lib. */
static int make_folders(int fd, const char *name)
{
	char *path = strdup(name), *slash;
	int err = path ? 0 : -ENOMEM;

	for (slash = path; !err && (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdirat(fd, path, 0755) == 0)
			err = fchmodat(fd, path, 0755, 0) ? -errno : 0;
		else if (errno != EEXIST)
			err = -errno;
		*slash = '/';
	}
	free(path);
	return err;
}

int scratch_copy(struct scratch *scratch, const char *name, const char *from)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1, err;

	if (in < 0)
		return -errno;
	err = make_folders(scratch->fd, name);
	if (!err)
		err = out = create(scratch->fd, name);
	if (out >= 0) {
		err = copy(in, out);
		close(out);
	}
	close(in);
	return err;
}

int scratch_write(struct scratch *scratch, const char *name, const char *text)
{
	int fd = create(scratch->work_fd, name), err;

	if (fd < 0)
		return fd;
	err = write_all(fd, text, strlen(text));
	close(fd);
	return err;
}

int scratch_give(struct scratch *scratch)
{
	const struct learner *learner = &scratch->learner;

	if (!learner->privileged)
		return 0;
	if (fchown(scratch->work_fd, learner->code_uid, learner->code_gid))
		return -errno;
	scratch->given = true;
	return 0;
}

int scratch_take(struct scratch *scratch, const char *name, char **path)
{
	struct learner rights = scratch->learner;
	int in, out, err;
	char *from;

	/* Also root's own code is nobody's, and so is what it leaves. */
	rights.files_uid = rights.code_uid;
	rights.files_gid = rights.code_gid;
	*path = NULL;
	if (asprintf(&from, "%s/%s", scratch->work_path, name) < 0)
		return -ENOMEM;
	in = learner_open(&rights, from);
	free(from);
	if (in < 0)
		return in;
	err = out = create(scratch->fd, name);
	if (out >= 0) {
		err = copy(in, out);
		/* As the folder: for the learner's group to run, for others not at all.
		 */
		if (!err && scratch->learner.privileged &&
		    fchown(out, 0, scratch->learner.code_gid))
			err = -errno;
		if (!err && fchmod(out, 0750))
			err = -errno;
		close(out);
	}
	close(in);
	if (!err && asprintf(path, "%s/%s", scratch->path, name) < 0) {
		*path = NULL;
		err = -ENOMEM;
	}
	return err;
}
