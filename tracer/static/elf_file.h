/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ELF file, opened for reading: what this kit wants of libelf, with errors in words.
 * Nothing is mapped (a mapping of a traced file would get the breakpoints too): libelf
 * reads what is asked for.
 */
#ifndef BPFHOL_TRACER_STATIC_ELF_FILE_H
#define BPFHOL_TRACER_STATIC_ELF_FILE_H

#include <gelf.h>
#include <stdbool.h>
#include <stdint.h>

#include "tracer/static/note.h"

struct elf_file; /* opaque: holds a file descriptor and an Elf * */

/*
 * elf_file_open - SHOWN is the path as messages should name it, PATH is opened.
 * Returns 0, -errno of open(2), -ENOEXEC not an ELF file, -EBADMSG broken or truncated,
 * -ENOTSUP an object file or a core, -ENOMEM. On error *ERROR, if ERROR is not NULL, is a
 * message to be freed.
 */
int elf_file_open(const char *shown, const char *path, struct elf_file **out,
		  char **error);
void elf_file_close(struct elf_file *file);

/* elf_file_take_fd - its descriptor becomes the caller's; nothing more can be read. */
int elf_file_take_fd(struct elf_file *file);

Elf *elf_file_elf(const struct elf_file *file);
int elf_file_machine(const struct elf_file *file);

/*
 * elf_file_size - in bytes. Sections do not overlap, so those of a kind are together not
 * larger: whoever reads several keeps to that, or a small file of thousands of headers
 * for the same bytes would take all memory and time.
 */
uint64_t elf_file_size(const struct elf_file *file);
struct note_format elf_file_format(const struct elf_file *file);

/*
 * elf_file_offset - where in the file the byte of a link-time address stands.
 * Returns false if no file-backed part of a loaded segment covers it, or the file ends
 * before it. *EXECUTABLE, if not NULL, is set to whether that segment is.
 */
bool elf_file_offset(const struct elf_file *file, uint64_t address, uint64_t *offset,
		     bool *executable);

/* elf_file_read - bytes at an offset, up to SIZE. Returns how many there were, 0 on
 * error. */
size_t elf_file_read(const struct elf_file *file, uint64_t offset, void *out,
		     size_t size);

/* elf_file_section - by name; NULL if there is none. *HEADER is filled. */
Elf_Scn *elf_file_section(const struct elf_file *file, const char *name,
			  GElf_Shdr *header);

#endif
