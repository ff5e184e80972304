// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "common/json_out.h"
#include "common/utf8.h"

static int needs_escape(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
}

/* The inside of a JSON string; TEXT is valid UTF-8. */
static void print_escaped(FILE *out, const char *text, size_t len)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	size_t i, start = 0;

	for (i = 0; i < len; i++) {
		const char *known;

		if (!needs_escape(text[i]))
			continue;
		fwrite_unlocked(text + start, 1, i - start, out);
		start = i + 1;
		known = text[i] ? strchr(from, text[i]) : NULL;
		if (known)
			fprintf(out, "\\%c", to[known - from]);
		else
			fprintf(out, "\\u%04x", (unsigned char)text[i]);
	}
	fwrite_unlocked(text + start, 1, len - start, out);
}

static int is_utf8(const char *text, size_t len)
{
	const unsigned char *c = (const unsigned char *)text;
	size_t n;

	for (; len; c += n, len -= n) {
		n = utf8_length(c, len);
		if (!n)
			return 0;
	}
	return 1;
}

void json_out_string(FILE *out, const char *text, size_t len)
{
	size_t i;

	if (is_utf8(text, len)) {
		fputc_unlocked('"', out);
		print_escaped(out, text, len);
		fputc_unlocked('"', out);
		return;
	}
	fputs("{\"hex\":\"", out);
	for (i = 0; i < len; i++)
		fprintf(out, "%02x", (unsigned char)text[i]);
	fputs("\"}", out);
}

void json_out_member(FILE *out, const char *key, const char *text)
{
	fprintf(out, "\"%s\":", key);
	json_out_string(out, text, strlen(text));
}
