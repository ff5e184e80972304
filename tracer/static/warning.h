/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bodes ill at a location though it may be attached to, from its file alone. */
#ifndef BPFHOL_TRACER_STATIC_WARNING_H
#define BPFHOL_TRACER_STATIC_WARNING_H

#include <stdbool.h>

#include "tracer/static/probe.h"

enum warning {
	WARNING_SEMAPHORE, /* no tracer can raise it */
	WARNING_NOP5,	   /* becomes a call that may harm the program */
	WARNING_NOP10,	   /* will hardly be traced */
	WARNINGS,	   /* how many there are */
};

/* warning_applies - of a location read with PROBE_NOTES or more. */
bool warning_applies(enum warning warning, const struct location *location);

/* warning_text - what is the matter, in plain words; no newline. */
const char *warning_text(enum warning warning);

#endif
