/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what people type to the probes they mean; says on stderr what was not found. */
#ifndef BPFHOL_TRACER_COMMANDS_SEARCH_H
#define BPFHOL_TRACER_COMMANDS_SEARCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "tracer/live/process.h"
#include "tracer/static/probe.h"

/* What a probe was marked for. Where it matters: a latency starts and ends. */
enum search_mark { MARK_START = 1, MARK_END = 2, MARK_BOTH = 3 };

/* A file that was looked into. */
struct searched_file {
	struct probe_list list;
	const struct mapped_file *mapped; /* where the process has it; NULL without -p */
	unsigned char *matched; /* for each of the list's probes: set of search_mark */
};

struct search {
	pid_t pid; /* 0: none */
	enum probe_detail detail;
	struct process_files process; /* of .pid */
	struct searched_file **files; /* each a block of its own: sessions point there */
	size_t count;
	size_t defaults; /* the first so many stand in for a PATH left out */
	bool grows;	 /* set by who will ask search_mapped(): PROGRAM may map probes */
	bool waits; /* a wildcard was passed over for that, as PROGRAM has no probes */
};

/*
 * search_init - PID's files (0: none), and PROGRAM (a command to be started; NULL: none)
 * are looked into where no path is typed. Returns 0 or, after a message, an exit status.
 */
int search_init(struct search *search, pid_t pid, const char *program,
		enum probe_detail detail);
void search_fini(struct search *search);

/*
 * search_add - mark the probes that TEXT means. Returns 0 or, after a message with the
 * nearest names, EXIT_NO, EXIT_CANNOT, or EXIT_USAGE.
 */
int search_add(struct search *search, const char *text, enum search_mark mark);

/*
 * search_mapped - look into what PID has mapped since: mark what the COUNT patterns mean
 * there (the last ENDS of them as MARK_END), without a word where they mean nothing.
 * Returns 0 or -errno.
 */
int search_mapped(struct search *search, pid_t pid, char *const patterns[], size_t count,
		  size_t ends);

/*
 * search_in_vain - after all, nothing was mapped that TEXT means: says so, with the
 * nearest names. Returns EXIT_NO.
 */
int search_in_vain(const struct search *search, const char *text);

/* search_add_all - mark every probe of the process. Returns 0 or EXIT_NO. */
int search_add_all(struct search *search);

#endif
