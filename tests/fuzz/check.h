/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds of the parsers' results whatever the input was; shared by the fuzz targets.
 */
#ifndef BPFHOL_TESTS_FUZZ_CHECK_H
#define BPFHOL_TESTS_FUZZ_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/arch.h"
#include "tracer/static/operand.h"

/* libFuzzer calls this with each of its inputs; it returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* check - abort, which libFuzzer reports together with the input, unless TRUTH. */
#define check(truth)                                                               \
	do {                                                                       \
		if (!(truth)) {                                                    \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, \
				#truth);                                           \
			abort();                                                   \
		}                                                                  \
	} while (0)

/* text_of - the input as a string in a block of its own, up to its first NUL. */
static inline char *text_of(const uint8_t *bytes, size_t size)
{
	char *text = strndup(size ? (const char *)bytes : "", size);

	check(text);
	return text;
}

static inline bool is_register_of(const struct arch *arch, int dwarf)
{
	return strcmp(arch_register_name(arch, dwarf, 8, 0), "?") != 0;
}

static inline void check_place(const struct arch *arch, const struct operand *op)
{
	bool has_base = op->reg >= 0;

	check(!has_base || op->reg == REGISTER_LOAD_BIAS || op->reg == REGISTER_THREAD ||
	      is_register_of(arch, op->reg));
	check(has_base || op->index >= 0 || op->symbol);
	check(op->index == -1 || is_register_of(arch, op->index));
	check(op->scale == 1 || op->scale == 2 || op->scale == 4 || op->scale == 8);
	check(!op->symbol == (op->symbol_use == SYMBOL_NONE));
	check(!op->symbol || *op->symbol);
}

/* check_operand - one that operands_parse() has filled, resolved or not. */
static inline void check_operand(int machine, const struct operand *op)
{
	const struct arch *arch = arch_find(machine);
	char *words;

	check(op->text && *op->text);
	check((op->kind == OPERAND_UNREADABLE) == (op->why != NULL));
	check(!op->why || *op->why);
	check(op->size > 0);
	if (op->kind != OPERAND_UNREADABLE) {
		check(arch);
		check(op->size == 1 || op->size == 2 || op->size == 4 || op->size == 8 ||
		      (op->kind == OPERAND_MEMORY && op->size <= 32) ||
		      (op->symbol_use == SYMBOL_GOT && op->size <= 32));
	}
	if (op->kind == OPERAND_REGISTER)
		check(is_register_of(arch, op->reg) &&
		      (op->reg_shift == 0 || op->reg_shift == 8));
	if (op->kind == OPERAND_MEMORY || op->kind == OPERAND_ADDRESS)
		check_place(arch, op);
	words = operand_describe(machine, op);
	check(words && *words);
	check(!strstr(words, "(null)") || strstr(op->text, "(null)"));
	free(words);
}

#endif
