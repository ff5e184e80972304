// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "huge_text.h"

#define STRETCHES 8

static const char *moved[STRETCHES];
static unsigned int moved_count;

struct place {
	uintptr_t address;
	off_t offset; /* in the file */
};

/* The first object is the program itself: the search ends with it. */
static int find_offset(struct dl_phdr_info *object, size_t size __attribute__((unused)),
		       void *data)
{
	struct place *place = data;
	uintptr_t linked = place->address - object->dlpi_addr;
	int i;

	for (i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && linked >= segment->p_vaddr &&
		    linked - segment->p_vaddr < segment->p_filesz)
			place->offset = linked - segment->p_vaddr + segment->p_offset;
	}
	return 1;
}

/*
 * From the file, never from memory: if somebody traces, there are breakpoints in memory.
 * The kernel knows them by the file's page. A copy of one would be an int3 that nobody
 * asked for, and kill the program.
 */
static ssize_t read_text(char *start, size_t size)
{
	struct place place = {.address = (uintptr_t)start};
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	dl_iterate_phdr(find_offset, &place);
	n = file < 0 ? -1 : pread(file, start, size, place.offset);
	if (file >= 0)
		close(file);
	return n;
}

void hugify(char *start, const char *stop)
{
	size_t size = stop - start;

	if (moved_count == STRETCHES ||
	    mmap(start, HUGE_PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != start) {
		fprintf(stderr, "%s: cannot map memory in the place of text: %s\n",
			program_invocation_short_name, strerror(errno));
		exit(1);
	}
	/* Only a wish. Without large pages the text is on small ones, but moved all the
	 * same. */
	madvise(start, HUGE_PAGE, MADV_HUGEPAGE);
	if (read_text(start, size) != (ssize_t)size ||
	    mprotect(start, HUGE_PAGE, PROT_READ | PROT_EXEC)) {
		fprintf(stderr, "%s: cannot move text: %s\n",
			program_invocation_short_name, strerror(errno));
		exit(1);
	}
	moved[moved_count++] = start;
}

bool is_hugified(const void *function)
{
	unsigned int i;

	for (i = 0; i < moved_count; i++) {
		if ((uintptr_t)function - (uintptr_t)moved[i] < HUGE_PAGE)
			return true;
	}
	return false;
}
