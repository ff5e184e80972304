// SPDX-License-Identifier: GPL-2.0-or-later
/* The edges of UTF-8, by hand from RFC 3629. */
#include <stdio.h>
#include <string.h>

#include "common/utf8.h"

#define TEXT(literal) literal, sizeof(literal) - 1

/* Length of the first sequence, and of the whole once a torn end is cut off. */
static const struct {
	const char *text;
	size_t len;
	size_t first;
	bool printable;
	size_t trimmed;
} samples[] = {
	{TEXT(""), 0, true, 0},
	{TEXT("a"), 1, true, 1},
	{TEXT("a\tb\r\n"), 1, true, 5},
	{TEXT("\0"), 1, false, 1},
	{TEXT("a\0b"), 1, false, 3},
	{TEXT("\x1b[0m"), 1, false, 4},
	{TEXT("\x7f"), 1, false, 1},
	{TEXT("\x80"), 0, false, 1}, /* nothing it continues */
	{TEXT("\xbf\xbf"), 0, false, 2},
	{TEXT("\xc0\x80"), 0, false, 2}, /* an overlong NUL */
	{TEXT("\xc1\xbf"), 0, false, 2}, /* an overlong U+007F */
	{TEXT("\xc2\x80"), 2, false, 2}, /* U+0080, a control character */
	{TEXT("\xc2\x9f"), 2, false, 2},
	{TEXT("\xc2\xa0"), 2, true, 2}, /* U+00A0 */
	{TEXT("\xdf\xbf"), 2, true, 2}, /* U+07FF */
	{TEXT("\xc3"), 0, false, 0},
	{TEXT("\xc3("), 0, false, 2},
	{TEXT("\xe0\x9f\xbf"), 0, false, 3}, /* overlong */
	{TEXT("\xe0\xa0\x80"), 3, true, 3},  /* U+0800 */
	{TEXT("\xed\x9f\xbf"), 3, true, 3},  /* U+D7FF */
	{TEXT("\xed\xa0\x80"), 0, false, 3}, /* a surrogate */
	{TEXT("\xed\xbf\xbf"), 0, false, 3},
	{TEXT("\xee\x80\x80"), 3, true, 3}, /* U+E000 */
	{TEXT("\xef\xbf\xbf"), 3, true, 3}, /* U+FFFF */
	{TEXT("\xe2\x82"), 0, false, 0},
	{TEXT("a\xe2\x82"), 1, false, 1},
	{TEXT("a\xe2"), 1, false, 1},
	{TEXT("\xe2\x82\xac"), 3, true, 3},	 /* the euro sign */
	{TEXT("\xf0\x8f\xbf\xbf"), 0, false, 4}, /* overlong */
	{TEXT("\xf0\x90\x80\x80"), 4, true, 4},	 /* U+10000 */
	{TEXT("\xf4\x8f\xbf\xbf"), 4, true, 4},	 /* U+10FFFF, the last */
	{TEXT("\xf4\x90\x80\x80"), 0, false, 4}, /* beyond it */
	{TEXT("\xf5\x80\x80\x80"), 0, false, 4},
	{TEXT("\xff"), 0, false, 1},
	{TEXT("\xf0\x9f\x98\x80x"), 4, true, 5},
	{TEXT("x\xf0\x9f\x98"), 1, false, 1},
	{TEXT("x\xf0\x9f"), 1, false, 1},
	{TEXT("x\xf0"), 1, false, 1},
	{TEXT("caf\xc3\xa9"), 1, true, 5},
};

static int heads(void)
{
	static const struct {
		const char *text;
		size_t most;
		int len;
	} cuts[] = {
		{"", 3, 0},
		{"abc", 3, 3},
		{"abcd", 3, 3},
		{"ab\xc3\xa9", 3, 2},
		{"ab\xc3\xa9", 4, 4},
		{"\xf0\x9f\x98\x80", 3, 0},
		{"\xff\xff\xff", 2, 2},
	};
	int failures = 0;
	size_t i;

	for (i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		if (utf8_head(cuts[i].text, cuts[i].most) == cuts[i].len)
			continue;
		printf("line %zu of the cuts\n", i + 1);
		failures++;
	}
	return failures;
}

static int mends(void)
{
	static const char *const pairs[][2] = {
		{"caf\xc3\xa9", "caf\xc3\xa9"},
		{"caf\xc3", "caf?"},
		{"\xff\xe2\x82z", "???z"},
		{"", ""},
	};
	int failures = 0;
	char text[16];
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		strcpy(text, pairs[i][0]);
		utf8_mend(text);
		if (!strcmp(text, pairs[i][1]))
			continue;
		printf("line %zu of the mended: '%s'\n", i + 1, text);
		failures++;
	}
	return failures;
}

int main(void)
{
	int failures = 0;
	size_t i;

	for (i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		const char *text = samples[i].text;
		size_t len = samples[i].len;
		size_t first = utf8_length((const unsigned char *)text, len);
		bool printable = utf8_printable(text, len);
		size_t trimmed = utf8_trim(text, len);

		if (first == samples[i].first && printable == samples[i].printable &&
		    trimmed == samples[i].trimmed)
			continue;
		printf("line %zu of the table: first %zu, printable %d, trimmed %zu\n",
		       i + 1, first, printable, trimmed);
		failures++;
	}
	/* A sequence that goes on beyond what one may look at is none. */
	if (utf8_length((const unsigned char *)"\xe2\x82\xac", 2) ||
	    utf8_printable("\xe2\x82\xac", 2) || !utf8_printable("\xe2\x82\xac\xff", 3)) {
		printf("reads beyond the length it was given\n");
		failures++;
	}
	return failures + heads() + mends() != 0;
}
