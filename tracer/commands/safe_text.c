// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "tracer/commands/safe_text.h"

/* KNOWN are the characters that have a letter of their own behind a backslash. */
static int print(FILE *out, const char *text, size_t len, const char *known)
{
	static const char letters[] = "nrt\"\\";
	const unsigned char *c;
	int columns = 0;
	size_t n;

	for (; len; text += n, len -= n) {
		const char *found = *text ? strchr(known, *text) : NULL;

		c = (const unsigned char *)text;
		n = utf8_length(c, len);
		if (found) {
			columns += fprintf(out, "\\%c", letters[found - known]);
		} else if (!n || utf8_is_control(c)) {
			n = n ? n : 1;
			columns += fprintf(out, "\\x%02x", n == 1 ? c[0] : c[1]);
		} else {
			fwrite_unlocked(text, 1, n, out);
			columns++;
		}
	}
	return columns;
}

int print_safe(FILE *out, const char *text, size_t len)
{
	return print(out, text, len, "\n\r\t");
}

int print_quoted(FILE *out, const char *text, size_t len)
{
	return print(out, text, len, "\n\r\t\"\\");
}

void safe_vprintf(FILE *out, const char *format, va_list ap)
{
	char *text;
	int len = vasprintf(&text, format, ap), end = len;

	if (len < 0)
		return;
	while (end && text[end - 1] == '\n')
		end--;
	print_safe(out, text, end);
	fwrite(text + end, 1, len - end, out);
	free(text);
}

void safe_printf(FILE *out, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	safe_vprintf(out, format, ap);
	va_end(ap);
}
