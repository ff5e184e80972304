/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a C source says of its probes before a compiler has seen it. */
#ifndef BPFHOL_GRADER_SOURCE_H
#define BPFHOL_GRADER_SOURCE_H

#include <stddef.h>

/*
 * source_macros - how often a probe macro of sys/sdt.h (DTRACE_PROBE2, STAP_PROBE,
 * STAP_PROBEV, ...) names this probe, comments and strings left out.
 */
size_t source_macros(const char *source, const char *provider, const char *name);

#endif
