/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls and answers of ../sum.thrift: what the Thrift compiler would make of it, by
 * hand. Only turns them into bytes and back; what a method does is elsewhere.
 */
#ifndef SUM_MESSAGES_H
#define SUM_MESSAGES_H

#include "thrift_binary.h"

enum sum_method { SUM_SUM, SUM_DIVIDE, SUM_LOOKUP, SUM_TOTAL, SUM_METHODS };

extern const char *const sum_method_names[SUM_METHODS];

struct sum_call {
	enum sum_method method; /* SUM_METHODS: none of them */
	int32_t num1, num2;	/* of sum and divide */
	struct thrift_text key; /* of lookup */
	int32_t *numbers;	/* of total */
	uint32_t count;
};

enum sum_outcome {
	SUM_RETURNED,
	SUM_DECLARED, /* an exception that the method's `throws` names */
	SUM_FAILED,   /* anything else that went wrong */
};

struct sum_answer {
	enum sum_outcome outcome;
	int64_t number;	       /* what sum, divide and total return */
	const char *text;      /* what lookup returns; of an exception, its message */
	const char *exception; /* its type */
	enum thrift_failure failure; /* what else went wrong */
};

/*
 * sum_read_call - the arguments of METHOD. As everywhere in Thrift a field that is not
 * known, or of another type, is skipped, and what is missing is zero. sum_call_fini()
 * frees what CALL owns, even if the reader went bad.
 */
void sum_read_call(struct thrift_reader *r, enum sum_method method,
		   struct sum_call *call);
void sum_call_fini(struct sum_call *call);

/* sum_write_call - a whole frame. */
void sum_write_call(struct thrift_writer *w, const struct sum_call *call,
		    int32_t sequence);

/* sum_write_answer - a whole frame: the answer to the message TO, a call of METHOD. */
void sum_write_answer(struct thrift_writer *w, const struct thrift_message *to,
		      enum sum_method method, const struct sum_answer *answer);

#endif
