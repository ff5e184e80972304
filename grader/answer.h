/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers as people type them, brought into one shape before they are compared. */
#ifndef BPFHOL_GRADER_ANSWER_H
#define BPFHOL_GRADER_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A probe's name in its parts, each "" if it was left out. "passwdfound" is a name alone;
 * "usdt_samp1:passwdfound" has a provider; "usdt:PATH:PROVIDER:NAME", and the same
 * without "usdt:", all; "usdt:PATH:NAME" leaves the provider to the tool, as "PATH:NAME"
 * does if PATH has a slash in it.
 */
struct probe_answer {
	char *text; /* owned; the others point into it */
	const char *path, *provider, *name;
};

/* Returns 0, -ENOMEM, -EINVAL: too many parts. */
int probe_answer_parse(const char *answer, struct probe_answer *out);
void probe_answer_fini(struct probe_answer *answer);

/* answer_trim - without blanks and a pair of quotes around it; to be freed. */
char *answer_trim(const char *answer);

/*
 * addresses_parse - hex numbers, with or without 0x, or decimal ones too long to be hex
 * addresses, between blanks, commas or semicolons. Sorted, each once. Returns 0, -ENOMEM,
 * or -EINVAL with *BAD, to be freed: the word that is no address.
 */
int addresses_parse(const char *answer, uint64_t **out, size_t *count, char **bad);

/* address_parse - one hex number, with or without 0x. Returns 0 or -EINVAL. */
int address_parse(const char *answer, uint64_t *out);

/* addresses_sort - in place, each once; returns how many are left. */
size_t addresses_sort(uint64_t *addresses, size_t count);

/*
 * addresses_common - at most how many of A are in B if all of A are moved by one number
 * of whole pages: a process or a file offset differs from the link by such a number.
 */
size_t addresses_common(const uint64_t *a, size_t na, const uint64_t *b, size_t nb);

#endif
