/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What trace, count, hist and latency share: probes found, a session attached, a command
 * started, and the question whether it is over.
 */
#ifndef BPFHOL_TRACER_COMMANDS_LIVE_H
#define BPFHOL_TRACER_COMMANDS_LIVE_H

#include <stdbool.h>

#include "tracer/commands/live_options.h"
#include "tracer/commands/search.h"
#include "tracer/live/child.h"
#include "tracer/live/session.h"

struct live {
	const struct live_options *options;
	char *const *patterns;
	size_t npatterns, nends; /* the last .nends patterns are a latency's ends */
	struct search search;
	struct session *session;
	char **words;	    /* of -c, else NULL */
	struct child child; /* .pid is 0 without -c */
	double end;	    /* seconds_now() when it is over; 0: no such time */
	size_t probes;	    /* that are traced */
	size_t columns;	    /* most arguments of a location that was found */
	int name_width;	    /* of the longest "provider:name" */
	double explain_at;  /* when to say why nothing has been hit; 0: never */
};

/*
 * live_find - look the patterns up. live_attach - trace what was found, and let the
 * command go. Return 0 or, after a message, an exit status. live_fini() is due either
 * way.
 */
int live_find(struct live *live, const struct live_options *options,
	      char *const patterns[], size_t count, size_t ends);
int live_attach(struct live *live, struct session_options session);
void live_fini(struct live *live);

/* live_found - was anything traced at all? Else says that nothing was there, and returns
 * EXIT_NO. */
int live_found(const struct live *live);

/* live_over - Ctrl-C, the time, or the end of what is traced. */
bool live_over(const struct live *live);

/* live_may_grow - may what is mapped later be traced as well? */
bool live_may_grow(const struct live *live);

/*
 * live_tick - what is to be done now and then: attach to what was mapped since, and say
 * after a while why nothing was HIT.
 */
void live_tick(struct live *live, bool hit);

/* live_explains - would live_tick() say now why nothing was hit? Time to look again. */
bool live_explains(const struct live *live);

double seconds_now(void);

#endif
