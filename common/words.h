/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command line into words, as a shell splits it; no shell is run. */
#ifndef BPFHOL_COMMON_WORDS_H
#define BPFHOL_COMMON_WORDS_H

/*
 * words_split - blanks separate words; '...' , "..." (with \" \\ \$ \` inside) and \x
 * quote as in POSIX sh. Nothing is expanded. Returns a NULL-terminated array to be given
 * to words_free(), or NULL with errno EINVAL (a quote is not closed), ENOENT (no word at
 * all) or ENOMEM.
 */
char **words_split(const char *line);
void words_free(char **words);

#endif
