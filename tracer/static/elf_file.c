// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracer/static/elf_file.h"

/* What was read last: locations stand near one another, and so do functions' names. */
#define WINDOW_SIZE 2048
struct window {
	uint64_t offset;
	size_t size; /* of what there is; 0 at first */
	char bytes[WINDOW_SIZE];
};

struct elf_file {
	int fd;
	uint64_t size;
	Elf *elf;
	GElf_Ehdr header;
	size_t nsegments;
	GElf_Phdr *segments;
	struct window *window;
};

static int fail(int err, char **error, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	if (error && vasprintf(error, format, ap) < 0)
		*error = NULL;
	va_end(ap);
	return err;
}

/* Everything but a regular file is refused unopened: a FIFO would wait, a device might
 * do something. */
static int open_regular(const char *shown, const char *path, char **error, uint64_t *size)
{
	int fd, place = open(path, O_PATH | O_CLOEXEC);
	char again[64];
	struct stat st;

	if (place < 0)
		return fail(-errno, error, "cannot open '%s': %s", shown,
			    strerror(errno));
	if (fstat(place, &st) || !S_ISREG(st.st_mode)) {
		close(place);
		return fail(-ENOEXEC, error, "'%s' is no ELF file but %s", shown,
			    S_ISDIR(st.st_mode) ? "a folder" : "something special");
	}
	snprintf(again, sizeof(again), "/proc/self/fd/%d", place);
	fd = open(again, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		fd = fail(-errno, error, "cannot open '%s': %s", shown, strerror(errno));
	close(place);
	*size = st.st_size;
	return fd;
}

static int read_segments(struct elf_file *file)
{
	size_t i;

	if (elf_getphdrnum(file->elf, &file->nsegments))
		return -EBADMSG;
	file->segments = calloc(file->nsegments + 1, sizeof(*file->segments));
	if (!file->segments)
		return -ENOMEM;
	for (i = 0; i < file->nsegments; i++)
		if (!gelf_getphdr(file->elf, i, &file->segments[i]))
			return -EBADMSG;
	return 0;
}

/* libelf takes a cut file for one without sections; say what is really the matter. */
static bool is_truncated(const GElf_Ehdr *h, uint64_t size)
{
	return h->e_ehsize > size || h->e_phoff > size ||
	       (uint64_t)h->e_phnum * h->e_phentsize > size - h->e_phoff ||
	       h->e_shoff > size ||
	       (uint64_t)h->e_shnum * h->e_shentsize > size - h->e_shoff;
}

static int read_header(struct elf_file *file, const char *shown, char **error)
{
	char magic[SELFMAG];
	int err;

	if (pread(file->fd, magic, SELFMAG, 0) != SELFMAG ||
	    memcmp(magic, ELFMAG, SELFMAG))
		return fail(-ENOEXEC, error, "'%s' is not an ELF file", shown);
	elf_version(EV_CURRENT);
	file->elf = elf_begin(file->fd, ELF_C_READ, NULL);
	if (!file->elf || !gelf_getehdr(file->elf, &file->header))
		return fail(-EBADMSG, error, "'%s' is a broken ELF file: %s", shown,
			    elf_errmsg(-1));
	if (is_truncated(&file->header, file->size))
		return fail(-EBADMSG, error,
			    "'%s' is truncated: its headers point past its end", shown);
	if (file->header.e_type == ET_REL)
		return fail(-ENOTSUP, error,
			    "'%s' is an object file: its probes get addresses when it is "
			    "linked",
			    shown);
	if (file->header.e_type != ET_EXEC && file->header.e_type != ET_DYN)
		return fail(-ENOTSUP, error, "'%s' is neither a program nor a library",
			    shown);
	err = read_segments(file);
	return err ? fail(err, error, "'%s' is a broken ELF file: %s", shown,
			  err == -ENOMEM ? strerror(ENOMEM) : elf_errmsg(-1))
		   : 0;
}

int elf_file_open(const char *shown, const char *path, struct elf_file **out,
		  char **error)
{
	struct elf_file *file;
	uint64_t size = 0;
	int err, fd = open_regular(shown, path, error, &size);

	if (fd < 0)
		return fd;
	file = calloc(1, sizeof(*file));
	if (!file) {
		close(fd);
		return fail(-ENOMEM, error, "%s", strerror(ENOMEM));
	}
	file->fd = fd;
	file->size = size;
	file->window = calloc(1, sizeof(*file->window));
	err = file->window ? read_header(file, shown, error)
			   : fail(-ENOMEM, error, "%s", strerror(ENOMEM));
	if (err)
		elf_file_close(file);
	else
		*out = file;
	return err;
}

int elf_file_take_fd(struct elf_file *file)
{
	int fd = file->fd;

	file->fd = -1;
	return fd;
}

void elf_file_close(struct elf_file *file)
{
	if (!file)
		return;
	elf_end(file->elf);
	if (file->fd >= 0)
		close(file->fd);
	free(file->segments);
	free(file->window);
	free(file);
}

Elf *elf_file_elf(const struct elf_file *file)
{
	return file->elf;
}

int elf_file_machine(const struct elf_file *file)
{
	return file->header.e_machine;
}

uint64_t elf_file_size(const struct elf_file *file)
{
	return file->size;
}

struct note_format elf_file_format(const struct elf_file *file)
{
	return (struct note_format){
		.is_64bit = file->header.e_ident[EI_CLASS] == ELFCLASS64,
		.is_big_endian = file->header.e_ident[EI_DATA] == ELFDATA2MSB,
	};
}

bool elf_file_offset(const struct elf_file *file, uint64_t address, uint64_t *offset,
		     bool *executable)
{
	size_t i;

	for (i = 0; i < file->nsegments; i++) {
		const GElf_Phdr *s = &file->segments[i];

		if (s->p_type != PT_LOAD || address < s->p_vaddr ||
		    address - s->p_vaddr >= s->p_filesz)
			continue;
		*offset = address - s->p_vaddr + s->p_offset;
		/* A file of debug information has the segments, not what is in them. */
		if (*offset >= file->size)
			continue;
		if (executable)
			*executable = s->p_flags & PF_X;
		return true;
	}
	return false;
}

static size_t read_bytes(const struct elf_file *file, uint64_t offset, void *out,
			 size_t size)
{
	ssize_t n = pread(file->fd, out, size, (off_t)offset);

	return n > 0 ? n : 0;
}

size_t elf_file_read(const struct elf_file *file, uint64_t offset, void *out, size_t size)
{
	struct window *w = file->window;

	if (size > WINDOW_SIZE / 2)
		return read_bytes(file, offset, out, size);
	if (offset < w->offset || offset + size > w->offset + w->size) {
		w->offset = offset - offset % (WINDOW_SIZE / 2);
		w->size = read_bytes(file, w->offset, w->bytes, WINDOW_SIZE);
	}
	if (offset - w->offset >= w->size)
		return 0;
	if (size > w->size - (offset - w->offset))
		size = w->size - (offset - w->offset);
	memcpy(out, w->bytes + (offset - w->offset), size);
	return size;
}

Elf_Scn *elf_file_section(const struct elf_file *file, const char *name,
			  GElf_Shdr *header)
{
	Elf_Scn *section = NULL;
	size_t strings;

	if (elf_getshdrstrndx(file->elf, &strings))
		return NULL;
	while ((section = elf_nextscn(file->elf, section))) {
		const char *found;

		if (!gelf_getshdr(section, header))
			continue;
		found = elf_strptr(file->elf, strings, header->sh_name);
		if (found && !strcmp(found, name))
			return section;
	}
	return NULL;
}
