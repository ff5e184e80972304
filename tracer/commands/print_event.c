// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/json_out.h"
#include "tracer/commands/print_event.h"
#include "tracer/commands/print_stack.h"
#include "tracer/commands/safe_text.h"

#define NS_PER_S 1000000000LL
#define SMALL 65536 /* bigger unsigned numbers are likely addresses: shown in hex too */

static int64_t now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

void event_printer_init(struct event_printer *printer, FILE *out,
			enum event_format format)
{
	*printer = (struct event_printer){
		.out = out,
		.format = format,
		.boot_to_wall = now(CLOCK_REALTIME) - now(CLOCK_BOOTTIME),
	};
}

int print_real(FILE *out, double real, const char *quote)
{
	char text[40];
	int digits;

	for (digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, real);
		if (strtod(text, NULL) == real)
			break;
	}
	if (isfinite(real))
		quote = "";
	return fprintf(out, "%s%s%s", quote, text, quote);
}

static void print_hex(FILE *out, const struct value *value)
{
	size_t i;

	for (i = 0; i < value->len; i++)
		fprintf(out, "%02x", (unsigned char)value->text[i]);
}

static void print_value_json(FILE *out, const struct value *value)
{
	switch (value->kind) {
	case VALUE_SIGNED:
		fprintf(out, "%" PRId64, (int64_t)value->number);
		break;
	case VALUE_UNSIGNED:
		fprintf(out, "%" PRIu64, value->number);
		break;
	case VALUE_STRING:
		json_out_string(out, value->text, value->len);
		break;
	case VALUE_ERROR:
		fputs("{\"error\":", out);
		json_out_string(out, value->text, strlen(value->text));
		fputc('}', out);
		break;
	case VALUE_FLOAT:
		print_real(out, value->real, "\"");
		break;
	case VALUE_BYTES:
		fputs("{\"hex\":\"", out);
		print_hex(out, value);
		fputs("\"}", out);
		break;
	}
}

/* Which strings go on beyond what is shown. */
static void print_cut(FILE *out, const struct event *e)
{
	const char *before = "\"cut\":[";
	size_t i;

	for (i = 0; i < e->nargs; i++) {
		if (!e->args[i].cut)
			continue;
		fprintf(out, "%s%zu", before, i);
		before = ",";
	}
	if (!before[1])
		fputs("],", out);
}

static void print_json(const struct event_printer *p, const struct event *e)
{
	FILE *out = p->out;
	size_t i;

	fprintf(out, "{\"time\":%" PRIu64 ",\"pid\":%d,\"tid\":%d,\"comm\":", e->time,
		e->pid, e->tid);
	json_out_string(out, e->comm, strnlen(e->comm, 16));
	fputs(",\"path\":", out);
	json_out_string(out, e->probe->path, strlen(e->probe->path));
	fputs(",\"provider\":", out);
	json_out_string(out, e->probe->provider, strlen(e->probe->provider));
	fputs(",\"name\":", out);
	json_out_string(out, e->probe->name, strlen(e->probe->name));
	fprintf(out, ",\"location\":\"%#" PRIx64 "\",", e->location->address);
	print_cut(out, e);
	fputs("\"args\":[", out);
	for (i = 0; i < e->nargs; i++) {
		if (i)
			fputc_unlocked(',', out);
		print_value_json(out, &e->args[i]);
	}
	fputc_unlocked(']', out);
	if (p->stacks && !print_stack_json(out, p->stacks, e))
		*p->cut_short = true;
	fputs("}\n", out);
}

/*
 * RFC 4180: in quotes, with quotes doubled, and lines that end within stay as they are:
 * \n would not be told from a backslash and an n. Bytes that are no text become \xHH.
 */
static void print_csv_text(FILE *out, const char *text, size_t len)
{
	size_t n;

	fputc_unlocked('"', out);
	for (;;) {
		for (n = 0; n < len && !memchr("\"\n\r\t", text[n], 4); n++)
			;
		print_safe(out, text, n);
		if (n == len)
			break;
		if (text[n] == '"')
			fputc_unlocked('"', out);
		fputc_unlocked(text[n], out);
		text += n + 1;
		len -= n + 1;
	}
	fputc_unlocked('"', out);
}

static void print_csv_value(FILE *out, const struct value *value)
{
	switch (value->kind) {
	case VALUE_SIGNED:
	case VALUE_UNSIGNED:
	case VALUE_FLOAT:
		print_value_json(out, value);
		break;
	case VALUE_BYTES:
		print_hex(out, value);
		break;
	case VALUE_STRING:
		print_csv_text(out, value->text, value->len);
		break;
	case VALUE_ERROR:
		break; /* an empty field: there is no value */
	}
}

static void print_csv(const struct event_printer *p, const struct event *e)
{
	FILE *out = p->out;
	size_t i;

	fprintf(out, "%" PRIu64 ",%d,%d,", e->time, e->pid, e->tid);
	print_csv_text(out, e->comm, strnlen(e->comm, 16));
	fputc_unlocked(',', out);
	print_csv_text(out, e->probe->path, strlen(e->probe->path));
	fputc_unlocked(',', out);
	print_csv_text(out, e->probe->provider, strlen(e->probe->provider));
	fputc_unlocked(',', out);
	print_csv_text(out, e->probe->name, strlen(e->probe->name));
	fprintf(out, ",%#" PRIx64, e->location->address);
	for (i = 0; i < p->columns; i++) {
		fputc_unlocked(',', out);
		if (i < e->nargs)
			print_csv_value(out, &e->args[i]);
	}
	fputc_unlocked('\n', out);
}

