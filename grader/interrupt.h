/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ctrl-C and kill: what waits asks now and then, so that programs under test are killed
 * and scratch folders removed before the grader ends.
 */
#ifndef BPFHOL_GRADER_INTERRUPT_H
#define BPFHOL_GRADER_INTERRUPT_H

#include <stdbool.h>

/* interrupt_catch - from now on SIGINT, SIGTERM and SIGHUP are only remembered. */
void interrupt_catch(void);

/* interrupted - the signal that came, 0 if none did. */
int interrupted(void);

#endif
