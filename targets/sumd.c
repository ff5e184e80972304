// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A request's life, told by fourteen probes: a server that any Thrift client can call
 * (sum.thrift says what it offers), kept busy by clients of its own.
 *
 * A request goes through serve() below from top to bottom, on one thread:
 *
 *	probe of provider thrift		arg4, arg5
 *	crochet_request_data_context		(a frame came; its request begins)
 *	folly:request_context_switch_before
 *	thrift_context_stack_pre_read		-
 *	thrift_context_stack_on_read_data	the message's address, its bytes
 *	thrift_context_stack_post_read		bytes read
 *	    the method does its work; if that fails:
 *	thrift_context_stack_user_exception_wrapped	type, the answer's address
 *	thrift_context_stack_user_exception		type, text
 *	    or, for a failure that the method does not declare:
 *	thrift_context_stack_handler_error_wrapped	type, the answer's address
 *	thrift_context_stack_handler_error		type, text
 *	thrift_context_stack_pre_write		-
 *	thrift_context_stack_on_write_data	the message's address, its bytes
 *	thrift_context_stack_post_write		bytes written
 *	thrift_context_stack_async_complete	0 it returned, 1 exception, 2 error
 *	strobelight_probe_data_destruct		(the request is no more)
 *	folly:request_context_switch_before
 *
 * All thrift_context_stack_* begin with the same four arguments: arg0 the request's
 * number, arg1 the connection's, arg2 the service, arg3 the method. The other probes:
 *
 *	crochet_request_data_context	arg0 request, arg1 connection, arg2 bytes
 *	strobelight_probe_data_destruct	arg0 request, arg1 connection
 *	folly:request_context_switch_before
 *					arg0 the request this thread worked on until now,
 *					arg1 the one from now on; 0: none
 *	testthrift:sum			arg0 and arg1 the two numbers to be added
 *	testthrift:round		arg0 the number of the round of calls that begins
 *
 * Bytes are those of the message, without the four of its length in front.
 */
#include <getopt.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sdt.h>
#include <time.h>
#include <unistd.h>

#include "heartbeat.h"
#include "seed.h"
#include "sum_load.h"
#include "sum_script.h"
#include "thrift_server.h"

#define SERVICE "SumService"
#define WORKERS 4
#define SHOWN_MAX 32 /* of a client's text, as it is shown */
#define ROUND_NS 1000000000ll

struct request {
	uint64_t id;
	uint32_t connection;
	char method[SHOWN_MAX]; /* as the client wrote it, so it may be none of ours */
	struct thrift_message message;
	struct sum_call call;
	struct sum_answer answer;
	char text[SHOWN_MAX +
		  SUM_TEXT_MAX]; /* what the answer says, if it was made for it */
};

/* What all requests have in common. */
struct sumd {
	struct sum_script script;
	atomic_ulong next_request;
};

static struct sum_answer declared(const char *exception, const char *text)
{
	return (struct sum_answer){SUM_DECLARED, .exception = exception, .text = text};
}

static struct sum_answer failed(enum thrift_failure failure, const char *error,
				const char *text)
{
	return (struct sum_answer){SUM_FAILED, .exception = error, .text = text,
				   .failure = failure};
}

/* What a client wrote, made fit to be shown. */
static void show(struct thrift_text text, char shown[SHOWN_MAX])
{
	size_t i;

	for (i = 0; i < text.size && i < SHOWN_MAX - 1; i++)
		shown[i] =
			text.bytes[i] > ' ' && text.bytes[i] < 127 ? text.bytes[i] : '?';
	shown[i] = '\0';
}

/* The four methods. */

static struct sum_answer do_sum(const struct sum_call *call)
{
	int32_t sum;

	DTRACE_PROBE2(testthrift, sum, call->num1, call->num2);
	if (__builtin_add_overflow(call->num1, call->num2, &sum))
		return failed(THRIFT_INTERNAL_ERROR, "Overflow",
			      "Overflow: the sum is more than an i32 can be");
	return (struct sum_answer){SUM_RETURNED, .number = sum};
}

static struct sum_answer do_divide(const struct sum_script *script, struct request *rq)
{
	const struct sum_call *call = &rq->call;
	int64_t quotient;

