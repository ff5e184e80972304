// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "common/json_out.h"
#include "tracer/commands/print_stack.h"
#include "tracer/commands/safe_text.h"

static void print_line(const struct frame *frame, void *data)
{
	FILE *out = data;

	fprintf(out, "    %#14" PRIx64 " ", frame->address);
	if (frame->symbol)
		print_safe(out, frame->symbol, strlen(frame->symbol));
	else
		fputs("?", out);
	if (frame->inlined)
		fputs(" (inlined)", out);
	else if (frame->symbol)
		fprintf(out, "+%" PRIu64, frame->offset);
	if (frame->path && !frame->inlined) {
		fputs("  ", out);
		print_safe(out, frame->path, strlen(frame->path));
	}
	fputc('\n', out);
}

bool print_stack_text(FILE *out, struct stacks *stacks, const struct event *event)
{
	return stacks_walk(stacks, event, print_line, out);
}

struct array {
	FILE *out;
	const char *comma;
};

static void print_member(const struct frame *frame, void *data)
{
	struct array *array = data;
	FILE *out = array->out;

	fprintf(out, "%s{\"address\":\"%#" PRIx64 "\",\"symbol\":", array->comma,
		frame->address);
	if (frame->symbol)
		json_out_string(out, frame->symbol, strlen(frame->symbol));
	else
		fputs("null", out);
	fprintf(out, ",\"offset\":%" PRIu64 ",\"inlined\":%s,\"path\":", frame->offset,
		frame->inlined ? "true" : "false");
	if (frame->path)
		json_out_string(out, frame->path, strlen(frame->path));
	else
		fputs("null", out);
	fputc('}', out);
	array->comma = ",";
}

bool print_stack_json(FILE *out, struct stacks *stacks, const struct event *event)
{
	struct array array = {out, ""};
	bool complete;

	fputs(",\"stack\":[", out);
	complete = stacks_walk(stacks, event, print_member, &array);
	fputc(']', out);
	return complete;
}
