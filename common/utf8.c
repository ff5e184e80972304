// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdint.h>
#include <string.h>

#include <string.h>

#include "common/utf8.h"

/* Length a sequence should have by its first byte; 0 for a byte that cannot be first. */
static size_t announced(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

size_t utf8_length(const unsigned char *text, size_t left)
{
	size_t len = left ? announced(text[0]) : 0, i;

	if (!len || len > left)
		return 0;
	for (i = 1; i < len; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, and beyond U+10FFFF. */
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
	    (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
		return 0;
	return len;
}

bool utf8_is_control(const unsigned char *c)
{
	return *c < 0x20 || *c == 0x7f || (c[0] == 0xc2 && c[1] < 0xa0);
}

bool utf8_printable(const char *text, size_t len)
{
	const unsigned char *c = (const unsigned char *)text;
	size_t n;

	for (; len; c += n, len -= n) {
		n = utf8_length(c, len);
		if (!n || (utf8_is_control(c) && (!*c || !strchr("\t\n\r", *c))))
			return false;
	}
	return true;
}

size_t utf8_trim(const char *text, size_t len)
{
	const unsigned char *c = (const unsigned char *)text;
	size_t back;

	for (back = 1; back <= 3 && back <= len; back++) {
		size_t n = announced(c[len - back]);

		if (n)
			return n > back ? len - back : len;
	}
	return len;
}

int utf8_head(const char *text, size_t most)
{
	size_t len = strnlen(text, most);

	return len < most ? len : utf8_trim(text, len);
}

void utf8_mend(char *text)
{
	size_t left = strlen(text), len;

	for (; left; text += len, left -= len) {
		len = utf8_length((const unsigned char *)text, left);
		if (!len) {
			*text = '?';
			len = 1;
		}
	}
}
