/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two ways to a server: a TCP port of this machine, or a Unix socket. A Unix socket's
 * name is a path, or, with an @ in front, a name that is in no folder and goes when the
 * process goes (unix(7) calls it abstract).
 *
 * Whatever cannot be had ends the program with a message.
 */
#ifndef THRIFT_SOCKET_H
#define THRIFT_SOCKET_H

enum transport { TRANSPORT_TCP, TRANSPORT_UNIX, TRANSPORTS };

/* Where a server listens. */
struct thrift_address {
	int port;	  /* on 127.0.0.1; 0: one that is free, filled in */
	const char *name; /* of the Unix socket */
};

/* thrift_listen - a socket that does not block. A path left behind by a server that is
 * gone is used again. */
int thrift_listen(struct thrift_address *address, enum transport transport);

/* thrift_connect - a socket that does. */
int thrift_connect(const struct thrift_address *address, enum transport transport);

#endif