void print_event_head(const struct event_printer *p)
{
	size_t i;

	if (p->format != FORMAT_CSV)
		return;
	fputs("time,pid,tid,comm,path,provider,name,location", p->out);
	for (i = 0; i < p->columns; i++)
		fprintf(p->out, ",arg%zu", i);
	fputc('\n', p->out);
}

/* By what debug information says it is. Returns whether that was all there is to print.
 */
static bool print_typed(FILE *out, const struct value *value,
			const struct variable *variable)
{
	int64_t number = (int64_t)value->number;
	size_t i;

	switch (variable->type_class) {
	case TYPE_ENUM:
		for (i = 0; i < variable->nenumerators; i++)
			if (variable->enumerators[i].value == number)
				return print_safe(out, variable->enumerators[i].name,
						  strlen(variable->enumerators[i].name));
		return false;
	case TYPE_BOOL:
		return number >> 1 ? false : fprintf(out, number ? "true" : "false");
	case TYPE_INTEGER:
		return fprintf(out, value->kind == VALUE_SIGNED ? "%" PRId64 : "%" PRIu64,
			       value->number);
	case TYPE_CHAR:
		fprintf(out, "%" PRId64, number);
		return number >= ' ' && number < 0x7f ? fprintf(out, " '%c'", (int)number)
						      : true;
	case TYPE_POINTER:
		safe_printf(out, "(%s)%#" PRIx64, variable->type, value->number);
		return true;
	default:
		return false;
	}
}

static void print_value_text(FILE *out, const struct value *value,
			     const struct variable *variable, enum session_style style)
{
	bool as_hex =
		style == STYLE_HEX || (style != STYLE_DECIMAL && value->number >= SMALL);

	if (variable && variable->name && style == STYLE_AUTO &&
	    (value->kind == VALUE_SIGNED || value->kind == VALUE_UNSIGNED) &&
	    print_typed(out, value, variable))
		return;
	switch (value->kind) {
	case VALUE_SIGNED:
		if (style == STYLE_HEX)
			fprintf(out, "%#" PRIx64, value->number);
		else
			fprintf(out, "%" PRId64, (int64_t)value->number);
		break;
	case VALUE_UNSIGNED:
		fprintf(out, as_hex ? "%#" PRIx64 : "%" PRIu64, value->number);
		break;
	case VALUE_STRING:
		fputc_unlocked('"', out);
		print_quoted(out, value->text, value->len);
		fputs(value->cut ? "\"..." : "\"", out);
		break;
	case VALUE_ERROR:
		fprintf(out, "(unreadable: %s)", value->text);
		break;
	case VALUE_FLOAT:
		print_real(out, value->real, "");
		break;
	case VALUE_BYTES:
		fputs("bytes ", out);
		print_hex(out, value);
		break;
	}
}

/* ECMA-48: nothing is told by colour alone. */
static void paint(const struct event_printer *p, const char *how)
{
	if (p->colour)
		fputs(how, p->out);
}

static void print_head(const struct event_printer *p, const struct event *e)
{
	int64_t wall = (int64_t)e->time + p->boot_to_wall;
	time_t seconds = wall / NS_PER_S;
	FILE *out = p->out;
	struct tm tm;
	int width;

	localtime_r(&seconds, &tm);
	paint(p, "\033[2m");
	fprintf(out, "%02d:%02d:%02d.%06d", tm.tm_hour, tm.tm_min, tm.tm_sec,
		(int)(wall % NS_PER_S / 1000));
	paint(p, "\033[0m");
	fprintf(out, " %7d ", e->pid);
	width = print_safe(out, e->comm, strnlen(e->comm, 16));
	fprintf(out, "%*s", width < 15 ? 16 - width : 1, "");
	paint(p, "\033[1m");
	width = print_safe(out, e->probe->provider, strlen(e->probe->provider)) + 1;
	fputc_unlocked(':', out);
	width += print_safe(out, e->probe->name, strlen(e->probe->name));
	paint(p, "\033[0m");
	if (e->nargs && width < p->name_width)
		fprintf(out, "%*s", p->name_width - width, "");
}

static void print_text(const struct event_printer *p, const struct event *e)
{
	FILE *out = p->out;
	size_t i;

	print_head(p, e);
	for (i = 0; i < e->nargs; i++) {
		paint(p, "\033[36m");
		fprintf(out, " arg%zu=", i);
		paint(p, "\033[0m");
		print_value_text(out, &e->args[i],
				 e->location->variables ? &e->location->variables[i]
							: NULL,
				 p->styles ? p->styles[i] : STYLE_AUTO);
	}
	fputc_unlocked('\n', out);
	if (p->stacks && !print_stack_text(out, p->stacks, e))
		*p->cut_short = true;
}

void print_event(const struct event_printer *printer, const struct event *event)
{
	if (printer->format == FORMAT_JSON)
		print_json(printer, event);
	else if (printer->format == FORMAT_CSV)
		print_csv(printer, event);
	else
		print_text(printer, event);
}
