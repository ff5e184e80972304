/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One question to be judged, as a line of JSON on standard input says it. */
#ifndef BPFHOL_GRADER_REQUEST_H
#define BPFHOL_GRADER_REQUEST_H

#include <stddef.h>
#include <sys/types.h>

#define REQUEST_MAX 65536 /* bytes a line */

struct request {
	char *lab, *question;
	char *answer; /* "" if there is none */
	char *source; /* the learner's edited source, or NULL */
	char *build;  /* compiler and flags, NULL for the kit's */
	pid_t pid;    /* the running target, 0 if there is none */
};

/*
 * request_parse - one line, e.g. {"lab":"passwd","question":"nargs","answer":"3"}.
 * Returns 0, -ENOMEM, or -EINVAL with *WHY, to be freed: not JSON, a key missing, unknown
 * or of the wrong kind.
 */
int request_parse(const char *line, size_t len, struct request *out, char **why);
void request_fini(struct request *request);

#endif
