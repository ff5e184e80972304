// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracer/static/find_file.h"

#define CACHE_PATH "/etc/ld.so.cache"
#define CACHE_MAGIC "glibc-ld.so.cache1.1"
#define CACHE_FLAGS_X86_64 \
	0x0303 /* an ELF library of libc6, 64-bit (glibc's ldconfig.h) */

/* glibc's sysdeps/generic/dl-cache.h, struct cache_file_new and file_entry_new. */
struct cache_header {
	char magic[20];
	uint32_t count, strings_size;
	uint8_t flags, padding[3];
	uint32_t extension_offset, unused[3];
};

struct cache_entry {
	int32_t flags;
	uint32_t key, value, os_version;
	uint64_t hwcap;
};

static char *absolute(const char *path)
{
	char *full, *directory;

	if (path[0] == '/')
		return strdup(path);
	full = realpath(path, NULL);
	if (full)
		return full;
	directory = getcwd(NULL, 0);
	if (!directory || asprintf(&full, "%s/%s", directory, path) < 0)
		full = NULL;
	free(directory);
	return full;
}

static bool is_elf(const char *path)
{
	char magic[SELFMAG] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return true; /* not ours to read: whoever opens it will say so */
	if (read(fd, magic, SELFMAG) != SELFMAG)
		magic[0] = '\0';
	close(fd);
	return !memcmp(magic, ELFMAG, SELFMAG);
}

/*
 * The first that could have probes: a script in front of the program (as version managers
 * put there) is passed over, unless there is nothing else.
 */
static char *find_on_path(const char *name)
{
	const char *path = getenv("PATH");
	const char *end;
	char *script = NULL;

	for (; path && *path; path = *end ? end + 1 : end) {
		char file[PATH_MAX];
		struct stat st;

		end = strchrnul(path, ':');
		if (snprintf(file, sizeof(file), "%.*s/%s", (int)(end - path), path,
			     name) >= (int)sizeof(file))
			continue;
		if (end == path || stat(file, &st) || !S_ISREG(st.st_mode) ||
		    access(file, X_OK))
			continue;
		if (is_elf(file)) {
			free(script);
			return absolute(file);
		}
		if (!script)
			script = absolute(file);
	}
	return script;
}

/* "libfoo.so.6" is asked for as that, as "libfoo.so" or as "libfoo". */
static int is_library(const char *soname, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(soname, name, len))
		return 0;
	return !soname[len] || !strncmp(soname + len, ".so", 3) ||
	       (strstr(name, ".so") && soname[len] == '.');
}

static char *search_cache(const char *bytes, size_t size, const char *name)
{
	const struct cache_header *header = (const void *)bytes;
	const struct cache_entry *entry = (const void *)(bytes + sizeof(*header));
	uint32_t i;

	if (size < sizeof(*header) || memcmp(header->magic, CACHE_MAGIC, 20) ||
	    header->count > (size - sizeof(*header)) / sizeof(*entry))
		return NULL;
	for (i = 0; i < header->count; i++)
		if (entry[i].flags == CACHE_FLAGS_X86_64 && entry[i].key < size &&
		    entry[i].value < size && is_library(bytes + entry[i].key, name))
			return strdup(bytes + entry[i].value);
	return NULL;
}

static char *find_library(const char *name)
{
	int fd = open(CACHE_PATH, O_RDONLY | O_CLOEXEC);
	char *bytes = NULL, *found = NULL;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st))
		bytes = malloc(st.st_size + 1);
	if (bytes && read(fd, bytes, st.st_size) == st.st_size) {
		bytes[st.st_size] = '\0';
		found = search_cache(bytes, st.st_size, name);
	}
	free(bytes);
	close(fd);
	return found;
}

char *find_file(const char *name)
{
	char *found;

	if (strchr(name, '/'))
		return absolute(name);
	found = find_on_path(name);
	if (!found)
		found = find_library(name);
	if (!found)
		errno = ENOENT;
	return found;
}
