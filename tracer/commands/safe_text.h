/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts of files and processes, for people's terminals: a probe's name or a thread's may
 * hold any bytes, and escape sequences and newlines among them must not reach a terminal.
 */
#ifndef BPFHOL_TRACER_COMMANDS_SAFE_TEXT_H
#define BPFHOL_TRACER_COMMANDS_SAFE_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/*
 * print_safe - TEXT with control characters (those of ISO 6429's second half too) and
 * bytes that are no UTF-8 as \n or \x1b. Returns how many columns it took, counting a
 * character as one.
 */
int print_safe(FILE *out, const char *text, size_t len);

/*
 * safe_printf - what FORMAT gives, printed so. Newlines at its end stay what they are.
 */
__attribute__((format(printf, 2, 3))) void safe_printf(FILE *out, const char *format,
						       ...);
void safe_vprintf(FILE *out, const char *format, va_list ap);

/* print_quoted - the same, and \" and \\: for what stands between quotes. */
int print_quoted(FILE *out, const char *text, size_t len);

#endif
