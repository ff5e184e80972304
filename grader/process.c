// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/array.h"
#include "common/num.h"
#include "grader/process.h"

#define DESCENDANTS_MAX 16
#define DELETED " (deleted)"

int process_look(pid_t pid, struct process *out)
{
	char path[64], line[256];
	FILE *status;

	*out = (struct process){.pid = pid};
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	if (!status)
		return -ESRCH;
	while (fgets(line, sizeof(line), status)) {
		sscanf(line, "State: %c", &out->state);
		sscanf(line, "PPid: %d", &out->parent);
		sscanf(line, "TracerPid: %d", &out->tracer);
		sscanf(line, "Uid: %u", &out->uid);
	}
	fclose(status);
	return out->state && !strchr("ZXx", out->state) ? 0 : -ESRCH;
}

struct family {
	pid_t *list;
	size_t count;
	uid_t uid;
};

static bool belongs(const struct family *family, pid_t pid)
{
	size_t i;

	for (i = 0; i < family->count && family->list[i] != pid; i++)
		;
	return i < family->count;
}

/* Adds those whose parent is in the family already; false: there are no more. */
static bool grow(struct family *family)
{
	size_t before = family->count;
	DIR *dir = opendir("/proc");
	struct process process;
	struct dirent *entry;
	uint64_t pid;
	pid_t *slot;

	while (dir && family->count <= DESCENDANTS_MAX && (entry = readdir(dir))) {
		if (parse_u64(entry->d_name, 1, INT_MAX, &pid) || belongs(family, pid) ||
		    process_look(pid, &process) || process.uid != family->uid ||
		    !belongs(family, process.parent))
			continue;
		slot = array_add(family->list, family->count);
		if (slot)
			*slot = pid;
	}
	if (dir)
		closedir(dir);
	return family->count > before;
}

size_t process_descendants(pid_t pid, pid_t **out)
{
	struct family family = {};
	struct process process;
	pid_t *first;

	*out = NULL;
	if (process_look(pid, &process))
		return 0;
	family.uid = process.uid;
	first = array_add(family.list, family.count);
	if (!first)
		return 0;
	*first = pid;
	while (grow(&family))
		;
	memmove(family.list, family.list + 1, --family.count * sizeof(*family.list));
	*out = family.list;
	return family.count;
}

static char *read_link(const char *path)
{
	char target[PATH_MAX];
	ssize_t len = readlink(path, target, sizeof(target) - 1);

	return len < 0 ? NULL : strndup(target, len);
}

char *process_exe(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return read_link(path);
}

/* Is NAME the last part of PATH, which may end in " (deleted)"? */
static bool ends_in(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
	size_t len = strlen(name);

	if (!strncmp(last, "memfd:", 6))
		last += 6;
	return !strncmp(last, name, len) && (!last[len] || !strcmp(last + len, DELETED));
}

bool process_runs(const char *exe, const char *program)
{
	return ends_in(exe, program);
}

/* Only a memfd can be sealed, whatever it is called. */
static bool is_sealed(int fd)
{
	const int wanted = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK;
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & wanted) == wanted;
}

static int open_memfd(const char *path, const char *name, const struct learner *learner)
{
	char *target = read_link(path);
	int fd = -ENOENT;

	if (target && !strncmp(target, "/memfd:", 7) && ends_in(target, name))
		fd = learner_open(learner, path);
	free(target);
	if (fd < 0 || is_sealed(fd))
		return fd;
	close(fd);
	return -ENOENT;
}

int process_memfd(pid_t pid, const char *name, const struct learner *learner)
{
	struct dirent *entry;
	int fd = -ENOENT;
	char path[300];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	while (dir && fd < 0 && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%s", pid, entry->d_name);
		fd = open_memfd(path, name, learner);
	}
	if (dir)
		closedir(dir);
	return fd < 0 ? -ENOENT : fd;
}
