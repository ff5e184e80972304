// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From "-4@%edi 8@-16(%rbp)" to struct operand.
 *
 * Every argument reads [-]N[f]@OPERAND: N is sizeof the C expression, "-" says signed,
 * "f" says floating point. N governs when it disagrees with the operand's own width
 * (sys/sdt.h says so: some compilers write the full register for a short value). What
 * stands behind the "@" is the architecture's business, see arch.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/arch.h"
#include "tracer/static/operand.h"

#define BYTES_MAX 32 /* of a struct passed by value */

static bool readable_size(const struct arch *arch, const struct operand *op)
{
	if (op->kind == OPERAND_MEMORY && op->size > 8)
		return op->size <= BYTES_MAX;
	if (op->kind == OPERAND_REGISTER && op->size > arch->word)
		return false;
	return op->size == 1 || op->size == 2 || op->size == 4 || op->size == 8;
}

/*
 * The "-4f@" in front. Returns what follows it. Hand-written assembler may leave it out
 * ("%eax"): then the value has the size of a long, WORD.
 */
static const char *parse_size(const char *text, int word, struct operand *out)
{
	const char *p = text + (*text == '-');
	long size = 0;

	while (*p >= '0' && *p <= '9' && size < 4096)
		size = size * 10 + *p++ - '0';
	out->is_float = *p == 'f';
	if (*(p + out->is_float) != '@' || size == 0) {
		out->is_float = false;
		out->size = word;
		return text;
	}
	out->size = (int)size;
	out->is_signed = *text == '-';
	return p + out->is_float + 1;
}

int operand_set_unreadable(struct operand *out, const char *format, const char *text)
{
	out->kind = OPERAND_UNREADABLE;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (asprintf(&out->why, format, text) >= 0)
		return 0;
#pragma GCC diagnostic pop
	out->why = NULL; /* asprintf() leaves it undefined */
	return -ENOMEM;
}

static int parse_one(int machine, struct operand *out)
{
	const struct arch *arch = arch_find(machine);
	const char *place = parse_size(out->text, arch ? arch->word : 8, out);
	const char *why;

	if (!arch)
		return operand_set_unreadable(
			out, "'%s' is of an architecture this tracer does not know",
			place);
	why = arch->parse_operand(arch, place, out);
	out->symbol_offset = out->constant;
	if (why)
		return operand_set_unreadable(out, why, place);
	if (!readable_size(arch, out))
		return operand_set_unreadable(
			out, "'%s' has a size no register or memory access has",
			out->text);
	return 0;
}

/* Length of the operand that TEXT begins with; blanks within brackets belong to it. */
static size_t operand_length(const char *text)
{
	size_t len;
	int depth = 0;

	for (len = 0; text[len]; len++) {
		if (text[len] == '[')
			depth++;
		else if (text[len] == ']')
			depth--;
		else if (text[len] == ' ' && depth <= 0)
			break;
	}
	return len;
}

int operands_parse(int machine, const char *text, struct operand out[OPERANDS_MAX],
		   size_t *count)
{
	size_t len;
	int err;

	*count = 0;
	for (text += strspn(text, " "); *text; text += len + strspn(text + len, " ")) {
		struct operand *op = &out[*count];

		if (*count == OPERANDS_MAX)
			return -E2BIG;
		len = operand_length(text);
		*op = (struct operand){.reg = -1, .index = -1, .scale = 1};
		op->text = strndup(text, len);
		++*count;
		err = op->text ? parse_one(machine, op) : -ENOMEM;
		if (err)
			return err;
	}
	return 0;
}

void operands_fini(struct operand *operands, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(operands[i].text);
		free(operands[i].symbol);
		free(operands[i].why);
	}
}

