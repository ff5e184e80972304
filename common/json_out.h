/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON strings by hand, for the tracer's output: one line an event, as fast as events
 * come. Everything else in the kit uses jansson.
 */
#ifndef BPFHOL_COMMON_JSON_OUT_H
#define BPFHOL_COMMON_JSON_OUT_H

#include <stddef.h>
#include <stdio.h>

/*
 * json_out_string - TEXT as a JSON value: a string if it is valid UTF-8 (control
 * characters escaped), else {"hex":"..."} with its bytes. Errors show in ferror(OUT).
 */
void json_out_string(FILE *out, const char *text, size_t len);

/* json_out_member - "KEY":TEXT, the inside of an object; KEY needs no escapes. */
void json_out_member(FILE *out, const char *key, const char *text);

#endif
