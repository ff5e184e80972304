// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wild_find.h"

/* In a note provider and name stand one behind the other, each with a zero at its end. */
static bool has_note(const char *path, const struct wild_place *place)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), len;
	void *file = MAP_FAILED;
	char words[100];
	struct stat st;
	bool has;

	if (fd < 0)
		return false;
	if (!fstat(fd, &st) && st.st_size > 0)
		file = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (file == MAP_FAILED)
		return false;
	len = snprintf(words, sizeof(words), "%s%c%s", place->provider, 0, place->probe);
	has = memmem(file, st.st_size, words, len + 1);
	munmap(file, st.st_size);
	return has;
}

/* PROGRAM is the path of a file, no symbolic link. */
static bool has_probe(const char *program, const struct wild_place *place)
{
	int folder = strrchr(program, '/') - program;
	char *library;
	bool has;

	if (!place->library)
		return has_note(program, place);
	if (asprintf(&library, "%.*s/%s", folder, program, place->library) < 0)
		return false;
	has = has_note(library, place);
	free(library);
	return has;
}

char *wild_find(const struct wild_place *place)
{
	char *patterns = strdup(place->programs), *pattern, *rest = patterns;
	char *found = NULL;
	glob_t paths = {0};
	size_t i;

	while (rest && (pattern = strsep(&rest, " ")))
		glob(pattern, paths.gl_pathc ? GLOB_APPEND : 0, NULL, &paths);
	for (i = 0; i < paths.gl_pathc && !found; i++) {
		found = realpath(paths.gl_pathv[i], NULL);
		if (!found || (!access(found, X_OK) && has_probe(found, place)))
			continue;
		free(found);
		found = NULL;
	}
	globfree(&paths);
	free(patterns);
	return found;
}
