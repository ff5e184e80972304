// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finding debug information that was split off.
 *
 * Distributions ship programs without debug information and that in packages of its own.
 * Two traces are left in the program: a build-id (a note with a hash, the same in both
 * files), and .gnu_debuglink (a file name and a CRC). gdb's manual, "Debugging
 * Information in Separate Files", says where they lead:
 *
 *   build-id abcdef...      /usr/lib/debug/.build-id/ab/cdef....debug
 *   debuglink NAME          FOLDER/NAME, FOLDER/.debug/NAME, /usr/lib/debug/FOLDER/NAME
 *
 * FOLDER being the program's. A file of another build would give wrong answers in all
 * seriousness, so what is found must have the build-id, or where there is none, the CRC.
 *
 * dwz(1) moves what several debug files have in common to one more file, which
 * .gnu_debugaltlink names in the same two ways.
 *
 * libdwfl has such a search too, but asks debuginfod servers where the environment says
 * so, and knows nothing of a container's root folder.
 */
#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracer/static/debug_file.h"
#include "tracer/static/sound.h"

#define DEBUG_FOLDER "/usr/lib/debug"

struct debug_file {
	const struct elf_file
		*elf; /* the one with the sections: the file's, or .separate */
	struct elf_file *separate; /* NULL: the file has them itself */
	char *path;		   /* of .elf */
	char root[32];		   /* "/proc/PID/root", or "" */
	Dwarf *dwarf, *alternate;
	bool tried;	  /* .dwarf is what there is */
	int alternate_fd; /* -1: none */
};

/* What a separate file must match, and where the file it belongs to lies. */
struct wanted {
	const unsigned char *id;
	ssize_t id_size; /* 0: none */
	const char *link;
	GElf_Word crc;
	char *folder; /* in the root of whoever runs it */
};

static bool has_dwarf(const struct elf_file *file)
{
	GElf_Shdr header;

	return (elf_file_section(file, ".debug_info", &header) ||
		elf_file_section(file, ".zdebug_info", &header)) &&
	       header.sh_type != SHT_NOBITS;
}

/* The checksum of .gnu_debuglink: CRC-32 as in zip and Ethernet. */
static bool crc_of(const char *path, uint32_t *out)
{
	uint32_t table[256], crc = ~0u;
	static const size_t room = 1 << 16;
	unsigned char *buffer = malloc(room);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t i, got = -1;

	for (i = 0; i < 256; i++) {
		uint32_t c = i;
		int bit;

		for (bit = 0; bit < 8; bit++)
			c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
		table[i] = c;
	}
	while (buffer && fd >= 0 && (got = read(fd, buffer, room)) > 0)
		for (i = 0; i < got; i++)
			crc = table[(crc ^ buffer[i]) & 255] ^ crc >> 8;
	if (fd >= 0)
		close(fd);
	free(buffer);
	*out = ~crc;
	return got == 0;
}

static bool same_id(Elf *elf, const unsigned char *id, ssize_t size)
{
	const void *found;

	return dwelf_elf_gnu_build_id(elf, &found) == size && !memcmp(found, id, size);
}

/* Takes PATH (to be freed, may be NULL) if a matching file is there. */
static bool try(struct debug_file *debug, const struct wanted *wanted, char *path)
{
	struct elf_file *file = NULL;
	uint32_t crc;
	bool fits;

	if (!path || elf_file_open(path, path, &file, NULL)) {
		free(path);
		return false;
	}
	if (!has_dwarf(file))
		fits = false; /* such as the stripped program itself */
	else if (wanted->id_size > 0)
		fits = same_id(elf_file_elf(file), wanted->id, wanted->id_size);
	else
		fits = crc_of(path, &crc) && crc == wanted->crc;
	if (!fits) {
		elf_file_close(file);
		free(path);
		return false;
	}
	debug->elf = debug->separate = file;
	debug->path = path;
	return true;
}

/* "ROOT/usr/lib/debug/.build-id/ab/cdef.debug", to be freed; NULL if there is no id. */
static char *id_path(const char *root, const unsigned char *id, ssize_t size)
{
	char hex[2 * 64 + 1], *path;
	ssize_t i;

	if (size < 2 || size > 64)
		return NULL;
	for (i = 0; i < size; i++)
		sprintf(hex + 2 * i, "%02x", id[i]);
	if (asprintf(&path, "%s" DEBUG_FOLDER "/.build-id/%.2s/%s.debug", root, hex,
		     hex + 2) < 0)
		return NULL;
	return path;
}

static char *join(const char *a, const char *b, const char *c, const char *d)
{
	char *path;

	return asprintf(&path, "%s%s%s/%s", a, b, c, d) < 0 ? NULL : path;
}

