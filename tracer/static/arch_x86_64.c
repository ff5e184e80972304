// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x86-64 operands, in AT&T syntax as gcc and clang hand them to the assembler; i386's are
 * written the same way, with other registers (arch_i386.c).
 * DWARF register numbers: System V psABI for x86-64, figure 3.36.
 */
#include <elf.h>
#include <string.h>

#include "tracer/static/arch.h"

#define RIP 16

#define CLASSIC(n, q, l, w, b, h)                               \
	{q, n, 8, 0}, {l, n, 4, 0}, {w, n, 2, 0}, {b, n, 1, 0}, \
	{                                                       \
		h, n, 1, 8                                      \
	}
#define POINTER(n, q, l, w, b)                    \
	{q, n, 8, 0}, {l, n, 4, 0}, {w, n, 2, 0}, \
	{                                         \
		b, n, 1, 0                        \
	}
#define NUMBERED(n, q) POINTER(n, q, q "d", q "w", q "b")

static const struct arch_register registers[] = {
	CLASSIC(0, "rax", "eax", "ax", "al", "ah"),
	CLASSIC(1, "rdx", "edx", "dx", "dl", "dh"),
	CLASSIC(2, "rcx", "ecx", "cx", "cl", "ch"),
	CLASSIC(3, "rbx", "ebx", "bx", "bl", "bh"),
	POINTER(4, "rsi", "esi", "si", "sil"),
	POINTER(5, "rdi", "edi", "di", "dil"),
	POINTER(6, "rbp", "ebp", "bp", "bpl"),
	POINTER(7, "rsp", "esp", "sp", "spl"),
	NUMBERED(8, "r8"),
	NUMBERED(9, "r9"),
	NUMBERED(10, "r10"),
	NUMBERED(11, "r11"),
	NUMBERED(12, "r12"),
	NUMBERED(13, "r13"),
	NUMBERED(14, "r14"),
	NUMBERED(15, "r15"),
	{"rip", RIP, 8, 0},
};

/* "%rdi" at *TEXT; moves it behind the name. */
static const struct arch_register *take_register(const struct arch *arch,
						 const char **text)
{
	const char *name = *text + 1;
	size_t len;

	if (**text != '%')
		return NULL;
	len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789");
	*text = name + len;
	return arch_register_by_name(arch, name, len);
}

/* What stands between the parentheses, e.g. "%rdi,%rsi,8)", "%rax)", "%r9,%rsi)". */
static const char *parse_base_index(const struct arch *arch, const char *text,
				    struct operand *out)
{
	const struct arch_register *reg;
	int64_t scale = 1;

	if (*text == '%') {
		reg = take_register(arch, &text);
		if (!reg || reg->size != arch->word)
			return "'%s' has a base register that holds no address";
		out->reg = reg->dwarf;
	}
	if (*text == ',') {
		text++;
		reg = take_register(arch, &text);
		if (!reg || reg->size != arch->word)
			return "'%s' has an index register that holds no address";
		out->index = reg->dwarf;
		if (*text == ',') {
			if (!arch_parse_number(text + 1, &text, &scale) ||
			    (scale != 1 && scale != 2 && scale != 4 && scale != 8))
				return "'%s' has a scale other than 1, 2, 4 or 8";
		}
	}
	out->scale = (int)scale;
	return strcmp(text, ")") || (out->reg < 0 && out->index < 0)
		       ? "'%s' is no operand this tracer knows"
		       : NULL;
}

/* What the assembler's "@" suffixes say about a symbol. */
static const struct {
	int machine;
	const char *suffix;
	enum symbol_use use;
} suffixes[] = {
	{EM_X86_64, "GOTPCREL", SYMBOL_GOT}, {EM_X86_64, "tpoff", SYMBOL_THREAD},
	{EM_X86_64, "TPOFF", SYMBOL_THREAD}, {EM_X86_64, "PLT", SYMBOL_PLAIN},
	{EM_386, "ntpoff", SYMBOL_THREAD},   {EM_386, "NTPOFF", SYMBOL_THREAD},
	{EM_386, "PLT", SYMBOL_PLAIN},
};

/* "x", "x@tpoff", ".LC1" at *TEXT; moves it behind. */
static const char *take_symbol(const struct arch *arch, const char **text,
			       struct operand *out)
{
	const char *why = arch_take_symbol(text, SYMBOL_PLAIN, out);
	size_t len, i;

	if (why || **text != '@')
		return why;
	len = strcspn(*text + 1, "+-(@");
	for (i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		if (suffixes[i].machine != arch->machine ||
		    strlen(suffixes[i].suffix) != len ||
		    strncmp(*text + 1, suffixes[i].suffix, len))
			continue;
		out->symbol_use = suffixes[i].use;
		*text += 1 + len;
		return NULL;
	}
	return "'%s' names its symbol in a way this tracer does not know";
}

/*
 * A sum of numbers and at most one symbol: "-20", "8+x", "x+12", "x@tpoff"; may be empty.
 * It wraps around, as the assembler's does.
 */
