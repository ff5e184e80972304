// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "common/utf8.h"
#include "tracer/commands/safe_text.h"

int print_safe(FILE *out, const char *text, size_t len)
{
	static const char from[] = "\"\\\n\r\t", to[] = "\"\\nrt";
	int columns = 0;
	size_t n;

	for (; len; text += n, len -= n) {
		const unsigned char *c = (const unsigned char *)text;
		const char *known = *text ? strchr(from, *text) : NULL;
		bool is_c1;

		n = utf8_length(c, len);
		is_c1 = n == 2 && c[0] == 0xc2 && c[1] < 0xa0;
		if (known) {
			columns += fprintf(out, "\\%c", to[known - from]);
		} else if (!n || *c < 0x20 || *c == 0x7f || is_c1) {
			n = 1;
			columns += fprintf(out, "\\x%02x", *c);
		} else {
			fwrite_unlocked(text, 1, n, out);
			columns++;
		}
	}
	return columns;
}
