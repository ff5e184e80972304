// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sum_load.h"

#define PAUSE_US 8000 /* between two calls of a client */

struct client {
	struct sum_load *load;
	unsigned int number;
	int fd;
	int32_t sequence;
};

struct sum_load {
	const struct sum_script *script;
	unsigned long round;
	pthread_barrier_t begin, end;
	struct client clients[SUM_CLIENTS];
};

static void die(const char *what)
{
	fprintf(stderr, "%s: ", program_invocation_short_name);
	perror(what);
	exit(1);
}

static void read_all(int fd, void *out, size_t size)
{
	if (size && recv(fd, out, size, MSG_WAITALL) != (ssize_t)size)
		die("a client got no answer");
}

/* The message is for us if it is an answer to that call; what it says is not our concern.
 */
static void read_answer(const struct client *client)
{
	uint8_t head[THRIFT_FRAME_HEAD], body[1024];
	struct thrift_message message;
	struct thrift_reader r;
	uint32_t size;

	read_all(client->fd, head, sizeof(head));
	thrift_reader_init(&r, head, sizeof(head));
	size = thrift_read_i32(&r);
	errno = EPROTO;
	if (size > sizeof(body))
		die("a client got a strange answer");
	read_all(client->fd, body, size);
	thrift_reader_init(&r, body, size);
	thrift_read_message(&r, &message);
	errno = EPROTO;
	if (r.bad || message.sequence != client->sequence ||
	    (message.kind != THRIFT_REPLY && message.kind != THRIFT_EXCEPTION))
		die("a client got a strange answer");
}

static void make_call(struct client *client, const struct sum_call *call)
{
	struct thrift_writer w = {0};

	sum_write_call(&w, call, ++client->sequence);
	if (w.bad || send(client->fd, w.bytes, w.size, MSG_NOSIGNAL) != (ssize_t)w.size)
		die("a client cannot call");
	thrift_writer_fini(&w);
	read_answer(client);
}

/* Each round begins at another of the calls, so that the order differs. */
static void *play(void *argument)
{
	struct client *client = argument;
	struct sum_load *load = client->load;
	const struct sum_call *calls = load->script->clients[client->number].calls;
	unsigned int count = load->script->clients[client->number].count, i;

	for (;;) {
		pthread_barrier_wait(&load->begin);
		for (i = 0; i < count; i++) {
			make_call(client, &calls[(i + load->round) % count]);
			usleep(PAUSE_US);
		}
		pthread_barrier_wait(&load->end);
	}
	return NULL;
}

struct sum_load *sum_load_start(const struct sum_script *script,
				const struct thrift_address *address)
{
	struct sum_load *load = calloc(1, sizeof(*load));
	pthread_t thread;
	unsigned int i;

	if (!load)
		die("memory");
	load->script = script;
	pthread_barrier_init(&load->begin, NULL, SUM_CLIENTS + 1);
	pthread_barrier_init(&load->end, NULL, SUM_CLIENTS + 1);
	for (i = 0; i < SUM_CLIENTS; i++) {
		struct client *client = &load->clients[i];

		client->load = load;
		client->number = i;
		client->fd = thrift_connect(address, i % TRANSPORTS);
		errno = pthread_create(&thread, NULL, play, client);
		if (errno)
			die("threads");
	}
	return load;
}

void sum_load_play(struct sum_load *load, unsigned long round)
{
	load->round = round;
	pthread_barrier_wait(&load->begin);
	pthread_barrier_wait(&load->end);
}