static const char *take_displacement(const struct arch *arch, const char **text,
				     struct operand *out)
{
	const char *start = *text, *why = NULL;
	int64_t number;

	while (!why && **text && **text != '(') {
		if (*text != start && **text != '+' && **text != '-')
			return "'%s' is no operand this tracer knows"; /* 1f(%rip) */
		if (arch_parse_number(*text, text, &number)) {
			out->constant =
				(int64_t)((uint64_t)out->constant + (uint64_t)number);
			continue;
		}
		if (**text == '+')
			++*text;
		why = take_symbol(arch, text, out);
	}
	return why;
}

/* The register that a symbol's link-time address is relative to when the program runs. */
static int symbol_base(const struct operand *op)
{
	return op->symbol_use == SYMBOL_THREAD ? REGISTER_THREAD : REGISTER_LOAD_BIAS;
}

/*
 * Memory, e.g. -20(%rbp), (%rax), 16(%rsp,%rax,4), x+4(%rip), x(,%rsi,4), x+16(%rsi).
 * "x(%rip)" is x itself: the assembler makes the distance from it.
 */
static const char *parse_memory(const struct arch *arch, const char *text,
				struct operand *out)
{
	const char *why = take_displacement(arch, &text, out);

	if (!why && *text == '(')
		why = parse_base_index(arch, text + 1, out);
	else if (!why && !out->symbol)
		why = "'%s' is no operand this tracer knows";
	if (why)
		return why;
	if (out->symbol && (out->reg < 0 || out->reg == RIP))
		out->reg = symbol_base(out);
	else if (out->reg == RIP)
		return "'%s' counts from the next instruction, which is unknown here";
	out->kind = OPERAND_MEMORY;
	return NULL;
}

/* Thread-local: "%fs:x@tpoff", "%fs:16+x@tpoff", "%fs:40", "%fs:x@tpoff(%rax)". */
static const char *parse_thread_local(const struct arch *arch, const char *text,
				      struct operand *out)
{
	const char *why =
		*text ? take_displacement(arch, &text, out) : "'%s' names no place";

	if (!why && *text == '(')
		why = parse_base_index(arch, text + 1, out);
	if (why)
		return why;
	if (out->reg >= 0 && out->index >= 0)
		return "'%s' has two registers beside the thread's";
	if (out->symbol && out->symbol_use != SYMBOL_THREAD)
		return "'%s' names its symbol in a way this tracer does not know";
	if (out->reg >= 0)
		out->index = out->reg;
	out->reg = REGISTER_THREAD;
	out->kind = OPERAND_MEMORY;
	return NULL;
}

/* A constant, e.g. $-1, $0x3fc00000, or an address: $x, $8+x, $x+8. */
static const char *parse_constant(const struct arch *arch, const char *text,
				  struct operand *out)
{
	const char *why = take_displacement(arch, &text, out);

	if (why || *text)
		return why ? why : "'%s' is no constant this tracer knows";
	if (out->symbol && out->symbol_use != SYMBOL_PLAIN)
		return "'%s' names its symbol in a way this tracer does not know";
	out->kind = out->symbol ? OPERAND_ADDRESS : OPERAND_CONSTANT;
	if (out->symbol)
		out->reg = REGISTER_LOAD_BIAS;
	return NULL;
}

/* Is this "%fs:..." (x86-64) or "%gs:..." (i386), memory of the thread's own? */
static bool is_thread_local(const struct arch *arch, const char *text)
{
	return !strncmp(text + 1, arch->thread_segment, 2) && text[3] == ':';
}

const char *arch_x86_parse_operand(const struct arch *arch, const char *text,
				   struct operand *out)
{
	const struct arch_register *reg;
	const char *end = text;

	switch (*text) {
	case '$':
		return text[1] ? parse_constant(arch, text + 1, out)
			       : "'%s' is no constant";
	case '%': /* register, e.g. %r9d or %ah */
		if (is_thread_local(arch, text))
			return parse_thread_local(arch, text + 4, out);
		if (!strncmp(text, "%xmm", 4) || !strncmp(text, "%ymm", 4))
			return "'%s' is a vector register, which the kernel does not "
			       "hand out";
		reg = take_register(arch, &end);
		if (!reg || *end)
			return "'%s' is no register this tracer knows";
		out->kind = OPERAND_REGISTER;
		out->reg = reg->dwarf;
		out->reg_shift = reg->shift;
		return NULL;
	case '\0':
		return "nothing stands behind the size";
	default:
		return parse_memory(arch, text, out);
	}
}

const struct arch arch_x86_64 = {
	.machine = EM_X86_64,
	.name = "x86-64",
	.word = 8,
	.register_prefix = "%",
	.registers = registers,
	.nregisters = sizeof(registers) / sizeof(*registers),
	.stack_pointer = 7,
	.frame_pointer = 6,
	.thread_segment = "fs",
	.parse_operand = arch_x86_parse_operand,
};
