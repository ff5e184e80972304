/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is this text that people can read? (UTF-8, RFC 3629.) */
#ifndef BPFHOL_COMMON_UTF8_H
#define BPFHOL_COMMON_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* utf8_length - bytes of the valid sequence at TEXT, which has LEFT bytes; 0 if none is.
 */
size_t utf8_length(const unsigned char *text, size_t left);

/* utf8_is_control - is the valid sequence at TEXT a control character of ASCII or of its
 * upper half (U+0080 to U+009F)? */
bool utf8_is_control(const unsigned char *text);

/*
 * utf8_printable - is every byte part of valid UTF-8, and no control character among
 * them but tab, newline and carriage return? Empty text is.
 */
bool utf8_printable(const char *text, size_t len);

/* utf8_head - how many bytes of TEXT to show if MOST are allowed: no character is cut. */
int utf8_head(const char *text, size_t most);

/* utf8_mend - put '?' in the place of every byte that is no part of valid UTF-8. */
void utf8_mend(char *text);

/* utf8_trim - LEN less an incomplete sequence at the end, as cutting leaves it. */
size_t utf8_trim(const char *text, size_t len);

#endif
