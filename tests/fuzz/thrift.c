// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as a message to sumd. Whether they are one is decided a second time by a
 * walk through them in another way, and what was read is written and read again.
 */
#include "tests/fuzz/check.h"
#include "targets/lib/sum_messages.h"

#define DEPTH 32

struct walk {
	const uint8_t *bytes;
	size_t size;
};

#define WRONG SIZE_MAX

/* A number of COUNT bytes at AT; false if it is not all there. */
static bool number(const struct walk *w, size_t at, int count, uint32_t *out)
{
	if (at > w->size || w->size - at < count)
		return false;
	for (*out = 0; count--; at++)
		*out = *out << 8 | w->bytes[at];
	return true;
}

static size_t string_end(const struct walk *w, size_t at)
{
	uint32_t size;

	if (!number(w, at, 4, &size) || size > w->size - at - 4)
		return WRONG;
	return at + 4 + size;
}

/* Where a value of that type ends that begins at AT, or WRONG. */
static size_t value_end(const struct walk *w, size_t at, uint32_t type, int depth);

static size_t elements_end(const struct walk *w, size_t at, int types, int depth)
{
	uint32_t type[2], count;
	int i;

	for (i = 0; i < types; i++, at++) {
		if (!number(w, at, 1, &type[i]))
			return WRONG;
	}
	if (!number(w, at, 4, &count))
		return WRONG;
	for (at += 4; count; count--) {
		for (i = 0; i < types; i++) {
			at = value_end(w, at, type[i], depth - 1);
			if (at == WRONG)
				return WRONG;
		}
	}
	return at;
}

static size_t struct_end(const struct walk *w, size_t at, int depth)
{
	uint32_t type;

	while (number(w, at, 1, &type)) {
		if (type == THRIFT_STOP)
			return at + 1;
		at = value_end(w, at + 3, type, depth - 1);
		if (at == WRONG)
			return WRONG;
	}
	return WRONG;
}

static size_t value_end(const struct walk *w, size_t at, uint32_t type, int depth)
{
	size_t size;

	if (at > w->size || !depth)
		return WRONG;
	switch (type) {
	case THRIFT_STRING:
		return string_end(w, at);
	case THRIFT_STRUCT:
		return struct_end(w, at, depth);
	case THRIFT_MAP:
		return elements_end(w, at, 2, depth);
	case THRIFT_SET:
	case THRIFT_LIST:
		return elements_end(w, at, 1, depth);
	case THRIFT_BOOL:
	case THRIFT_BYTE:
		size = 1;
		break;
	case THRIFT_I16:
		size = 2;
		break;
	case THRIFT_I32:
		size = 4;
		break;
	case THRIFT_I64:
	case THRIFT_DOUBLE:
		size = 8;
		break;
	case THRIFT_UUID:
		size = 16;
		break;
	default:
		return WRONG;
	}
	return w->size - at < size ? WRONG : at + size;
}

/* Is it a message, to its last byte? The fields of a struct have all DEPTH to go. */
static bool is_message(const struct walk *w)
{
	uint32_t first;
	size_t at;

	if (!number(w, 0, 4, &first) || first >> 16 != 0x8001)
		return false;
	at = string_end(w, 4);
	return at != WRONG && w->size - at >= 4 &&
	       struct_end(w, at + 4, DEPTH + 1) == w->size;
}

static void check_again(const struct sum_call *call)
{
	struct thrift_writer writer = {0};
	struct thrift_message message;
	struct thrift_reader r;
	struct sum_call again;

	sum_write_call(&writer, call, 77);
	check(!writer.bad);
	thrift_reader_init(&r, writer.bytes, writer.size);
	check(thrift_read_i32(&r) == writer.size - THRIFT_FRAME_HEAD);
	thrift_read_message(&r, &message);
	sum_read_call(&r, call->method, &again);
	check(!r.bad && message.kind == THRIFT_CALL && message.sequence == 77);
	check(again.num1 == call->num1 && again.num2 == call->num2);
	check(again.key.size == call->key.size && again.count == call->count);
	check(!memcmp(again.key.bytes, call->key.bytes, call->key.size));
	check(!call->count || !memcmp(again.numbers, call->numbers, 4ul * call->count));
	sum_call_fini(&again);
	thrift_writer_fini(&writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct walk walk = {bytes, size};
	struct thrift_message message;
	struct thrift_reader r;
	struct sum_call call;
	enum sum_method method = 0;

	thrift_reader_init(&r, bytes, size);
	thrift_read_message(&r, &message);
	while (method < SUM_METHODS &&
	       (message.method.size != strlen(sum_method_names[method]) ||
		memcmp(message.method.bytes, sum_method_names[method],
		       message.method.size)))
		method++;
	sum_read_call(&r, method, &call);
	check(r.at <= r.end);
	/* Numbers to be totalled must be such; otherwise the two must agree. */
	if (method == SUM_TOTAL)
		check(r.bad || is_message(&walk));
	else
		check(r.bad == !is_message(&walk));
	if (!r.bad && method < SUM_METHODS)
		check_again(&call);
	sum_call_fini(&call);
	return 0;
}
