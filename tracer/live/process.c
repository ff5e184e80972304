// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/array.h"
#include "tracer/live/process.h"

#define DELETED " (deleted)"

struct mapped_file *process_files_find(struct process_files *files, const char *path)
{
	size_t i;

	for (i = 0; i < files->count; i++)
		if (!strcmp(files->files[i].path, path))
			return &files->files[i];
	return NULL;
}

/*
 * Is what we see at PATH what the process has mapped? Two file systems may have the same
 * inode number at the same path, so the process' view of it must be on the same device;
 * where that may not be seen, nothing of the process may be traced either.
 */
static bool is_same_file(pid_t pid, const char *path, unsigned long inode)
{
	struct stat ours, theirs;
	char *through_root;
	bool same;

	if (stat(path, &ours) || ours.st_ino != inode)
		return false;
	if (asprintf(&through_root, "/proc/%d/root%s", pid, path) < 0)
		return true;
	same = stat(through_root, &theirs) || theirs.st_dev == ours.st_dev;
	free(through_root);
	return same;
}

/*
 * The plain path if it is the very file that is mapped, else through the process' root
 * (a container's), else, when its name is gone, through the mapping itself.
 */
static char *find_open_path(pid_t pid, const char *path, const struct mapping *m,
			    unsigned long inode)
{
	size_t len = strlen(path), tail = strlen(DELETED);
	char *open_path = NULL;

	if (is_same_file(pid, path, inode))
		return strdup(path);
	if (len > tail && !strcmp(path + len - tail, DELETED)) {
		if (asprintf(&open_path, "/proc/%d/map_files/%llx-%llx", pid,
			     (unsigned long long)m->start,
			     (unsigned long long)m->end) < 0)
			return NULL;
		return open_path;
	}
	if (asprintf(&open_path, "/proc/%d/root%s", pid, path) < 0)
		return NULL;
	return open_path;
}

/* A newline in a file's name stands as \012 in proc(5)'s maps. */
static void restore_newlines(char *path)
{
	char *at = path;

	while ((at = strstr(at, "\\012"))) {
		*at++ = '\n';
		memmove(at, at + 3, strlen(at + 3) + 1);
	}
}

static int add_line(struct process_files *files, pid_t pid, char *line)
{
	struct mapped_file *file;
	struct mapping m, *slot;
	unsigned long long start, end, offset;
	unsigned long inode;
	char perms[8];
	int path_at = 0;

	if (sscanf(line, "%llx-%llx %7s %llx %*s %lu %n", &start, &end, perms, &offset,
		   &inode, &path_at) < 5 ||
	    !path_at || line[path_at] != '/')
		return 0;
	restore_newlines(line + path_at);
	m = (struct mapping){start, end, offset, perms[1] == 'w', perms[2] == 'x'};
	file = process_files_find(files, line + path_at);
	if (!file) {
		file = array_add(files->files, files->count);
		if (!file)
			return -ENOMEM;
		file->path = strdup(line + path_at);
		file->open_path = find_open_path(pid, line + path_at, &m, inode);
		if (!file->path || !file->open_path)
			return -ENOMEM;
	}
	slot = array_add(file->mappings, file->nmappings);
	if (!slot)
		return -ENOMEM;
	*slot = m;
	file->has_code |= perms[2] == 'x';
	return 0;
}

static void file_fini(struct mapped_file *file)
{
	free(file->path);
	free(file->open_path);
	free(file->mappings);
}

static void drop_files_without_code(struct process_files *files)
{
	size_t i, kept = 0;

	for (i = 0; i < files->count; i++) {
		struct mapped_file *file = &files->files[i];

		if (!file->has_code) {
			file_fini(file);
			continue;
		}
		files->files[kept++] = *file;
	}
	files->count = kept;
}

static bool has_ended(char state)
{
	return state == 'Z' || state == 'X';
}

/*
 * PID if its first thread has not ended, else another of its threads, else PID: a first
 * thread that has ended has no memory any more, though the process has.
 */
static pid_t living_thread(pid_t pid)
{
	struct dirent *entry;
	pid_t found = pid;
	char path[64];
	DIR *tasks;

	if (!has_ended(process_state(pid)))
		return pid;
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (tasks && (entry = readdir(tasks)))
		if (*entry->d_name != '.' && atoi(entry->d_name) != pid)
			found = atoi(entry->d_name);
	if (tasks)
		closedir(tasks);
	return found;
}

