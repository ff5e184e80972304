/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two steps of lab_load(), private to common/lab*.c. */
#ifndef BPFHOL_COMMON_LAB_LOAD_H
#define BPFHOL_COMMON_LAB_LOAD_H

#include "common/lab.h"

/*
 * lab_parse - FILE by the schema: every key known, of the right kind, none missing.
 * Returns 0, -ENOMEM, or -EINVAL with *WHY: "line 12: ..."; to be freed.
 */
int lab_parse(const char *file, struct lab **out, char **why);
void lab_parsed_free(struct lab *lab);

/*
 * lab_check - what a schema cannot say: ids, texts, which members a truth, a mistake or
 * an answer form needs, that patterns are regular expressions and sources are there.
 * Fills in defaults. Returns 0, -ENOMEM, or -EINVAL with *WHY; to be freed.
 */
int lab_check(struct lab *lab, char **why);

#endif
