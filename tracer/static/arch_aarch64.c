// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arm64 operands, as gcc and clang hand them to the assembler. Memory is written
 * [base, what is added to it], with a blank within; sys/sdt.h's constants have no "#".
 * DWARF register numbers: AADWARF64, section 4.1.
 */
#include <elf.h>
#include <string.h>

#include "tracer/static/arch.h"

#define SP 31
/* No register at all: reads as zero, and AADWARF64 has no number for it. */
#define ZERO (-2)

#define NUMBERED(n)             \
	{"x" #n, n, 8, 0},      \
	{                       \
		"w" #n, n, 4, 0 \
	}

static const struct arch_register registers[] = {
	NUMBERED(0),	     NUMBERED(1),      NUMBERED(2),	  NUMBERED(3),
	NUMBERED(4),	     NUMBERED(5),      NUMBERED(6),	  NUMBERED(7),
	NUMBERED(8),	     NUMBERED(9),      NUMBERED(10),	  NUMBERED(11),
	NUMBERED(12),	     NUMBERED(13),     NUMBERED(14),	  NUMBERED(15),
	NUMBERED(16),	     NUMBERED(17),     NUMBERED(18),	  NUMBERED(19),
	NUMBERED(20),	     NUMBERED(21),     NUMBERED(22),	  NUMBERED(23),
	NUMBERED(24),	     NUMBERED(25),     NUMBERED(26),	  NUMBERED(27),
	NUMBERED(28),	     NUMBERED(29),     NUMBERED(30),	  {"fp", 29, 8, 0},
	{"lr", 30, 8, 0},    {"sp", SP, 8, 0}, {"wsp", SP, 4, 0}, {"xzr", ZERO, 8, 0},
	{"wzr", ZERO, 4, 0},
};

static const char unknown[] = "'%s' is no operand this tracer knows";

static void skip_blanks(const char **text)
{
	*text += strspn(*text, " ");
}

/* A "," with blanks around it. */
static bool take_comma(const char **text)
{
	skip_blanks(text);
	if (**text != ',')
		return false;
	++*text;
	skip_blanks(text);
	return true;
}

/* "136", "-16", "#16" at *TEXT; moves it behind. */
static bool take_number(const char **text, int64_t *out)
{
	return arch_parse_number(*text + (**text == '#'), text, out);
}

static size_t word_length(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789");
}

/* "x0" at *TEXT; moves it behind the name. */
static const struct arch_register *take_register(const struct arch *arch,
						 const char **text)
{
	const char *name = *text;
	size_t len = word_length(name);

	*text += len;
	return arch_register_by_name(arch, name, len);
}

/* "#:lo12:x", "#:lo12:.LANCHOR0+8": the base has x's page, here is the place in it. */
static const char *take_low12(const char **text, struct operand *out)
{
	static const char operator[] = ":lo12:";
	const char *why;
	int64_t number;

	*text += **text == '#';
	if (strncmp(*text, operator, strlen(operator)))
		return "'%s' names its symbol in a way this tracer does not know";
	*text += strlen(operator);
	why = arch_take_symbol(text, SYMBOL_LOW12, out);
	while (!why && (**text == '+' || **text == '-')) {
		if (!take_number(text, &number))
			return unknown;
		out->constant = (int64_t)((uint64_t)out->constant + (uint64_t)number);
	}
	return why;
}

/* What may stand behind an index: which width it goes with, and what it does to it. */
static const struct {
	const char *name;
	int size; /* of the register, in bytes */
	enum index_extension extension;
} extensions[] = {
	{"lsl", 8, INDEX_WHOLE},
	{"sxtx", 8, INDEX_WHOLE},
	{"sxtw", 4, INDEX_SIGNED},
	{"uxtw", 4, INDEX_UNSIGNED},
};

/* "sxtw", "sxtw 2", "lsl #3" behind the index and its comma. */
static const char *take_extension(const char **text, int size, struct operand *out)
{
	size_t len = word_length(*text), i;
	int64_t shift = 0;

	for (i = 0; i < sizeof(extensions) / sizeof(*extensions); i++)
		if (strlen(extensions[i].name) == len &&
		    !strncmp(*text, extensions[i].name, len))
			break;
	if (i == sizeof(extensions) / sizeof(*extensions) || extensions[i].size != size)
		return "'%s' extends its index in a way this tracer does not know";
	out->index_extension = extensions[i].extension;
	*text += len;
	skip_blanks(text);
	if (**text != ']' && (!take_number(text, &shift) || shift < 0 || shift > 3))
		return "'%s' shifts its index by something other than 0, 1, 2 or 3";
	out->scale = 1 << shift;
	return NULL;
}

/* "x7", "x1, lsl 3", "w1, sxtw", "w1, uxtw 2" behind the base and its comma. */
static const char *take_index(const struct arch *arch, const char **text,
			      struct operand *out)
{
	const struct arch_register *reg = take_register(arch, text);
	const char *why = NULL;

	if (!reg || reg->dwarf == SP)
		return "'%s' has an index that is none of the numbered registers";
	if (take_comma(text))
		why = take_extension(text, reg->size, out);
	else if (reg->size != 8)
		why = "'%s' does not say how its index becomes 64 bits";
	if (reg->dwarf == ZERO) { /* adds nothing, however it is scaled */
		out->scale = 1;
		out->index_extension = INDEX_WHOLE;
	} else {
		out->index = reg->dwarf;
	}
	return why;
}

/* Behind the "[", e.g. "x0]", "sp, 28]", "x5, x7]", "x1, #:lo12:x]". */
static const char *parse_memory(const struct arch *arch, const char *text,
				struct operand *out)
{
	const struct arch_register *base;
	const char *why = NULL;

	skip_blanks(&text);
	base = take_register(arch, &text);
	if (!base || base->size != 8 || base->dwarf == ZERO)
		return "'%s' has a base register that holds no address";
	out->reg = base->dwarf;
	if (take_comma(&text) && !take_number(&text, &out->constant)) {
		if (*text == '#' || *text == ':')
			why = take_low12(&text, out);
		else
			why = take_index(arch, &text, out);
	}
	if (why)
		return why;
	skip_blanks(&text);
	out->kind = OPERAND_MEMORY;
	return strcmp(text, "]") ? unknown : NULL;
}

/* A constant, e.g. 1, -1, #1, 0x3fc00000. */
static const char *parse_constant(const char *text, struct operand *out)
{
	if (!take_number(&text, &out->constant) || *text)
		return "'%s' is no constant this tracer knows";
	out->kind = OPERAND_CONSTANT;
	return NULL;
}

/* v1, d0 and their like: a letter of the register's width, then a number. */
static bool is_vector_register(const char *text)
{
	return *text && strchr("vqdshbz", *text) && text[1] >= '0' && text[1] <= '9';
}

static const char *parse_operand(const struct arch *arch, const char *text,
				 struct operand *out)
{
	const struct arch_register *reg;
	const char *end = text;

	if (!*text)
		return "nothing stands behind the size";
	if (*text == '[')
		return parse_memory(arch, text + 1, out);
	if (strchr("#+-0123456789", *text))
		return parse_constant(text, out);
	if (is_vector_register(text))
		return "'%s' is a vector register, which the kernel does not hand out";
	reg = take_register(arch, &end); /* e.g. x0, sp; w0 */
	if (!reg || *end)
		return unknown;
	if (reg->dwarf == ZERO) {
		out->kind = OPERAND_CONSTANT;
		return NULL;
	}
	out->kind = OPERAND_REGISTER;
	out->reg = reg->dwarf;
	return NULL;
}

const struct arch arch_aarch64 = {
	.machine = EM_AARCH64,
	.name = "arm64",
	.word = 8,
	.register_prefix = "",
	.registers = registers,
	.nregisters = sizeof(registers) / sizeof(*registers),
	.stack_pointer = SP,
	.frame_pointer = 29,
	.parse_operand = parse_operand,
};
