// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "tracer/commands/explain.h"
#include "tracer/commands/safe_text.h"

/* Does one of the process' mappings have this inode? (proc(5): its fourth and fifth
 * column.) */
static bool maps_file(const char *pid, const struct stat *file)
{
	char path[300], line[4400];
	unsigned int device_major, device_minor;
	unsigned long inode;
	bool found = false;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%s/maps", pid);
	maps = fopen(path, "re");
	while (maps && !found && fgets(line, sizeof(line), maps))
		found = sscanf(line, "%*s %*s %*s %x:%x %lu", &device_major,
			       &device_minor, &inode) == 3 &&
			inode == file->st_ino &&
			makedev(device_major, device_minor) == file->st_dev;
	if (maps)
		fclose(maps);
	return found;
}

/* How many processes have the file mapped; *PID is one of them. *TRACED tells whether the
 * process that is traced is one, or that any is. */
static size_t count_mappers(const struct search *s, const char *path, char pid[32],
			    bool *traced)
{
	struct dirent *entry;
	struct stat file;
	size_t count = 0;
	DIR *proc;

	*traced = !s->pid;
	if (stat(path, &file))
		return 0;
	proc = opendir("/proc");
	while (proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)*entry->d_name) ||
		    !maps_file(entry->d_name, &file))
			continue;
		if (!count++)
			snprintf(pid, 32, "%.31s", entry->d_name);
		*traced |= atoi(entry->d_name) == s->pid;
	}
	if (proc)
		closedir(proc);
	return count;
}

static bool has_marks(const struct searched_file *file)
{
	size_t i;

	for (i = 0; i < file->list.count; i++)
		if (file->matched[i])
			return true;
	return false;
}

void explain_silence(const struct search *s, const char *what, const char *or_else)
{
	char pid[32] = "";
	size_t i, count;
	bool traced;

	for (i = 0; i < s->count; i++) {
		const struct searched_file *file = s->files[i];

		if (!has_marks(file))
			continue;
		count = count_mappers(s, file->list.open_path, pid, &traced);
		if (!count)
			safe_printf(stderr,
				    "nothing yet: no process has '%s' mapped; it will be "
				    "traced once one starts\n",
				    file->list.path);
		else if (!traced)
			safe_printf(
				stderr,
				"nothing yet: process %d has not mapped '%s', but %zu "
				"other%s (%s%s)\n",
				s->pid, file->list.path, count,
				count == 1 ? " has" : "s have", pid,
				count == 1 ? "" : ", ...");
		else
			safe_printf(
				stderr,
				"nothing yet: %zu process%s '%s' mapped (%s%s), but %s "
				"not %s%s\n",
				count, count == 1 ? " has" : "es have", file->list.path,
				pid, count == 1 ? "" : ", ...",
				count == 1 ? "has" : "have", what, or_else);
	}
}
