/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a process may not trace, and what would help. */
#ifndef BPFHOL_TRACER_COMMANDS_PRIVILEGE_H
#define BPFHOL_TRACER_COMMANDS_PRIVILEGE_H

struct privilege {
	char cause[256], fix[256]; /* "" where nothing is amiss */
};

/* privilege_read - by this process' capabilities, seccomp filter, and kernel lockdown. */
void privilege_read(struct privilege *out);

#endif
