// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A connection reads the four bytes of a length, then so many bytes, and never further:
 * what a client sends ahead waits in its socket, and so costs the server no memory.
 *
 * A connection that ends for a fault of the client's must not just be closed: with bytes
 * unread the kernel would throw the answer away that says what the fault was (a reset).
 * So we end our side, and read and forget until the client ends its own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "thrift_connection.h"

#define PATIENCE_BYTES (4 * THRIFT_FRAME_MAX) /* forgotten, then it is closed anyway */

struct connection {
	int fd;
	uint32_t id;
	uint8_t head[THRIFT_FRAME_HEAD];
	uint8_t *frame; /* the message behind the head, of .size bytes */
	size_t size;
	size_t have; /* bytes of head and message so far */
	struct thrift_writer out;
	size_t sent; /* of .out */
	bool finish;
	size_t forgotten; /* bytes that came after the end of our side */
	bool ended;	  /* our side */
};

struct connection *connection_new(int fd, uint32_t id)
{
	struct connection *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->fd = fd;
	c->id = id;
	return c;
}

void connection_free(struct connection *c)
{
	close(c->fd);
	free(c->frame);
	thrift_writer_fini(&c->out);
	free(c);
}

int connection_fd(const struct connection *c)
{
	return c->fd;
}

uint32_t connection_id(const struct connection *c)
{
	return c->id;
}

/* Up to COUNT bytes; true if there were any, else *TURN says what now. */
static bool receive(struct connection *c, void *out, size_t count, size_t *got,
		    enum turn *turn)
{
	ssize_t n = recv(c->fd, out, count, 0);

	*got = n > 0 ? n : 0;
	*turn = n < 0 && (errno == EAGAIN || errno == EINTR) ? TURN_READ : TURN_OVER;
	return n > 0;
}

static enum turn forget(struct connection *c)
{
	uint8_t bytes[4096];
	enum turn turn;
	size_t got;

	while (receive(c, bytes, sizeof(bytes), &got, &turn)) {
		c->forgotten += got;
		if (c->forgotten > PATIENCE_BYTES)
			return TURN_OVER;
	}
	return turn;
}

/* The head is there: room for the message. */
static bool begin_message(struct connection *c)
{
	uint32_t size = (uint32_t)c->head[0] << 24 | c->head[1] << 16 | c->head[2] << 8 |
			c->head[3];

	c->size = size > THRIFT_FRAME_MAX ? 0 : size;
	free(c->frame);
	c->frame = malloc(c->size + 1);
	return c->frame;
}

enum turn connection_receive(struct connection *c)
{
	enum turn turn;
	size_t got;

	if (c->ended)
		return forget(c);
	while (c->have < THRIFT_FRAME_HEAD) {
		if (!receive(c, c->head + c->have, THRIFT_FRAME_HEAD - c->have, &got,
			     &turn))
			return turn;
		c->have += got;
		if (c->have == THRIFT_FRAME_HEAD && !begin_message(c))
			return TURN_OVER;
	}
	while (c->have < THRIFT_FRAME_HEAD + c->size) {
		size_t at = c->have - THRIFT_FRAME_HEAD;

		if (!receive(c, c->frame + at, c->size - at, &got, &turn))
			return turn;
		c->have += got;
	}
	c->have = 0; /* the next receive begins anew */
	return TURN_FRAME;
}

const uint8_t *connection_frame(const struct connection *c, size_t *size)
{
	*size = c->size;
	return c->frame;
}

void connection_send(struct connection *c, struct thrift_writer *w)
{
	thrift_writer_fini(&c->out);
	c->out = *w;
	c->sent = 0;
	*w = (struct thrift_writer){0};
	connection_flush(c);
}

void connection_finish(struct connection *c)
{
	c->finish = true;
}

enum turn connection_flush(struct connection *c)
{
	ssize_t n;

	if (c->out.bad)
		return TURN_OVER;
	while (c->sent < c->out.size) {
		n = send(c->fd, c->out.bytes + c->sent, c->out.size - c->sent,
			 MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? TURN_WRITE : TURN_OVER;
		c->sent += n;
	}
	if (c->finish && !c->ended) {
		shutdown(c->fd, SHUT_WR);
		c->ended = true;
	}
	return TURN_READ;
}
