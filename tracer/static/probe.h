/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The probes of an ELF file, as its .note.stapsdt section tells them.
 *
 * One note is one location: a place in the code. Notes of one provider and name make one
 * probe. The note's layout is sys/sdt.h's; see note.h.
 */
#ifndef BPFHOL_TRACER_STATIC_PROBE_H
#define BPFHOL_TRACER_STATIC_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/static/instruction.h"
#include "tracer/static/operand.h"
#include "tracer/static/variable.h"

struct location {
	uint64_t address;   /* link-time address of the nop (prelink undone) */
	uint64_t offset;    /* the same as an offset in the file */
	uint64_t base;	    /* of the note, link-time address of .stapsdt.base or 0 */
	uint64_t semaphore; /* link-time address of the semaphore, 0 if none */
	uint64_t
		semaphore_offset; /* the same in the file, 0 if none or not file-backed */
	enum instruction instruction; /* that stands there in the file */
	uint8_t first_byte;	      /* of it; 0 if it cannot be read */
	char *args_text;	      /* all operands as recorded; owned */
	struct operand *args;	      /* owned */
	size_t nargs;
	char *symbol;		    /* function it lies in, NULL if unknown; owned */
	uint64_t symbol_offset;	    /* bytes from the function's start */
	char *source;		    /* "file.c:42" if DWARF tells, else NULL; owned */
	struct variable *variables; /* .nargs of them, NULL if not read; owned */
	char *problem;		    /* why it cannot be attached, NULL if it can; owned */
};

struct probe {
	const char *path; /* points into the list's .path */
	char *provider, *name;
	struct location *locations; /* in note order */
	size_t nlocations;
};

/* All probes of one file, sorted by provider, then name. */
struct probe_list {
	char *path;	 /* as the user should see it */
	char *open_path; /* as it is opened: /proc/PID/root/..., owned */
	int fd;	     /* of the very file that was read, to attach to; -1 without probes */
	int machine; /* ELF e_machine */
	bool is_64bit;
	struct probe *probes;
	size_t count;
	bool has_sections; /* without, notes that are not loaded cannot be found */
	size_t broken;	   /* notes left out because they made no sense */
};

enum probe_detail {
	PROBE_NAMES,   /* names and addresses; .args stays empty, .instruction "other" */
	PROBE_NOTES,   /* and operands and instructions */
	PROBE_SYMBOLS, /* and function+offset */
	PROBE_TYPES,   /* and, where DWARF tells, source line and names of arguments */
};

/*
 * probes_read - read a file's probes.
 * @path: shown to the user; @open_path: opened instead if not NULL (a path through
 * /proc/PID/root, say); @detail: how much.
 * A file without probes gives an empty list. Returns 0, -ENOMEM, -errno of open(2),
 * -ENOEXEC (not an ELF file), -EBADMSG (truncated or broken ELF), -ENOTSUP (an object
 * file or core). On error *ERROR, if ERROR is not NULL, is a message to free.
 */
int probes_read(const char *path, const char *open_path, enum probe_detail detail,
		struct probe_list *out, char **error);
void probes_fini(struct probe_list *list);

/*
 * probes_read_types - read .source and .variables of the locations of some probes, where
 * DWARF tells. This may take a second or more; reading them again does nothing.
 * @list: read with PROBE_NOTES or more
 * @wanted: a flag for each of its probes; NULL: all are
 * @why: if not NULL, *WHY is why there is nothing to tell, to be freed, else NULL
 * Returns 0, -ENODATA (no debug information), -EBADMSG (broken), -ENOMEM, or what
 * probes_read() returns where the file cannot be opened any more.
 */
int probes_read_types(struct probe_list *list, const unsigned char *wanted, char **why);

/* probe_full_name - "usdt:PATH:PROVIDER:NAME", to be freed; NULL on ENOMEM. */
char *probe_full_name(const struct probe *probe);

#endif
