// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/json_out.h"
#include "tracer/commands/print_event.h"

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

/* Shortest text that reads back as the same number; JSON has no inf or nan. */
static void print_float(FILE *out, double real, const char *quote)
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
	fprintf(out, "%s%s%s", quote, text, quote);
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
		print_float(out, value->real, "\"");
		break;
	case VALUE_BYTES:
		fputs("{\"hex\":\"", out);
		print_hex(out, value);
		fputs("\"}", out);
		break;
	}
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
	fprintf(out, ",\"location\":\"%#" PRIx64 "\",\"args\":[", e->location->address);
	for (i = 0; i < e->nargs; i++) {
		if (i)
			fputc_unlocked(',', out);
		print_value_json(out, &e->args[i]);
	}
	fputs("]}\n", out);
}

static void print_value_text(FILE *out, const struct value *value)
{
	switch (value->kind) {
	case VALUE_SIGNED:
		fprintf(out, "%" PRId64, (int64_t)value->number);
		break;
	case VALUE_UNSIGNED:
		fprintf(out, value->number < SMALL ? "%" PRIu64 : "%#" PRIx64,
			value->number);
		break;
	case VALUE_STRING:
		fputc_unlocked('"', out);
		json_out_escaped(out, value->text, value->len);
		fputs(value->cut ? "\"..." : "\"", out);
		break;
	case VALUE_ERROR:
		fprintf(out, "(unreadable: %s)", value->text);
		break;
	case VALUE_FLOAT:
		print_float(out, value->real, "");
		break;
	case VALUE_BYTES:
		fputs("bytes ", out);
		print_hex(out, value);
		break;
	}
}

static void print_text(const struct event_printer *p, const struct event *e)
{
	int64_t wall = (int64_t)e->time + p->boot_to_wall;
	time_t seconds = wall / NS_PER_S;
	FILE *out = p->out;
	struct tm tm;
	int width;
	size_t i;

	localtime_r(&seconds, &tm);
	width = fprintf(out, "%02d:%02d:%02d.%06d %7d %-15.16s %s:%s", tm.tm_hour,
			tm.tm_min, tm.tm_sec, (int)(wall % NS_PER_S / 1000), e->pid,
			e->comm, e->probe->provider, e->probe->name);
	width -= 15 + 1 + 7 + 1 + 15 + 1;
	if (e->nargs && width < p->name_width)
		fprintf(out, "%*s", p->name_width - width, "");
	for (i = 0; i < e->nargs; i++) {
		fprintf(out, " arg%zu=", i);
		print_value_text(out, &e->args[i]);
	}
	fputc_unlocked('\n', out);
}

void print_event(const struct event_printer *printer, const struct event *event)
{
	if (printer->format == FORMAT_JSON)
		print_json(printer, event);
	else
		print_text(printer, event);
}
