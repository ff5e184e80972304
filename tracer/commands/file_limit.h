/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each file that is traced is kept open, and a process may map thousands of libraries:
 * more than the 1024 files that a program may have open if it does not ask for more.
 */
#ifndef BPFHOL_TRACER_COMMANDS_FILE_LIMIT_H
#define BPFHOL_TRACER_COMMANDS_FILE_LIMIT_H

/* file_limit_raise - to as many as may be had. file_limit_restore - for a command that is
 * to run as it would have without us: select(2) takes no more than 1024. */
void file_limit_raise(void);
void file_limit_restore(void);

#endif