	if (!call->num2) {
		snprintf(rq->text, sizeof(rq->text), "%d cannot be shared by %s",
			 call->num1, script->by_zero);
		return declared("DivideByZero", rq->text);
	}
	quotient = (int64_t)call->num1 / call->num2;
	if (quotient > INT32_MAX)
		return failed(THRIFT_INTERNAL_ERROR, "Overflow",
			      "Overflow: the quotient is more than an i32 can be");
	return (struct sum_answer){SUM_RETURNED, .number = quotient};
}

static struct sum_answer do_lookup(const struct sum_script *script, struct request *rq)
{
	const char *value = sum_script_value(script, rq->call.key);
	char key[SHOWN_MAX];

	if (!value) {
		show(rq->call.key, key);
		snprintf(rq->text, sizeof(rq->text), "%s was never seen by %s", key,
			 script->not_found);
		return declared("NotFound", rq->text);
	}
	return (struct sum_answer){SUM_RETURNED, .text = value};
}

static struct sum_answer do_total(const struct sum_call *call)
{
	int64_t total = 0;
	uint32_t i;

	for (i = 0; i < call->count; i++)
		total += call->numbers[i];
	return (struct sum_answer){SUM_RETURNED, .number = total};
}

static struct sum_answer run_method(const struct sum_script *script, struct request *rq)
{
	if (rq->call.method == script->slow)
		usleep(script->slow_us);
	switch (rq->call.method) {
	case SUM_SUM:
		return do_sum(&rq->call);
	case SUM_DIVIDE:
		return do_divide(script, rq);
	case SUM_LOOKUP:
		return do_lookup(script, rq);
	case SUM_TOTAL:
		return do_total(&rq->call);
	default:
		snprintf(rq->text, sizeof(rq->text), "there is no method '%s'",
			 rq->method);
		return failed(THRIFT_UNKNOWN_METHOD, "UnknownMethod", rq->text);
	}
}

/* A request's life. */

static enum sum_method find_method(struct thrift_text name)
{
	enum sum_method method = 0;

	while (method < SUM_METHODS &&
	       (strlen(sum_method_names[method]) != name.size ||
		memcmp(sum_method_names[method], name.bytes, name.size)))
		method++;
	return method;
}

static void switch_context(uint64_t before, uint64_t after)
{
	DTRACE_PROBE2(folly, request_context_switch_before, before, after);
}

static bool read_request(struct request *rq, const uint8_t *frame, size_t size)
{
	struct thrift_reader r;

	thrift_reader_init(&r, frame, size);
	thrift_read_message(&r, &rq->message);
	show(rq->message.method, rq->method);
	DTRACE_PROBE4(thrift, thrift_context_stack_pre_read, rq->id, rq->connection,
		      SERVICE, rq->method);
	DTRACE_PROBE6(thrift, thrift_context_stack_on_read_data, rq->id, rq->connection,
		      SERVICE, rq->method, frame, size);
	sum_read_call(&r, find_method(rq->message.method), &rq->call);
	if (r.bad)
		return false;
	DTRACE_PROBE5(thrift, thrift_context_stack_post_read, rq->id, rq->connection,
		      SERVICE, rq->method, size);
	return true;
}

static void tell_of_failure(const struct request *rq)
{
	const struct sum_answer *answer = &rq->answer;

	if (answer->outcome == SUM_DECLARED) {
		DTRACE_PROBE6(thrift, thrift_context_stack_user_exception_wrapped, rq->id,
			      rq->connection, SERVICE, rq->method, answer->exception,
			      answer);
		DTRACE_PROBE6(thrift, thrift_context_stack_user_exception, rq->id,
			      rq->connection, SERVICE, rq->method, answer->exception,
			      answer->text);
	} else if (answer->outcome == SUM_FAILED) {
		DTRACE_PROBE6(thrift, thrift_context_stack_handler_error_wrapped, rq->id,
			      rq->connection, SERVICE, rq->method, answer->exception,
			      answer);
		DTRACE_PROBE6(thrift, thrift_context_stack_handler_error, rq->id,
			      rq->connection, SERVICE, rq->method, answer->exception,
			      answer->text);
	}
}

static void write_answer(const struct request *rq, struct connection *c)
{
	struct thrift_writer w = {0};
	size_t bytes;

	DTRACE_PROBE4(thrift, thrift_context_stack_pre_write, rq->id, rq->connection,
		      SERVICE, rq->method);
	sum_write_answer(&w, &rq->message, rq->call.method, &rq->answer);
	bytes = w.size - THRIFT_FRAME_HEAD;
	DTRACE_PROBE6(thrift, thrift_context_stack_on_write_data, rq->id, rq->connection,
		      SERVICE, rq->method, w.bytes + THRIFT_FRAME_HEAD, bytes);
	connection_send(c, &w);
	DTRACE_PROBE5(thrift, thrift_context_stack_post_write, rq->id, rq->connection,
		      SERVICE, rq->method, bytes);
}

