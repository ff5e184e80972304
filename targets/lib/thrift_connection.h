/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One client's connection, as the server sees it: frames come in, answers go out, none of
 * it ever waits. One thread at a time works on a connection.
 */
#ifndef THRIFT_CONNECTION_H
#define THRIFT_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "thrift_binary.h"

struct connection;

/* What a turn with a connection came to. */
enum turn {
	TURN_FRAME, /* a whole one is there: connection_frame() */
	TURN_READ,  /* come again when there is more to read */
	TURN_WRITE, /* come again when there is room to write */
	TURN_OVER,  /* free it */
};

/* connection_new - takes over FD, a socket that does not block. NULL without memory. */
struct connection *connection_new(int fd, uint32_t id);
void connection_free(struct connection *c);

int connection_fd(const struct connection *c);
uint32_t connection_id(const struct connection *c);

/* connection_receive - as much of the frame as is there, and nothing of the next. */
enum turn connection_receive(struct connection *c);

/*
 * connection_frame - the message of the frame that is whole, until the next receive. One
 * whose length nobody can mean (negative, or above THRIFT_FRAME_MAX) comes out empty.
 */
const uint8_t *connection_frame(const struct connection *c, size_t *size);

/* connection_send - takes over what W has, a whole frame. One answer at a time. */
void connection_send(struct connection *c, struct thrift_writer *w);

/* connection_finish - nothing more is read, and when all answers are out it is over. */
void connection_finish(struct connection *c);

/* connection_flush - what of the answer the socket takes now. */
enum turn connection_flush(struct connection *c);

#endif
