/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Made-up words of three syllables, such as "badufen": one for each number below WORDS,
 * no two alike. They stand in no file.
 */
#ifndef WORD_H
#define WORD_H

#include <stdint.h>

#define SYLLABLES 97 /* a prime */
#define WORDS (SYLLABLES * SYLLABLES * SYLLABLES)
#define WORD_MAX 10 /* bytes, with the zero at the end */

/* word_put - into OUT, of WORD_MAX bytes, the word of NUMBER modulo WORDS. */
void word_put(char *out, uint64_t number);

#endif
