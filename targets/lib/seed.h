/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The seed: one number from which a target makes up its names and values, so that every
 * learner meets others. It comes as a decimal line on standard input, because a pipe
 * leaves no trace: arguments and environment can be read in /proc.
 */
#ifndef SEED_H
#define SEED_H

#include <stdint.h>

/*
 * seed_read - the number on standard input. Without one (a terminal, nothing sent, not a
 * number) a random one is taken and a line on standard error says so.
 */
uint64_t seed_read(void);

/*
 * seed_mix - the Nth number drawn from SEED: always the same for the same two, and as
 * good as random for any others. One way only: what is drawn does not lead back to the
 * seed, so that no value a learner sees gives all others away.
 */
uint64_t seed_mix(uint64_t seed, uint64_t n);

#endif
