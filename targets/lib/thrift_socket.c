// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "thrift_socket.h"

union name {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_un un;
};

static void __attribute__((format(printf, 1, 2))) die(const char *format, ...)
{
	int err = errno;
	va_list values;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(values, format);
	vfprintf(stderr, format, values);
	va_end(values);
	fprintf(stderr, ": %s\n", strerror(err));
	exit(1);
}

static socklen_t unix_name(union name *name, const char *text)
{
	size_t len = strlen(text);

	if (!len || len >= sizeof(name->un.sun_path)) {
		errno = len ? ENAMETOOLONG : EINVAL;
		die("cannot use the socket '%s'", text);
	}
	name->un.sun_family = AF_UNIX;
	memcpy(name->un.sun_path, text, len + 1);
	if (*text != '@')
		return sizeof(name->un);
	name->un.sun_path[0] = '\0'; /* abstract: the length counts, not a NUL */
	return offsetof(struct sockaddr_un, sun_path) + len;
}

static socklen_t name_of(union name *name, const struct thrift_address *address,
			 enum transport transport)
{
	memset(name, 0, sizeof(*name));
	if (transport == TRANSPORT_UNIX)
		return unix_name(name, address->name);
	name->in.sin_family = AF_INET;
	name->in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	name->in.sin_port = htons(address->port);
	return sizeof(name->in);
}

static void cannot(const char *verb, const struct thrift_address *address,
		   enum transport transport)
{
	if (transport == TRANSPORT_UNIX)
		die("cannot %s '%s'", verb, address->name);
	die("cannot %s 127.0.0.1, port %d", verb, address->port);
}

static int open_socket(enum transport transport, int flags)
{
	int family = transport == TRANSPORT_TCP ? AF_INET : AF_UNIX, one = 1;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

	if (fd < 0)
		die("cannot make a socket");
	if (transport == TRANSPORT_TCP) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	}
	return fd;
}

/* A socket's file stays when its server goes: nobody answers there any more. */
static void remove_left_over(const struct thrift_address *address)
{
	union name name;
	socklen_t size = name_of(&name, address, TRANSPORT_UNIX);
	int fd = open_socket(TRANSPORT_UNIX, 0);
	struct stat st;

	/* Any file refuses a connection: only a socket may go. */
	if (*address->name != '@' && !lstat(address->name, &st) && S_ISSOCK(st.st_mode) &&
	    connect(fd, &name.any, size) && errno == ECONNREFUSED)
		unlink(address->name);
	close(fd);
}

int thrift_listen(struct thrift_address *address, enum transport transport)
{
	int fd = open_socket(transport, SOCK_NONBLOCK);
	union name name;
	socklen_t size = name_of(&name, address, transport);

	if (transport == TRANSPORT_UNIX)
		remove_left_over(address);
	if (bind(fd, &name.any, size) || listen(fd, SOMAXCONN))
		cannot("listen on", address, transport);
	if (transport == TRANSPORT_TCP) {
		if (getsockname(fd, &name.any, &size))
			cannot("ask for the port of", address, transport);
		address->port = ntohs(name.in.sin_port);
	}
	return fd;
}

int thrift_connect(const struct thrift_address *address, enum transport transport)
{
	int fd = open_socket(transport, 0);
	union name name;
	socklen_t size = name_of(&name, address, transport);

	if (connect(fd, &name.any, size))
		cannot("connect to", address, transport);
	return fd;
}
