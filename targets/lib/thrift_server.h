/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections and the threads that work on them. Any worker takes any connection that has
 * something to read, one frame a turn; so the requests of one connection come one after
 * the other, but not all on the same thread.
 *
 * Knows nothing of what is in a frame. A server goes when its process goes.
 */
#ifndef THRIFT_SERVER_H
#define THRIFT_SERVER_H

#include "thrift_connection.h"
#include "thrift_socket.h"

struct thrift_server;

/* What the program brings. CONTEXT is handed to both. */
struct thrift_service {
	/* A frame came. It may send one answer. False: this connection is over. */
	bool (*serve)(void *context, struct connection *c, const uint8_t *frame,
		      size_t size);
	/* The number of the Nth connection, from 0, that came this way. */
	uint32_t (*number)(void *context, enum transport transport, unsigned int n);
	void *context;
};

/* thrift_server_start - listen (a port of 0 is filled in) and work, with so many
 * threads. What cannot be had ends the program with a message. */
struct thrift_server *thrift_server_start(const struct thrift_service *service,
					  struct thrift_address *address,
					  unsigned int workers);

/* thrift_server_settle - wait until every serve() that is going on now has returned. */
void thrift_server_settle(struct thrift_server *server);

#endif
