/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a trace sees nothing. */
#ifndef BPFHOL_TRACER_COMMANDS_EXPLAIN_H
#define BPFHOL_TRACER_COMMANDS_EXPLAIN_H

#include "tracer/commands/search.h"

/*
 * explain_silence - for each file with marked probes, on stderr: that no process has it
 * mapped, or others than the one that is traced, or that some have but have not WHAT
 * ("come to the probe"), OR_ELSE ("" or what else may be the reason).
 */
void explain_silence(const struct search *search, const char *what, const char *or_else);

#endif
