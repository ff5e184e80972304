/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What calls the function in targets/scale.S: see there. */
#ifndef SCALE_H
#define SCALE_H

/* A pair of scales: what lies on the left counts, what lies on the right is below zero.
 */
typedef int balance_fn(const int *weights, unsigned long count);

/* scale_run - put weights on, made up from the seed, and have them balanced, for ever. */
int scale_run(balance_fn *balance);

#endif
