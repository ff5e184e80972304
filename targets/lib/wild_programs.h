/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs with probes that a machine may have, and that nobody wrote for the kit: they
 * are started, kept, and given the same work again and again. They end with this process.
 */
#ifndef WILD_PROGRAMS_H
#define WILD_PROGRAMS_H

/*
 * wild_programs_start - start what is there, and say on standard error of each which
 * process it is, or how to get it. Root becomes nobody first: no such program needs to be
 * root, and PostgreSQL's server refuses to.
 */
void wild_programs_start(void);

/* wild_programs_work - have each of them do its work once, and wait until it is done. */
void wild_programs_work(void);

#endif
