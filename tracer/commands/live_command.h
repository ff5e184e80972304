/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command of -c: for live.c. Without one they do nothing and return 0. */
#ifndef BPFHOL_TRACER_COMMANDS_LIVE_COMMAND_H
#define BPFHOL_TRACER_COMMANDS_LIVE_COMMAND_H

#include "tracer/commands/live.h"

/*
 * command_split - the command line into words. command_hold - started, and held before
 * its first instruction. command_go - let go. Return 0 or, after a message, an exit
 * status.
 */
int command_split(struct live *live);
int command_hold(struct live *live);
int command_go(struct live *live);
void command_end(struct live *live);

#endif
