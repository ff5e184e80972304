/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A wrong probe is told apart by a row of suspicions, from the plainest mistake to the
 * vaguest. Each looks for its mistake in one run ("at"), or in both; the first that finds
 * it says so. Here are those of what the probe hands over; compare.c has the others, and
 * their order.
 */
#ifndef BPFHOL_GRADER_SUSPICION_H
#define BPFHOL_GRADER_SUSPICION_H

#include "grader/compare.h"

/* Judges "wrong" and returns true if it is this mistake. */
typedef bool (*suspicion)(const struct comparison *c, size_t at, struct judgement *j);

/* suspect_unreadable - a value that could not be read; suspect_count - too many arguments
 * or too few. Those that follow look at firings with as many as the reference's. */
bool suspect_unreadable(const struct comparison *c, size_t at, struct judgement *j);
bool suspect_count(const struct comparison *c, size_t at, struct judgement *j);

/* suspect_kept - right the first time, then never changed; suspect_hard_coded - the same
 * each time, on other data too; suspect_swapped - two of them exchanged. */
bool suspect_kept(const struct comparison *c, size_t at, struct judgement *j);
bool suspect_hard_coded(const struct comparison *c, size_t at, struct judgement *j);
bool suspect_swapped(const struct comparison *c, size_t at, struct judgement *j);

/* suspect_kind - a number where a string should be, or the other way round;
 * suspect_argument - one and the same argument is wrong now and then, or always. */
bool suspect_kind(const struct comparison *c, size_t at, struct judgement *j);
bool suspect_argument(const struct comparison *c, size_t at, struct judgement *j);

/* watch_has - is there a firing with the same values? */
bool watch_has(const struct watch *watch, const struct firing *firing);

/* suspicion_foreign - the first firing that the reference never has; NULL: all are
 * fine. */
const struct firing *suspicion_foreign(const struct comparison *c, size_t at);

/* suspicion_show - "WHAT (values)", as evidence. */
void suspicion_show(struct judgement *j, const char *what, const struct firing *firing);

#endif
