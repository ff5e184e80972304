/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Notices when a process maps code (dlopen(3), exec): by a dummy perf event on each CPU,
 * for which the kernel records mappings (perf_event_open(2), mmap2). Needs no polling of
 * /proc, and costs the traced process nothing between mappings.
 */
#ifndef BPFHOL_TRACER_LIVE_MAPPINGS_H
#define BPFHOL_TRACER_LIVE_MAPPINGS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct mappings; /* opaque: holds file descriptors and ring buffers */

/* mappings_open - watch PID. NULL with errno (EACCES or EPERM without privilege). */
struct mappings *mappings_open(pid_t pid);
void mappings_close(struct mappings *mappings);

/* mappings_fds - to be polled for input; *COUNT of them. Owned by MAPPINGS. */
struct pollfd *mappings_fds(struct mappings *mappings, size_t *count);

/*
 * mappings_take - has it mapped code since the last call? Returns how often; *WHEN is
 * the first time (ns, CLOCK_MONOTONIC).
 */
size_t mappings_take(struct mappings *mappings, uint64_t *when);

#endif
