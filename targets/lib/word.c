// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "word.h"

static const char onsets[] = "bdfgklmnprstvz";
static const char *const rimes[] = {"a", "e", "i", "o", "u", "an", "en"};

/* The Nth of 97 syllables: "ba", "da", ... one onset and one rime. */
static int put_syllable(char *out, unsigned int n)
{
	return sprintf(out, "%c%s", onsets[n % 14], rimes[n / 14]);
}

void word_put(char *out, uint64_t number)
{
	out += put_syllable(out, number % SYLLABLES);
	out += put_syllable(out, number / SYLLABLES % SYLLABLES);
	put_syllable(out, number / SYLLABLES / SYLLABLES % SYLLABLES);
}
