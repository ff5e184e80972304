// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "thrift_binary.h"

#define STRICT 0x8001 /* the upper half of a strict message's first number */
#define DEPTH_MAX 32  /* structs in lists in structs: deeper is bad */

void thrift_reader_init(struct thrift_reader *r, const void *bytes, size_t size)
{
	r->at = bytes;
	r->end = r->at + size;
	r->bad = false;
}

/* The next COUNT bytes, or NULL if there are not so many. */
static const uint8_t *take(struct thrift_reader *r, size_t count)
{
	const uint8_t *bytes = r->at;

	if (r->bad || count > (size_t)(r->end - r->at)) {
		r->bad = true;
		return NULL;
	}
	r->at += count;
	return bytes;
}

static uint32_t read_number(struct thrift_reader *r, size_t bytes)
{
	const uint8_t *p = take(r, bytes);
	uint32_t number = 0;

	while (p && bytes--)
		number = number << 8 | *p++;
	return number;
}

int32_t thrift_read_i32(struct thrift_reader *r)
{
	return read_number(r, 4);
}

struct thrift_text thrift_read_string(struct thrift_reader *r)
{
	uint32_t size = thrift_read_i32(r); /* a negative one is far too much */
	const uint8_t *bytes = take(r, size);

	return (struct thrift_text){bytes ? (const char *)bytes : "", bytes ? size : 0};
}

void thrift_read_message(struct thrift_reader *r, struct thrift_message *message)
{
	uint32_t first = read_number(r, 4);

	/* The old form begins with the name's length, so its first half is never this. */
	if (first >> 16 != STRICT)
		r->bad = true;
	message->kind = r->bad ? 0 : first;
	message->method = thrift_read_string(r);
	message->sequence = thrift_read_i32(r);
}

bool thrift_read_field(struct thrift_reader *r, struct thrift_field *field)
{
	field->type = read_number(r, 1);
	if (r->bad || field->type == THRIFT_STOP)
		return false;
	field->id = read_number(r, 2);
	return !r->bad;
}

/* The least that a value of that type takes; 0: there is no such type. */
static size_t least_size(uint8_t type)
{
	static const uint8_t sizes[] = {
		[THRIFT_BOOL] = 1,   [THRIFT_BYTE] = 1,	  [THRIFT_DOUBLE] = 8,
		[THRIFT_I16] = 2,    [THRIFT_I32] = 4,	  [THRIFT_I64] = 8,
		[THRIFT_STRING] = 4, [THRIFT_STRUCT] = 1, [THRIFT_MAP] = 6,
		[THRIFT_SET] = 5,    [THRIFT_LIST] = 5,	  [THRIFT_UUID] = 16,
	};

	return type < sizeof(sizes) ? sizes[type] : 0;
}

/* How many elements of SIZE bytes or more follow: a lie would keep us busy for long. */
static uint32_t read_count(struct thrift_reader *r, size_t size)
{
	uint32_t count = thrift_read_i32(r); /* a negative one is far too many */
	size_t left = r->end - r->at;

	if (count && (!size || left / size < count))
		r->bad = true;
	return r->bad ? 0 : count;
}

uint32_t thrift_read_list(struct thrift_reader *r, enum thrift_type type)
{
	uint8_t found = read_number(r, 1);
	uint32_t count = read_count(r, least_size(found));

	if (count && found != type)
		r->bad = true;
	return r->bad ? 0 : count;
}

static void skip(struct thrift_reader *r, uint8_t type, unsigned int depth);

/* Of a map: the types of key and value, the count, the pairs. Else one type only. */
static void skip_elements(struct thrift_reader *r, bool pairs, unsigned int depth)
{
	uint8_t key = pairs ? read_number(r, 1) : THRIFT_STOP;
	uint8_t value = read_number(r, 1);
	uint32_t count = read_count(r, pairs && !least_size(key) ? 0 : least_size(value));

	while (count-- && !r->bad) {
		if (pairs)
			skip(r, key, depth);
		skip(r, value, depth);
	}
}

static void skip(struct thrift_reader *r, uint8_t type, unsigned int depth)
{
	struct thrift_field field;

	if (!depth--) {
		r->bad = true;
		return;
	}
	switch (type) {
	case THRIFT_STRING:
		thrift_read_string(r);
		break;
	case THRIFT_STRUCT:
		while (thrift_read_field(r, &field))
			skip(r, field.type, depth);
		break;
	case THRIFT_MAP:
	case THRIFT_SET:
	case THRIFT_LIST:
		skip_elements(r, type == THRIFT_MAP, depth);
		break;
	default: /* of a fixed size */
		if (!least_size(type))
			r->bad = true;
		take(r, least_size(type));
	}
}

void thrift_skip(struct thrift_reader *r, uint8_t type)
{
	skip(r, type, DEPTH_MAX);
}
