// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "common/utf8.h"
#include "tracer/live/decode.h"

/*
 * A string was asked for with two bytes to spare, so one that fills its slot is known to
 * go on. Bytes that are no text mean that the argument is a pointer to something else,
 * or a number that happens to look like one: then the number is what is shown.
 */
static void decode_string(const char *text, const struct decode_layout *layout,
			  bool forced, struct value *out)
{
	size_t len = strnlen(text, layout->slot_size);

	if (len > layout->string_size) {
		len = utf8_trim(text, layout->string_size);
		out->cut = true;
	}
	if (!forced && !utf8_printable(text, len))
		return;
	out->kind = VALUE_STRING;
	out->text = text;
	out->len = len;
}

/* The bits of a number are an IEEE 754 one. */
static void decode_float(int size, struct value *out)
{
	uint32_t low = (uint32_t)out->number;
	float single;

	out->kind = VALUE_FLOAT;
	if (size == sizeof(single)) {
		memcpy(&single, &low, sizeof(single));
		out->real = single;
	} else {
		memcpy(&out->real, &out->number, sizeof(out->real));
	}
}

static const char *slot_of(const struct record *record, const struct fetch *fetch,
			   const struct decode_layout *layout)
{
	return (const char *)record + layout->strings_offset +
	       (fetch->string - 1) * layout->slot_size;
}

void decode_record(const struct record *record, const struct spec *spec,
		   const struct probe *probe, const struct location *location,
		   const struct decode_layout *layout, struct event *out)
{
	size_t i;

	out->time = record->time;
	out->pid = record->pid_tgid >> 32;
	out->tid = (pid_t)record->pid_tgid;
	out->comm = record->comm;
	out->probe = probe;
	out->location = location;
	out->nargs = location->nargs;
	out->stack = layout->stack_offset
			     ? (const void *)((const char *)record + layout->stack_offset)
			     : NULL;
	for (i = 0; i < out->nargs; i++) {
		const struct fetch *fetch = &spec->args[i];
		struct value *value = &out->args[i];

		*value = (struct value){
			.kind = fetch->sort == SORT_SIGNED ? VALUE_SIGNED
							   : VALUE_UNSIGNED,
			.number = record->values[i],
		};
		if (record->status[i] >= ARG_FAULT) {
			value->kind = VALUE_ERROR;
			value->text = location->args[i].why ? location->args[i].why
				      : record->status[i] == ARG_NOTHING
					      ? "the kernel does not tell where threads "
						"keep their own (usdt doctor)"
					      : "the memory it lies in cannot be read";
		} else if (fetch->string > layout->string_slots) {
			if (fetch->kind == FETCH_BYTES) {
				value->kind = VALUE_ERROR;
				value->text =
					"this session's records have no room for it";
			}
		} else if (fetch->kind == FETCH_BYTES) {
			value->kind = VALUE_BYTES;
			value->text = slot_of(record, fetch, layout);
			value->len = fetch->size;
		} else if (fetch->sort == SORT_REAL && fetch->size >= 4) {
			decode_float(fetch->size, value);
		} else if (record->status[i] == ARG_STRING) {
			decode_string(slot_of(record, fetch, layout), layout,
				      layout->forced >> i & 1, value);
		}
	}
}
