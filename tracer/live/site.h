/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands at a location in a running process now: what the file has there, or what a
 * tracer has put in its place. Only looks; needs the right to read the process' memory.
 */
#ifndef BPFHOL_TRACER_LIVE_SITE_H
#define BPFHOL_TRACER_LIVE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/live/process.h"
#include "tracer/static/probe.h"

struct site_state {
	uint64_t address; /* in the process */
	uint8_t bytes[INSTRUCTION_BYTES];
	size_t size; /* how many of them are mapped */
	enum instruction instruction;
	uint64_t target;   /* of a call, else 0 */
	bool traced;	   /* a breakpoint, or a call into the kernel's trampoline */
	const char *words; /* what that means; a literal */
};

/*
 * site_read - FILE is where the process has the location's file, MACHINE that file's; the
 * location was read with PROBE_NOTES or more.
 * Returns 0, -ENOENT the process does not have it mapped as code, -EACCES or -EPERM not
 * ours to read, -ESRCH it has ended, -errno.
 */
int site_read(pid_t pid, int machine, const struct mapped_file *file,
	      const struct location *location, struct site_state *out);

#endif
