/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a trace should say of the locations it has attached to. */
#ifndef BPFHOL_TRACER_COMMANDS_WARNINGS_H
#define BPFHOL_TRACER_COMMANDS_WARNINGS_H

#include "tracer/commands/search.h"

/* tell_warnings - each once on stderr, however many of the probes meant it holds for. */
void tell_warnings(const struct search *search);

#endif
