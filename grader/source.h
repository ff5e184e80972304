/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a source in C, C++ or assembler says of its probes before a compiler has seen it.
 */
#ifndef BPFHOL_GRADER_SOURCE_H
#define BPFHOL_GRADER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * source_macros - how often a probe macro of sys/sdt.h (DTRACE_PROBE2, STAP_PROBE,
 * STAP_PROBEV, ...) or folly_sdt.h names this probe, comments and strings left out.
 */
size_t source_macros(const char *source, const char *provider, const char *name);

/* source_uses - is this macro used, and not just defined or spoken of? */
bool source_uses(const char *source, const char *macro);

#endif
