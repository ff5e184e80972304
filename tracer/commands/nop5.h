/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this kernel makes of a traced nop of five bytes, found out by doing it. */
#ifndef BPFHOL_TRACER_COMMANDS_NOP5_H
#define BPFHOL_TRACER_COMMANDS_NOP5_H

#include <stdbool.h>

/* nop5_becomes_call - a call, so that a hit is no trap? False, too, if nothing can be
 * traced. */
bool nop5_becomes_call(void);

#endif
