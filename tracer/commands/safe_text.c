// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "tracer/commands/safe_text.h"

/* How many bytes at TEXT are ASCII that needs no care: most of what there is. */
static size_t plain_length(const char *text, size_t len)
{
	size_t n;

	for (n = 0; n < len; n++) {
		signed char c = text[n]; /* beyond ASCII it is negative */

		if (c < ' ' || c == 0x7f || c == '"' || c == '\\')
			break;
	}
	return n;
}

/* One character that may need care. Returns its bytes. */
static size_t print_one(FILE *out, const char *text, size_t len, const char *known,
			int *columns)
{
	static const char letters[] = "nrt\"\\";
	const unsigned char *c = (const unsigned char *)text;
	const char *found = *text ? strchr(known, *text) : NULL;
	size_t n = utf8_length(c, len);

	if (found) {
		*columns += fprintf(out, "\\%c", letters[found - known]);
	} else if (!n || utf8_is_control(c)) {
		n = n ? n : 1;
		*columns += fprintf(out, "\\x%02x", n == 1 ? c[0] : c[1]);
	} else {
		fwrite_unlocked(text, 1, n, out);
		++*columns;
	}
	return n;
}

/* KNOWN are the characters that have a letter of their own behind a backslash. */
static int print(FILE *out, const char *text, size_t len, const char *known)
{
	int columns = 0;
	size_t n;

	while (len) {
		n = plain_length(text, len);
		fwrite_unlocked(text, 1, n, out);
		columns += (int)n;
		text += n;
		len -= n;
		if (!len)
			break;
		n = print_one(out, text, len, known, &columns);
		text += n;
		len -= n;
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