/* False: what comes next on this connection cannot be trusted to be a message. */
static bool serve(void *context, struct connection *c, const uint8_t *frame, size_t size)
{
	struct sumd *sumd = context;
	struct request rq = {.id = atomic_fetch_add(&sumd->next_request, 1),
			     .connection = connection_id(c)};
	bool sound;

	DTRACE_PROBE3(thrift, crochet_request_data_context, rq.id, rq.connection, size);
	switch_context(0, rq.id);
	sound = read_request(&rq, frame, size);
	if (!sound)
		rq.answer = failed(THRIFT_PROTOCOL_ERROR, "ProtocolError",
				   "this is no message that can be read");
	else if (rq.message.kind != THRIFT_CALL && rq.message.kind != THRIFT_ONEWAY)
		rq.answer = failed(THRIFT_INVALID_MESSAGE_TYPE, "InvalidMessageType",
				   "a message that is no call");
	else
		rq.answer = run_method(&sumd->script, &rq);
	tell_of_failure(&rq);
	if (rq.message.kind != THRIFT_ONEWAY)
		write_answer(&rq, c);
	DTRACE_PROBE5(thrift, thrift_context_stack_async_complete, rq.id, rq.connection,
		      SERVICE, rq.method, rq.answer.outcome);
	sum_call_fini(&rq.call);
	DTRACE_PROBE2(thrift, strobelight_probe_data_destruct, rq.id, rq.connection);
	switch_context(rq.id, 0);
	return sound;
}

/* The program. */

static uint32_t number_connection(void *context, enum transport transport, unsigned int n)
{
	struct sumd *sumd = context;

	return sum_script_connection(&sumd->script, transport, n);
}

static void usage(int status)
{
	fprintf(status ? stderr : stdout,
		"usage: sumd [-p PORT] [-u SOCKET]\n"
		"  -p PORT    listen on this port of 127.0.0.1, not on any that is free\n"
		"  -u SOCKET  and on this Unix socket: a path, or @NAME for one "
		"without\n");
	exit(status);
}

static void parse_options(int argc, char **argv, struct thrift_address *address)
{
	char *end;
	int option;

	while ((option = getopt(argc, argv, "hp:u:")) != -1) {
		switch (option) {
		case 'p':
			address->port = strtol(optarg, &end, 10);
			if (*end || address->port < 1 || address->port > 65535)
				usage(2);
			break;
		case 'u':
			address->name = optarg;
			break;
		default:
			usage(option == 'h' ? 0 : 2);
		}
	}
	if (optind < argc)
		usage(2);
}

static struct timespec one_round_after(struct timespec time)
{
	long long ns = time.tv_nsec + ROUND_NS;

	return (struct timespec){time.tv_sec + ns / 1000000000, ns % 1000000000};
}

/* When a round's marker fires, nothing of the round before is still going on. */
static void play_rounds(struct thrift_server *server, struct sum_load *load)
{
	struct timespec next;
	unsigned long round;

	for (round = 1;; round++) {
		clock_gettime(CLOCK_MONOTONIC, &next);
		DTRACE_PROBE1(testthrift, round, round);
		sum_load_play(load, round);
		thrift_server_settle(server);
		heartbeat("rounds", round);
		next = one_round_after(next);
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
	}
}

int main(int argc, char **argv)
{
	static struct sumd sumd;
	const struct thrift_service service = {serve, number_connection, &sumd};
	struct thrift_address address = {0};
	struct thrift_server *server;
	char name[32];

	snprintf(name, sizeof(name), "@sumd.%d", getpid());
	address.name = name;
	parse_options(argc, argv, &address);
	sum_script_make(&sumd.script, seed_read());
	sumd.next_request = sumd.script.first_request;
	server = thrift_server_start(&service, &address, WORKERS);
	fprintf(stderr, "sumd: listens on 127.0.0.1:%d\nsumd: listens on %s\n",
		address.port, address.name);
	heartbeat_start("one round of calls a second");
	play_rounds(server, sum_load_start(&sumd.script, &address));
}
