/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether what was found has the arguments that options name. */
#ifndef BPFHOL_TRACER_COMMANDS_LIVE_CHECK_H
#define BPFHOL_TRACER_COMMANDS_LIVE_CHECK_H

#include "tracer/commands/live.h"

/* live_check - of the marked probes, for keys and the filter. Returns 0 or, after a
 * message, an exit status. */
int live_check(const struct live *live);

#endif
