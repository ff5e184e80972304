/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tables of operands are checked by, the same for every architecture: each
 * sample is read as its line says, nonsense is UNREADABLE, and samples bent at random are
 * read whole or not at all.
 */
#ifndef TESTS_UNIT_OPERAND_TABLE_H
#define TESTS_UNIT_OPERAND_TABLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/operand.h"

enum { BIAS = REGISTER_LOAD_BIAS, THREAD = REGISTER_THREAD, NONE = -1 };

struct sample {
	const char *text;
	enum operand_kind kind;
	int size;
	bool is_signed;
	int64_t constant;
	int reg, index, scale, shift;
	const char *symbol;
	enum index_extension extension;
};

/* An architecture's table. */
struct table {
	int machine;
	const struct sample *samples;
	size_t nsamples;
	const char *const *nonsense; /* nothing of it can be read */
	size_t nnonsense;
	const char *bits;  /* what operands are made of */
	int registers_end; /* the first DWARF number that is no general register's */
};

static int failures;

static void complain(const char *text, const char *what)
{
	printf("%s: %s\n", text, what);
	failures++;
}

static void check_sample(int machine, const struct sample *s)
{
	struct operand ops[OPERANDS_MAX];
	const struct operand *op = &ops[0];
	size_t count;

	if (operands_parse(machine, s->text, ops, &count) || count != 1) {
		complain(s->text, "is not one operand");
		return;
	}
	if (op->kind != s->kind || op->size != s->size || op->is_signed != s->is_signed)
		complain(s->text, "kind, size or sign");
	if (op->kind != OPERAND_UNREADABLE &&
	    (op->constant != s->constant || op->reg != s->reg || op->index != s->index ||
	     op->scale != s->scale || op->reg_shift != s->shift ||
	     op->index_extension != s->extension))
		complain(s->text, "constant or registers");
	if (op->is_float != !!strstr(s->text, "f@"))
		complain(s->text, "floating point or not");
	if (!op->symbol != !s->symbol || (s->symbol && strcmp(op->symbol, s->symbol)))
		complain(s->text, "symbol");
	if ((op->kind == OPERAND_UNREADABLE) != (op->why != NULL))
		complain(s->text, "a reason, if and only if unreadable");
	operands_fini(ops, count);
}

static unsigned int dice(unsigned int sides)
{
	static uint32_t state = 1; /* the same every time */

	state = state * 1664525 + 1013904223;
	return (state >> 8) % sides;
}

/*
 * Texts bent at random: whatever is read must be whole, and in words too. What a step
 * beyond a text's end would be, the sanitizers see.
 */
static void bend(const struct table *t)
{
	struct operand ops[OPERANDS_MAX];
	size_t count, i, len;
	char *text, *words;
	int round, n, err;

	for (round = 0; round < 30000; round++) {
		if (asprintf(&text, "%s %s", t->samples[dice(t->nsamples)].text,
			     t->samples[dice(t->nsamples)].text) < 0)
			return;
		len = strlen(text);
		for (n = 1 + dice(4); n; n--)
			text[dice(len)] = t->bits[dice(strlen(t->bits) + 1)];
		err = operands_parse(t->machine, text, ops, &count);
		if (err || count > OPERANDS_MAX)
			complain(text, "is an error");
		for (i = 0; i < count; i++) {
			words = operand_describe(t->machine, &ops[i]);
			if (!words || (ops[i].kind == OPERAND_UNREADABLE) != !!ops[i].why)
				complain(text, "is read by halves");
			if (ops[i].kind != OPERAND_UNREADABLE &&
			    (ops[i].size < 1 || ops[i].size > 32 || ops[i].reg < -1 ||
			     (ops[i].reg >= t->registers_end && ops[i].reg != BIAS &&
			      ops[i].reg != THREAD) ||
			     ops[i].index < -1 || ops[i].index >= t->registers_end))
				complain(text, "is read out of range");
			free(words);
		}
		operands_fini(ops, count);
		free(text);
	}
}

static void check_table(const struct table *t)
{
	struct operand ops[OPERANDS_MAX];
	size_t i, count;

	for (i = 0; i < t->nsamples; i++)
		check_sample(t->machine, &t->samples[i]);
	for (i = 0; i < t->nnonsense; i++) {
		if (operands_parse(t->machine, t->nonsense[i], ops, &count) ||
		    count != 1 || ops[0].kind != OPERAND_UNREADABLE)
			complain(t->nonsense[i], "is taken for something");
		operands_fini(ops, count);
	}
	bend(t);
}

#endif
