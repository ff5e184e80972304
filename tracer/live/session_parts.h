/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a session is made of: for session.c and session_poll.c only. */
#ifndef BPFHOL_TRACER_LIVE_SESSION_PARTS_H
#define BPFHOL_TRACER_LIVE_SESSION_PARTS_H

#include "tracer/live/attach.h"
#include "tracer/live/mappings.h"
#include "tracer/live/program.h"
#include "tracer/live/session.h"

struct site {
	const struct probe *probe;
	const struct location *location;
	int fd; /* of the file; the probe list's */
};

struct session {
	struct session_options options;
	struct site *sites;	     /* by cookie */
	struct spec *specs;	     /* likewise */
	size_t count, nspecs;	     /* equal but while one is being added */
	size_t tried;		     /* so many of them have been attached or refused */
	const struct probe **probes; /* by the number that specs have of them */
	size_t nprobes;
	size_t room; /* for sites */
	size_t max_args, max_strings;
	struct program *program;
	struct attach_point *points; /* of those tried */
	struct attachment attachment;
	struct mappings *mappings; /* of .watch; NULL where that cannot be */
	size_t attached;
	bool multi;
	pid_t filtered; /* .pid where the kernel cannot keep to it: the program does */
	char error[512], advice[256];
};

#endif
