// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/scratch.h"
#include "grader/sweep.h"

#define PATIENCE_MS 5000 /* a learner's program may have left any number of files */
#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* All in a folder but the entry BUT. A link is removed, never followed. */
static void remove_all(int fd, const char *but)
{
	int copy = openat(fd, ".", FOLDER), inner;
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!dir && copy >= 0)
		close(copy);
	while (dir && (entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (!strcmp(name, ".") || !strcmp(name, "..") ||
		    (but && !strcmp(name, but)) || unlinkat(fd, name, 0) == 0)
			continue;
		inner = openat(fd, name, FOLDER);
		if (inner < 0 && errno == EACCES && fchmodat(fd, name, 0700, 0) == 0)
			inner = openat(fd, name, FOLDER);
		if (inner >= 0) {
			remove_all(inner, NULL);
			close(inner);
		}
		unlinkat(fd, name, AT_REMOVEDIR);
	}
	if (dir)
		closedir(dir);
}

/* However long it takes: the learner's other processes may stop it, or add files. */
static void wait_or_kill(pid_t pid)
{
	int ms;

	for (ms = 0; ms < PATIENCE_MS; ms++) {
		if (waitpid(pid, NULL, WNOHANG))
			return;
		usleep(1000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void remove_as(const struct learner *learner, int fd)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (learner_become(learner) == 0)
			remove_all(fd, NULL);
		_exit(0);
	}
	if (pid > 0)
		wait_or_kill(pid);
}

void sweep_empty(int fd, const struct learner *learner)
{
	int work = openat(fd, SCRATCH_WORK, FOLDER);

	if (work >= 0) {
		if (learner && learner->privileged)
			remove_as(learner, work);
		else
			remove_all(work, NULL);
		close(work);
		unlinkat(fd, SCRATCH_WORK, AT_REMOVEDIR);
	}
	remove_all(fd, SCRATCH_WORK);
}

static bool leads_into(int proc, const char *link, const char *folder)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(proc, link, target, sizeof(target) - 1);
	size_t length = strlen(folder);

	if (len <= 0)
		return false;
	target[len] = '\0';
	return !strncmp(target, folder, length) && target[length] == '/';
}

/* What the learner's program forked outlives a grader that was killed. */
static void kill_inside(const char *folder, uid_t owner)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int pid_fd, process;
	struct stat st;

	while (proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		/* First the handle, then the look: it stays the process looked at. */
		pid_fd = syscall(SYS_pidfd_open, atoi(entry->d_name), 0);
		process = openat(dirfd(proc), entry->d_name, FOLDER);
		if (pid_fd >= 0 && process >= 0 && fstat(process, &st) == 0 &&
		    st.st_uid == owner &&
		    (leads_into(process, "exe", folder) ||
		     leads_into(process, "cwd", folder)))
			syscall(SYS_pidfd_send_signal, pid_fd, SIGKILL, NULL, 0);
		if (pid_fd >= 0)
			close(pid_fd);
		if (process >= 0)
			close(process);
	}
	if (proc)
		closedir(proc);
}

static void sweep_one(int parent, const char *parent_path, const char *name)
{
	int fd = openat(parent, name, FOLDER);
	char path[PATH_MAX];
	struct stat st, work;
	struct learner owner = {};

	if (fd < 0)
		return;
	if (fstat(fd, &st) || st.st_uid != 0 || (st.st_mode & 07777) != SWEEP_MODE ||
	    flock(fd, LOCK_EX | LOCK_NB))
		goto out;
	if (!fstatat(fd, SCRATCH_WORK, &work, AT_SYMLINK_NOFOLLOW) && work.st_uid) {
		owner.code_uid = work.st_uid;
		owner.code_gid = work.st_gid;
		owner.privileged = true;
		snprintf(path, sizeof(path), "%s/%s", parent_path, name);
		kill_inside(path, work.st_uid);
	}
	sweep_empty(fd, &owner);
	unlinkat(parent, name, AT_REMOVEDIR);
out:
	close(fd);
}

void sweep(const char *parent)
{
	char *path = realpath(parent, NULL);
	DIR *dir = path ? opendir(path) : NULL;
	size_t length = strlen(SWEEP_NAME);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (!strncmp(entry->d_name, SWEEP_NAME, length) &&
		    strlen(entry->d_name) == length + 6)
			sweep_one(dirfd(dir), path, entry->d_name);
	}
	if (dir)
		closedir(dir);
	free(path);
}
