/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs with probes that are not the kit's own: which of them come with this system,
 * and were built with their probes. A lab asks about them.
 */
#ifndef BPFHOL_TRACER_COMMANDS_REAL_PROGRAM_H
#define BPFHOL_TRACER_COMMANDS_REAL_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

struct real_program {
	const char *check;	      /* its name among the checks of `usdt doctor` */
	const char *what;	      /* in words */
	const char *fix;	      /* how to get it */
	const char *programs;	      /* patterns of paths, blanks between */
	const char *library;	      /* from the program's folder; NULL: itself */
	const char *provider, *probe; /* which that file must have */
};

extern const struct real_program real_programs[];
extern const size_t real_programs_count;

/*
 * real_program_missing - NULL: it is here. Else why not, to be freed: it is not there, or
 * has no probes.
 */
char *real_program_missing(const struct real_program *program);

#endif
