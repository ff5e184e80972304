// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "sum_messages.h"

const char *const sum_method_names[SUM_METHODS] = {
	[SUM_SUM] = "sum",
	[SUM_DIVIDE] = "divide",
	[SUM_LOOKUP] = "lookup",
	[SUM_TOTAL] = "total",
};

static struct thrift_text text_of(const char *string)
{
	return (struct thrift_text){string, strlen(string)};
}

static void read_numbers(struct thrift_reader *r, struct sum_call *call)
{
	uint32_t count = thrift_read_list(r, THRIFT_I32), i;

	free(call->numbers); /* a field may stand there twice: the last one counts */
	call->count = 0;
	call->numbers = calloc(count, sizeof(*call->numbers));
	if (count && !call->numbers)
		r->bad = true;
	for (i = 0; i < count && !r->bad; i++)
		call->numbers[i] = thrift_read_i32(r);
	call->count = i;
}

/* True if FIELD is an argument of that method, and was read. */
static bool read_argument(struct thrift_reader *r, const struct thrift_field *field,
			  struct sum_call *call)
{
	static const enum thrift_type types[SUM_METHODS] = {
		[SUM_SUM] = THRIFT_I32,
		[SUM_DIVIDE] = THRIFT_I32,
		[SUM_LOOKUP] = THRIFT_STRING,
		[SUM_TOTAL] = THRIFT_LIST,
	};
	int last = call->method == SUM_SUM || call->method == SUM_DIVIDE ? 2 : 1;

	if (call->method == SUM_METHODS || field->type != types[call->method] ||
	    field->id < 1 || field->id > last)
		return false;
	if (field->type == THRIFT_STRING)
		call->key = thrift_read_string(r);
	else if (field->type == THRIFT_LIST)
		read_numbers(r, call);
	else if (field->id == 1)
		call->num1 = thrift_read_i32(r);
	else
		call->num2 = thrift_read_i32(r);
	return true;
}

void sum_read_call(struct thrift_reader *r, enum sum_method method, struct sum_call *call)
{
	struct thrift_field field;

	*call = (struct sum_call){.method = method, .key = text_of("")};
	while (thrift_read_field(r, &field)) {
		if (!read_argument(r, &field, call))
			thrift_skip(r, field.type);
	}
	if (r->at != r->end)
		r->bad = true; /* the frame ends with its message */
}

void sum_call_fini(struct sum_call *call)
{
	free(call->numbers);
	call->numbers = NULL;
}

static void write_numbers(struct thrift_writer *w, const struct sum_call *call)
{
	uint32_t i;

	thrift_write_field(w, THRIFT_LIST, 1);
	thrift_write_list(w, THRIFT_I32, call->count);
	for (i = 0; i < call->count; i++)
		thrift_write_i32(w, call->numbers[i]);
}

void sum_write_call(struct thrift_writer *w, const struct sum_call *call,
		    int32_t sequence)
{
	const struct thrift_message message = {THRIFT_CALL,
					       text_of(sum_method_names[call->method]),
					       sequence};

	thrift_write_message(w, &message);
	switch (call->method) {
	case SUM_LOOKUP:
		thrift_write_field(w, THRIFT_STRING, 1);
		thrift_write_string(w, call->key);
		break;
	case SUM_TOTAL:
		write_numbers(w, call);
		break;
	default:
		thrift_write_field(w, THRIFT_I32, 1);
		thrift_write_i32(w, call->num1);
		thrift_write_field(w, THRIFT_I32, 2);
		thrift_write_i32(w, call->num2);
	}
	thrift_write_stop(w);
	thrift_write_end(w);
}

/* What the method returns is field 0. */
static void write_result(struct thrift_writer *w, enum sum_method method,
			 const struct sum_answer *answer)
{
	switch (method) {
	case SUM_LOOKUP:
		thrift_write_field(w, THRIFT_STRING, 0);
		thrift_write_string(w, text_of(answer->text));
		break;
	case SUM_TOTAL:
		thrift_write_field(w, THRIFT_I64, 0);
		thrift_write_i64(w, answer->number);
		break;
	default:
		thrift_write_field(w, THRIFT_I32, 0);
		thrift_write_i32(w, answer->number);
	}
}

/* A declared exception is a field too, with the number it has behind `throws`. */
static void write_declared(struct thrift_writer *w, const struct sum_answer *answer)
{
	thrift_write_field(w, THRIFT_STRUCT, 1);
	thrift_write_field(w, THRIFT_STRING, 1);
	thrift_write_string(w, text_of(answer->text));
	thrift_write_stop(w);
}

/* Any other failure is a message of its own kind, a TApplicationException. */
static void write_failure(struct thrift_writer *w, const struct sum_answer *answer)
{
	thrift_write_field(w, THRIFT_STRING, 1);
	thrift_write_string(w, text_of(answer->text));
	thrift_write_field(w, THRIFT_I32, 2);
	thrift_write_i32(w, answer->failure);
}

void sum_write_answer(struct thrift_writer *w, const struct thrift_message *to,
		      enum sum_method method, const struct sum_answer *answer)
{
	struct thrift_message message = *to;

	message.kind = answer->outcome == SUM_FAILED ? THRIFT_EXCEPTION : THRIFT_REPLY;
	thrift_write_message(w, &message);
	if (answer->outcome == SUM_RETURNED)
		write_result(w, method, answer);
	else if (answer->outcome == SUM_DECLARED)
		write_declared(w, answer);
	else
		write_failure(w, answer);
	thrift_write_stop(w);
	thrift_write_end(w);
}
