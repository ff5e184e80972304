/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Thrift's binary protocol, the strict one: how a call and its answer look as bytes.
 *
 *	message  80 01 00 KIND, method's name, sequence number (i32), one struct
 *	struct   fields, each TYPE (byte), ID (i16), value; a byte 0 ends it
 *	string   length (i32), bytes
 *	list     TYPE of its elements (byte), how many (i32), the elements
 *
 * Numbers stand with their highest byte first. In the framed transport each message has
 * its length (i32) in front. Source: doc/specs/thrift-binary-protocol.md and
 * thrift-rpc.md of Apache Thrift.
 *
 * Knows nothing of sockets, methods or probes. What is read comes from strangers: no
 * length is believed before it was compared with what is there.
 */
#ifndef THRIFT_BINARY_H
#define THRIFT_BINARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define THRIFT_FRAME_HEAD 4	   /* bytes of the length in front of a message */
#define THRIFT_FRAME_MAX (1 << 20) /* longer messages are refused */

enum thrift_kind {
	THRIFT_CALL = 1,
	THRIFT_REPLY = 2,
	THRIFT_EXCEPTION = 3,
	THRIFT_ONEWAY = 4, /* a call that wants no answer */
};

enum thrift_type {
	THRIFT_STOP = 0,
	THRIFT_BOOL = 2,
	THRIFT_BYTE = 3,
	THRIFT_DOUBLE = 4,
	THRIFT_I16 = 6,
	THRIFT_I32 = 8,
	THRIFT_I64 = 10,
	THRIFT_STRING = 11,
	THRIFT_STRUCT = 12,
	THRIFT_MAP = 13,
	THRIFT_SET = 14,
	THRIFT_LIST = 15,
	THRIFT_UUID = 16,
};

/* Why a call failed in a way that its method did not declare. */
enum thrift_failure {
	THRIFT_UNKNOWN_METHOD = 1,
	THRIFT_INVALID_MESSAGE_TYPE = 2,
	THRIFT_INTERNAL_ERROR = 6,
	THRIFT_PROTOCOL_ERROR = 7,
};

/* Bytes of the message that is read; not terminated, and may hold anything. */
struct thrift_text {
	const char *bytes;
	size_t size;
};

struct thrift_message {
	uint8_t kind; /* enum thrift_kind, or whatever was sent */
	struct thrift_text method;
	int32_t sequence; /* chosen by the client; the answer repeats it */
};

struct thrift_field {
	uint8_t type; /* enum thrift_type, or whatever was sent */
	int16_t id;
};

/*
 * thrift_reader - walks through a message that the caller keeps. Once something does not
 * fit, `bad` is set for good, and whatever is read from then on is zero or empty: ask
 * once, at the end.
 */
struct thrift_reader {
	const uint8_t *at, *end;
	bool bad;
};

void thrift_reader_init(struct thrift_reader *r, const void *bytes, size_t size);

int32_t thrift_read_i32(struct thrift_reader *r);
struct thrift_text thrift_read_string(struct thrift_reader *r);
void thrift_read_message(struct thrift_reader *r, struct thrift_message *message);

/* thrift_read_field - the next one of a struct; false at its end, or when it is bad. */
bool thrift_read_field(struct thrift_reader *r, struct thrift_field *field);

/* thrift_read_list - how many elements follow; of another TYPE, or more than there can
 * be, is bad. */
uint32_t thrift_read_list(struct thrift_reader *r, enum thrift_type type);

/* thrift_skip - a value of that type, of any depth up to a limit. */
void thrift_skip(struct thrift_reader *r, uint8_t type);

/*
 * thrift_writer - a frame that grows. Without memory `bad` is set, and nothing more is
 * written. thrift_writer_fini() frees it.
 */
struct thrift_writer {
	uint8_t *bytes; /* the length, then the message */
	size_t size, room;
	bool bad;
};

/* thrift_write_message - begins the frame. */
void thrift_write_message(struct thrift_writer *w, const struct thrift_message *message);
void thrift_write_field(struct thrift_writer *w, enum thrift_type type, int16_t id);
void thrift_write_stop(struct thrift_writer *w);
void thrift_write_i32(struct thrift_writer *w, int32_t number);
void thrift_write_i64(struct thrift_writer *w, int64_t number);
void thrift_write_string(struct thrift_writer *w, struct thrift_text text);
void thrift_write_list(struct thrift_writer *w, enum thrift_type type, uint32_t count);

/* thrift_write_end - the message is whole: put its length in front. */
void thrift_write_end(struct thrift_writer *w);
void thrift_writer_fini(struct thrift_writer *w);

#endif
