/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checked number parsing: the whole string is the number, or it is an error. */
#ifndef BPFHOL_COMMON_NUM_H
#define BPFHOL_COMMON_NUM_H

#include <stdint.h>

/*
 * parse_u64, parse_s64 - decimal, or hex with 0x.
 * Return 0; -EINVAL when TEXT is not a number from end to end; -ERANGE when it lies
 * outside [min, max]. *OUT is written only on success.
 */
int parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *out);
int parse_s64(const char *text, int64_t min, int64_t max, int64_t *out);

#endif