/* "the stack pointer (%rsp)", "the address in %rax", "the variable x". */
static void print_base(FILE *out, const struct arch *arch, const struct operand *op)
{
	const char *name = arch_register_name(arch, op->reg, arch->word, 0);

	if (op->symbol && op->symbol_use == SYMBOL_THREAD)
		fprintf(out, "the thread's own variable %s", op->symbol);
	else if (op->symbol && op->symbol_use == SYMBOL_GOT)
		fprintf(out, "the slot that holds the address of %s", op->symbol);
	else if (op->symbol)
		fprintf(out, "the variable %s", op->symbol);
	else if (op->reg == REGISTER_THREAD)
		fprintf(out, "the thread's own memory (%s%s)", arch->register_prefix,
			arch->thread_segment);
	else if (op->reg == arch->stack_pointer)
		fprintf(out, "the stack pointer (%s%s)", arch->register_prefix, name);
	else if (op->reg == arch->frame_pointer)
		fprintf(out, "the frame pointer (%s%s)", arch->register_prefix, name);
	else
		fprintf(out, "the address in %s%s", arch->register_prefix, name);
	if (op->symbol_use == SYMBOL_LOW12)
		fprintf(out, ", whose page is in %s", name);
	else if (op->symbol && op->reg >= 0 && op->reg < REGISTER_LOAD_BIAS)
		fprintf(out, " plus %s%s", arch->register_prefix, name);
}

/* " plus %rsi times 4", " plus w1 (signed)". */
static void print_index(FILE *out, const struct arch *arch, const struct operand *op)
{
	static const char *const signs[] = {
		[INDEX_WHOLE] = "",
		[INDEX_SIGNED] = " (signed)",
		[INDEX_UNSIGNED] = " (unsigned)",
	};
	int width = op->index_extension == INDEX_WHOLE ? arch->word : 4;

	fprintf(out, " plus %s%s%s", arch->register_prefix,
		arch_register_name(arch, op->index, width, 0),
		signs[op->index_extension]);
	if (op->scale != 1)
		fprintf(out, " times %d", op->scale);
}

static void describe_place(FILE *out, const struct arch *arch, const struct operand *op,
			   const char *preposition)
{
	int64_t offset = op->symbol ? op->symbol_offset : op->constant;
	uint64_t distance = offset < 0 ? -(uint64_t)offset : (uint64_t)offset;
	bool has_base = op->reg >= 0 || op->symbol;

	if (!has_base)
		fprintf(out, "at address %#llx", (unsigned long long)op->constant);
	else if (!offset)
		fprintf(out, "%s ", preposition);
	else
		fprintf(out, "%llu byte%s %s ", (unsigned long long)distance,
			distance == 1 ? "" : "s", offset < 0 ? "below" : "above");
	if (has_base)
		print_base(out, arch, op);
	if (op->index >= 0)
		print_index(out, arch, op);
}

/* A constant as the note has it, without the size: "$1"; arm64's "xzr" is a zero. */
static void print_constant(FILE *out, const struct operand *op)
{
	const char *at = strchr(op->text, '@');
	const char *place = at ? at + 1 : op->text;

	fprintf(out, strchr("xw", *place) ? "the constant 0 (%s)" : "the constant %s",
		place);
}

char *operand_describe(int machine, const struct operand *op)
{
	const struct arch *arch = arch_find(machine);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "%d byte%s, %s, ", op->size, op->size == 1 ? "" : "s",
		op->is_float	? "floating point"
		: op->is_signed ? "signed"
				: "unsigned");
	switch (op->kind) {
	case OPERAND_CONSTANT:
		print_constant(out, op);
		break;
	case OPERAND_REGISTER:
		fprintf(out, "in register %s%s", arch->register_prefix,
			arch_register_name(arch, op->reg, op->size, op->reg_shift));
		break;
	case OPERAND_MEMORY:
		fprintf(out, "in memory ");
		describe_place(out, arch, op, "at");
		break;
	case OPERAND_ADDRESS:
		fprintf(out, "the address ");
		describe_place(out, arch, op, "of");
		break;
	case OPERAND_UNREADABLE:
		fprintf(out, "cannot be read: %s", op->why);
		break;
	}
	return fclose(out) ? (free(text), NULL) : text;
}
