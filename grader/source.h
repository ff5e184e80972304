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

/* source_uses - is this macro used for the probe NAME, which is its first word or its
 * second, and not just defined, spoken of, or kept from the compiler by "#if 0"? */
bool source_uses(const char *source, const char *macro, const char *name);

#endif