int process_files_read(pid_t pid, struct process_files *out)
{
	char path[64], *line = NULL;
	size_t room = 0;
	ssize_t len;
	FILE *maps;
	int err = 0;

	*out = (struct process_files){0};
	snprintf(path, sizeof(path), "/proc/%d/task/%d/maps", pid, living_thread(pid));
	maps = fopen(path, "re");
	if (!maps)
		return errno == ENOENT ? -ESRCH : -errno;
	while (!err && (len = getline(&line, &room, maps)) > 0) {
		line[len - (line[len - 1] == '\n')] = '\0';
		err = add_line(out, pid, line);
	}
	if (!err && ferror(maps))
		err = -ESRCH; /* it ended while we read */
	free(line);
	fclose(maps);
	if (!err)
		drop_files_without_code(out);
	else
		process_files_fini(out);
	return err;
}

void process_files_fini(struct process_files *files)
{
	size_t i;

	for (i = 0; i < files->count; i++)
		file_fini(&files->files[i]);
	free(files->files);
	*files = (struct process_files){0};
}

/* The address of a file's OFFSET in a mapping that is writable, or executable. */
static int find_address(const struct mapped_file *file, uint64_t offset, bool writable,
			uint64_t *out)
{
	size_t i;

	for (i = 0; i < file->nmappings; i++) {
		const struct mapping *m = &file->mappings[i];

		if (!(writable ? m->writable : m->executable) || offset < m->offset ||
		    offset - m->offset >= m->end - m->start)
			continue;
		*out = m->start + offset - m->offset;
		return 0;
	}
	return -ENOENT;
}

int process_address(const struct mapped_file *file, uint64_t offset, uint64_t *out)
{
	return find_address(file, offset, false, out);
}

ssize_t process_read(pid_t pid, uint64_t address, void *out, size_t size)
{
	char path[64];
	ssize_t n;
	int fd, err;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	n = pread(fd, out, size, (off_t)address);
	err = errno;
	close(fd);
	if (n < 0)
		return -err;
	return n ? n : -ESRCH; /* its memory is gone: it has ended, but is there yet */
}

/* The line of proc(5)'s maps about the mapping that holds ADDRESS, to be freed, or NULL.
 */
static char *mapping_line(pid_t pid, uint64_t address)
{
	unsigned long long start, end;
	char path[64], *line = NULL;
	bool found = false;
	size_t room = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	while (maps && !found && getline(&line, &room, maps) > 0)
		found = sscanf(line, "%llx-%llx", &start, &end) == 2 &&
			address >= start && address < end;
	if (maps)
		fclose(maps);
	if (found)
		return line;
	free(line);
	return NULL;
}

void process_mapping_name(pid_t pid, uint64_t address, char *out, size_t size)
{
	char *line = mapping_line(pid, address);
	int name_at = 0;

	*out = '\0';
	if (line)
		sscanf(line, "%*s %*s %*s %*s %*s %n", &name_at);
	if (name_at)
		snprintf(out, size, "%.*s", (int)strcspn(line + name_at, "\n"),
			 line + name_at);
	free(line);
}

int process_mapping_start(pid_t pid, uint64_t address, uint64_t *out)
{
	char *line = mapping_line(pid, address);

	if (!line)
		return -ENOENT;
	*out = strtoull(line, NULL, 16);
	free(line);
	return 0;
}

int process_read_u16(pid_t pid, const struct mapped_file *file, uint64_t offset,
		     uint16_t *out)
{
	uint64_t address;
	ssize_t n;
	int err = find_address(file, offset, true, &address);

	if (err)
		return err;
	n = process_read(pid, address, out, sizeof(*out));
	if (n < 0)
		return (int)n;
	return n == sizeof(*out) ? 0 : -EIO;
}

char process_state(pid_t pid)
{
	char path[64], line[512], *name_end;
	FILE *stat;
	size_t len;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	stat = fopen(path, "re");
	if (!stat)
		return 0;
	len = fread(line, 1, sizeof(line) - 1, stat);
	fclose(stat);
	line[len] = '\0';
	name_end = strrchr(line, ')'); /* the name may hold blanks, newlines and ')' */
	return name_end && name_end[1] ? name_end[2] : 0;
}

bool process_first_thread_ended(pid_t pid)
{
	return has_ended(process_state(pid)) && living_thread(pid) != pid;
}

bool process_ended(pid_t pid)
{
	char state = process_state(pid);

	return !state || (has_ended(state) && living_thread(pid) == pid);
}
