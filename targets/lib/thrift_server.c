// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel hands out the work: all workers wait on one epoll descriptor, and
 * EPOLLONESHOT makes sure that what one of them got is given to no other until that one
 * asks for it again.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "thrift_server.h"

#define CONNECTIONS_MAX 512 /* fewer than the descriptors a process may have */
#define NO_ROOM_US 10000    /* without descriptors: look again after that */
#define SETTLE_US 200

struct worker {
	struct thrift_server *server;
	atomic_ulong turns; /* odd while it serves a frame */
};

/* What epoll gives back: a listening socket, or a connection. */
struct source {
	struct connection *connection; /* NULL: it listens */
	enum transport transport;
	int fd;
	atomic_uint accepted;
	/* The kernel hands a source from one worker to the next; this tells the compiler:
	   what the one wrote before, the other may read. */
	atomic_bool handed_over;
};

struct thrift_server {
	struct thrift_service service;
	int epoll;
	struct source listeners[TRANSPORTS];
	atomic_int connections;
	unsigned int workers;
	struct worker worker[];
};

static void die(const char *what)
{
	fprintf(stderr, "%s: ", program_invocation_short_name);
	perror(what);
	exit(1);
}

static bool await(struct thrift_server *server, struct source *source, int operation,
		  uint32_t events)
{
	struct epoll_event event = {events | EPOLLONESHOT, {.ptr = source}};
	int fd = source->fd;

	atomic_store(&source->handed_over, true);
	return epoll_ctl(server->epoll, operation, fd, &event) == 0;
}

static void drop(struct thrift_server *server, struct source *source)
{
	connection_free(source->connection);
	free(source);
	atomic_fetch_sub(&server->connections, 1);
}

static void take_in(struct thrift_server *server, struct source *listener, int fd)
{
	unsigned int n = atomic_fetch_add(&listener->accepted, 1);
	struct source *source = calloc(1, sizeof(*source));
	struct connection *c = NULL;

	if (source)
		c = connection_new(fd, server->service.number(server->service.context,
							      listener->transport, n));
	if (!c) {
		close(fd);
		free(source);
		return;
	}
	source->connection = c;
	source->fd = fd;
	atomic_fetch_add(&server->connections, 1);
	if (!await(server, source, EPOLL_CTL_ADD, EPOLLIN))
		drop(server, source);
}

static void accept_all(struct thrift_server *server, struct source *listener)
{
	int fd;

	while ((fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >=
	       0) {
		if (atomic_load(&server->connections) < CONNECTIONS_MAX)
			take_in(server, listener, fd);
		else
			close(fd);
	}
	if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
		usleep(NO_ROOM_US);
	await(server, listener, EPOLL_CTL_MOD, EPOLLIN);
}

/* One frame at most: then it is another connection's turn. */
static enum turn work_on(struct worker *worker, struct connection *c)
{
	const struct thrift_service *service = &worker->server->service;
	enum turn turn = connection_flush(c);
	const uint8_t *frame;
	size_t size;

	if (turn == TURN_READ)
		turn = connection_receive(c);
	if (turn != TURN_FRAME)
		return turn;
	frame = connection_frame(c, &size);
	atomic_fetch_add(&worker->turns, 1);
	if (!service->serve(service->context, c, frame, size))
		connection_finish(c);
	atomic_fetch_add(&worker->turns, 1);
	return connection_flush(c);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct thrift_server *server = worker->server;
	struct epoll_event event;
	struct source *source;
	enum turn turn;

	for (;;) {
		if (epoll_wait(server->epoll, &event, 1, -1) != 1)
			continue;
		source = event.data.ptr;
		atomic_exchange(&source->handed_over, false);
		if (!source->connection) {
			accept_all(server, source);
			continue;
		}
		turn = work_on(worker, source->connection);
		if (turn == TURN_OVER || !await(server, source, EPOLL_CTL_MOD,
						turn == TURN_WRITE ? EPOLLOUT : EPOLLIN))
			drop(server, source);
	}
	return NULL;
}

struct thrift_server *thrift_server_start(const struct thrift_service *service,
					  struct thrift_address *address,
					  unsigned int workers)
{
	struct thrift_server *server;
	enum transport transport;
	pthread_t thread;
	unsigned int i;

	server = calloc(1, sizeof(*server) + workers * sizeof(server->worker[0]));
	if (!server)
		die("memory");
	server->service = *service;
	server->workers = workers;
	server->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (transport = 0; transport < TRANSPORTS; transport++) {
		struct source *listener = &server->listeners[transport];

		listener->transport = transport;
		listener->fd = thrift_listen(address, transport);
		if (!await(server, listener, EPOLL_CTL_ADD, EPOLLIN))
			die("epoll");
	}
	for (i = 0; i < workers; i++) {
		server->worker[i].server = server;
		errno = pthread_create(&thread, NULL, work, &server->worker[i]);
		if (errno)
			die("threads");
	}
	return server;
}

/* A worker that serves something else by now has ended what it served before. */
void thrift_server_settle(struct thrift_server *server)
{
	unsigned int i;

	for (i = 0; i < server->workers; i++) {
		unsigned long turn = atomic_load(&server->worker[i].turns);

		while (turn % 2 && atomic_load(&server->worker[i].turns) == turn)
			usleep(SETTLE_US);
	}
}
