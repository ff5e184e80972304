// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/num.h"
#include "grader/learner.h"

static bool from_environment(const char *name, unsigned int *id)
{
	const char *text = getenv(name);
	uint64_t value;

	if (!text || parse_u64(text, 1, UINT32_MAX - 1, &value))
		return false;
	*id = value;
	return true;
}

int learner_find(struct learner *out)
{
	const struct passwd *nobody;

	*out = (struct learner){
		.files_uid = getuid(),
		.files_gid = getgid(),
		.code_uid = getuid(),
		.code_gid = getgid(),
	};
	if (geteuid() != 0)
		return 0;
	out->privileged = true;
	if (from_environment("SUDO_UID", &out->code_uid) &&
	    from_environment("SUDO_GID", &out->code_gid)) {
		out->files_uid = out->code_uid;
		out->files_gid = out->code_gid;
		return 0;
	}
	nobody = getpwnam("nobody");
	if (!nobody || nobody->pw_uid == 0)
		return -ENOENT;
	out->code_uid = nobody->pw_uid;
	out->code_gid = nobody->pw_gid;
	return 0;
}

int learner_become(const struct learner *learner)
{
	if (!learner->privileged)
		return 0;
	if (setgroups(0, NULL) ||
	    setresgid(learner->code_gid, learner->code_gid, learner->code_gid) ||
	    setresuid(learner->code_uid, learner->code_uid, learner->code_uid))
		return -errno;
	return getuid() == learner->code_uid && setuid(0) ? 0 : -EPERM;
}

/* Steps down for one open(2); the effective ids decide about files. */
static int open_as(const struct learner *learner, const char *path, int flags)
{
	gid_t groups[1024];
	int count = getgroups(1024, groups), fd;

	if (count < 0)
		return -errno;
	if (setgroups(0, NULL) || setegid(learner->files_gid) ||
	    seteuid(learner->files_uid))
		fd = -1;
	else
		fd = open(path, flags);
	if (fd < 0)
		fd = -errno;
	/* Not to get back what we were would leave us half privileged: end there. */
	if (seteuid(0) || setegid(0) || setgroups(count, groups))
		abort();
	return fd;
}

int learner_open(const struct learner *learner, const char *path)
{
	/* O_NONBLOCK: a named pipe must not hold us. */
	int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, fd;
	struct stat st;

	if (learner->privileged && learner->files_uid != 0) {
		fd = open_as(learner, path, flags);
	} else {
		fd = open(path, flags);
		if (fd < 0)
			fd = -errno;
	}
	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		close(fd);
		return -EISDIR;
	}
	return fd;
}

int learner_read(const struct learner *learner, const char *path, size_t limit,
		 char **out)
{
	int fd = learner_open(learner, path), err = 0;
	size_t len = 0;
	ssize_t n = 0;
	char *text;

	if (fd < 0)
		return fd;
	text = malloc(limit + 1);
	if (!text)
		err = -ENOMEM;
	while (!err && len <= limit && (n = read(fd, text + len, limit + 1 - len)) > 0)
		len += n;
	if (!err && n < 0)
		err = -errno;
	else if (!err && len > limit)
		err = -EFBIG;
	close(fd);
	if (!err) {
		text[len] = '\0';
		if (strlen(text) != len)
			err = -EINVAL;
	}
	if (err)
		free(text);
	else
		*out = text;
	return err;
}
