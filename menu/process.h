/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which process is it? A pid alone names whoever has that number now. Pid, start time
 * (field 22 of /proc/PID/stat, in clock ticks since boot) and the boot's id together name
 * one process for ever.
 */
#ifndef BPFHOL_MENU_PROCESS_H
#define BPFHOL_MENU_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
	pid_t pid;
	uint64_t start_time;
	char boot[40]; /* /proc/sys/kernel/random/boot_id */
};

/* process_identify - fill in who PID is now. 0, or -ESRCH when there is none (a zombie is
 * none), or what reading /proc gave. */
int process_identify(pid_t pid, struct process *process);

/* process_state - the letter of /proc/PID/stat ('S', 't', ...) while it is still this
 * very process and no zombie; 0 when it is gone. */
char process_state(const struct process *process);

/* process_end - SIGNAL it if it is still there, and wait up to SECONDS for its end.
 * True when it is gone. */
bool process_end(const struct process *process, int signal, unsigned int seconds);

#endif
