// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "thrift_binary.h"

static void put(struct thrift_writer *w, const void *bytes, size_t count)
{
	size_t room = w->room ? w->room : 128;
	uint8_t *larger;

	if (w->bad)
		return;
	while (room - w->size < count)
		room *= 2;
	if (room != w->room) {
		larger = realloc(w->bytes, room);
		if (!larger) {
			w->bad = true;
			return;
		}
		w->bytes = larger;
		w->room = room;
	}
	memcpy(w->bytes + w->size, bytes, count);
	w->size += count;
}

static void put_number(struct thrift_writer *w, uint64_t number, size_t bytes)
{
	uint8_t out[8];
	size_t i;

	for (i = 0; i < bytes; i++)
		out[i] = number >> 8 * (bytes - 1 - i);
	put(w, out, bytes);
}

void thrift_write_message(struct thrift_writer *w, const struct thrift_message *message)
{
	w->size = 0;
	put_number(w, 0, THRIFT_FRAME_HEAD); /* thrift_write_end() knows better */
	put_number(w, 0x80010000 | message->kind, 4);
	thrift_write_string(w, message->method);
	thrift_write_i32(w, message->sequence);
}

void thrift_write_field(struct thrift_writer *w, enum thrift_type type, int16_t id)
{
	put_number(w, type, 1);
	put_number(w, id, 2);
}

void thrift_write_stop(struct thrift_writer *w)
{
	put_number(w, THRIFT_STOP, 1);
}

void thrift_write_i32(struct thrift_writer *w, int32_t number)
{
	put_number(w, number, 4);
}

void thrift_write_i64(struct thrift_writer *w, int64_t number)
{
	put_number(w, number, 8);
}

void thrift_write_string(struct thrift_writer *w, struct thrift_text text)
{
	put_number(w, text.size, 4);
	put(w, text.bytes, text.size);
}

void thrift_write_list(struct thrift_writer *w, enum thrift_type type, uint32_t count)
{
	put_number(w, type, 1);
	put_number(w, count, 4);
}

void thrift_write_end(struct thrift_writer *w)
{
	size_t size = w->size;

	if (w->bad)
		return;
	w->size = 0;
	put_number(w, size - THRIFT_FRAME_HEAD, THRIFT_FRAME_HEAD);
	w->size = size;
}

void thrift_writer_fini(struct thrift_writer *w)
{
	free(w->bytes);
	*w = (struct thrift_writer){0};
}