static bool search(struct debug_file *debug, const struct wanted *w, const char *root)
{
	if (try(debug, w, id_path(root, w->id, w->id_size)))
		return true;
	if (!w->link || !*w->link || strchr(w->link, '/') || !w->folder)
		return false;
	return try(debug, w, join(root, w->folder, "", w->link)) ||
	       try(debug, w, join(root, w->folder, "/.debug", w->link)) ||
	       try(debug, w, join(root, DEBUG_FOLDER, w->folder, w->link));
}

/* libelf reads every note section to find the build-id: more than the file has is a trap.
 */
static bool notes_fit(const struct elf_file *file)
{
	uint64_t left = elf_file_size(file);
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf_file_elf(file), section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_NOTE)
			continue;
		if (header.sh_size > left)
			return false;
		left -= header.sh_size;
	}
	return true;
}

/* The folder of PATH, to be freed: without links if it is one of ours. */
static char *folder_of(const char *path, const char *root)
{
	char *folder = *root ? NULL : realpath(path, NULL), *slash;

	if (!folder)
		folder = strdup(path);
	slash = folder ? strrchr(folder, '/') : NULL;
	if (!slash) {
		free(folder);
		return NULL;
	}
	*slash = '\0';
	return folder;
}

struct debug_file *debug_file_open(const struct elf_file *file, const char *path,
				   const char *open_path)
{
	struct debug_file *debug = calloc(1, sizeof(*debug));
	struct wanted wanted = {0};
	const void *id;
	bool found;
	int pid;

	if (!debug)
		return NULL;
	debug->alternate_fd = -1;
	if (sscanf(open_path, "/proc/%d/", &pid) == 1)
		snprintf(debug->root, sizeof(debug->root), "/proc/%d/root", pid);
	if (has_dwarf(file)) {
		debug->elf = file;
		debug->path = strdup(open_path);
		found = debug->path;
	} else if (!notes_fit(file)) {
		found = false;
	} else {
		wanted.id_size = dwelf_elf_gnu_build_id(elf_file_elf(file), &id);
		wanted.id = id;
		wanted.link = dwelf_elf_gnu_debuglink(elf_file_elf(file), &wanted.crc);
		wanted.folder = folder_of(path, debug->root);
		found = (*debug->root && search(debug, &wanted, debug->root)) ||
			search(debug, &wanted, "");
		free(wanted.folder);
	}
	if (!found) {
		debug_file_close(debug);
		errno = ENOENT;
		return NULL;
	}
	return debug;
}

void debug_file_close(struct debug_file *debug)
{
	if (!debug)
		return;
	dwarf_end(debug->dwarf);
	dwarf_end(debug->alternate);
	if (debug->alternate_fd >= 0)
		close(debug->alternate_fd);
	elf_file_close(debug->separate);
	free(debug->path);
	free(debug);
}

const struct elf_file *debug_file_elf(const struct debug_file *debug)
{
	return debug->elf;
}

/* Takes PATH (to be freed, may be NULL) if it is the alternate file of that build-id. */
static bool try_alternate(struct debug_file *debug, char *path, const void *id,
			  ssize_t id_size)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	Dwarf *dwarf = NULL;
	struct stat st;

	free(path);
	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode))
		dwarf = dwarf_begin(fd, DWARF_C_READ);
	if (!dwarf || !same_id(dwarf_getelf(dwarf), id, id_size) ||
	    !dwarf_is_sound(dwarf)) {
		dwarf_end(dwarf);
		if (fd >= 0)
			close(fd);
		return false;
	}
	debug->alternate = dwarf;
	debug->alternate_fd = fd;
	dwarf_setalt(debug->dwarf, dwarf);
	return true;
}

/*
 * NAME is absolute or begins at the debug file, e.g. "../../.dwz/x86_64-linux-gnu/x".
 * False if there must be one and it was not found: libdw would go and open whatever the
 * file names.
 */
static bool find_alternate(struct debug_file *debug)
{
	const char *name, *roots[] = {debug->root, ""};
	const void *id;
	ssize_t size = dwelf_dwarf_gnu_debugaltlink(debug->dwarf, &name, &id);
	size_t i;

	if (size <= 0)
		return size == 0;
	if (*name != '/') {
		char *folder = folder_of(debug->path, "");
		bool found = folder &&
			     try_alternate(debug, join(folder, "", "", name), id, size);

		free(folder);
		if (found)
			return true;
	}
	for (i = !*debug->root; i < 2; i++)
		if ((*name == '/' &&
		     try_alternate(debug, join(roots[i], "", "", name + 1), id, size)) ||
		    try_alternate(debug, id_path(roots[i], id, size), id, size))
			return true;
	return false;
}

Dwarf *debug_file_dwarf(struct debug_file *debug)
{
	if (debug->tried)
		return debug->dwarf;
	debug->tried = true;
	debug->dwarf = dwarf_begin_elf(elf_file_elf(debug->elf), DWARF_C_READ, NULL);
	if (debug->dwarf && (!dwarf_is_sound(debug->dwarf) || !find_alternate(debug))) {
		dwarf_end(debug->dwarf);
		debug->dwarf = NULL;
	}
	return debug->dwarf;
}
