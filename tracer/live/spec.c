// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracer/live/spec.h"

/*
 * DWARF register number (psABI) to 8-byte slot of struct pt_regs (asm/ptrace.h):
 * r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs flags rsp ss
 */
static const shared_u8 x86_64_slots[] = {
	10, /* rax */ 12, /* rdx */ 11, /* rcx */ 5,  /* rbx */
	13, /* rsi */ 14, /* rdi */ 4,	/* rbp */ 19, /* rsp */
	9,  /* r8 */ 8,	  /* r9 */ 7,	/* r10 */ 6,  /* r11 */
	3,  /* r12 */ 2,  /* r13 */ 1,	/* r14 */ 0,  /* r15 */
	16,					      /* rip */
};

static shared_u8 slot_of(int machine, int dwarf)
{
	if (dwarf == REGISTER_LOAD_BIAS)
		return SLOT_LOAD_BIAS;
	if (dwarf == REGISTER_THREAD)
		return SLOT_THREAD;
	if (machine != SPEC_MACHINE || dwarf < 0 || dwarf >= (int)sizeof(x86_64_slots))
		return SHARED_NO_REG;
	return x86_64_slots[dwarf];
}

static shared_u8 fetch_kind(const struct operand *op)
{
	switch (op->kind) {
	case OPERAND_CONSTANT:
		return FETCH_CONSTANT;
	case OPERAND_REGISTER:
		return FETCH_REGISTER;
	case OPERAND_MEMORY:
		return op->size > 8 ? FETCH_BYTES : FETCH_MEMORY;
	case OPERAND_ADDRESS:
		return FETCH_ADDRESS;
	default:
		return FETCH_NOTHING;
	}
}

/* Where no debug information tells, an unsigned 8-byte value (what sys/sdt.h makes of a
 * pointer) may be one. */
static bool may_be_string(const struct location *location, size_t arg,
			  enum session_style style)
{
	const struct operand *op = &location->args[arg];

	if (op->size != 8 || op->is_float)
		return false;
	if (style != STYLE_AUTO)
		return style == STYLE_STRING;
	if (location->variables && location->variables[arg].name)
		return location->variables[arg].type_class == TYPE_STRING;
	return !op->is_signed;
}

unsigned int spec_fill(int machine, const struct location *location,
		       const enum session_style styles[OPERANDS_MAX], struct spec *out)
{
	unsigned int strings = 0;
	size_t i;

	*out = (struct spec){.address = location->address, .nargs = location->nargs};
	for (i = 0; i < location->nargs; i++) {
		const struct operand *op = &location->args[i];
		struct fetch *fetch = &out->args[i];

		fetch->kind = fetch_kind(op);
		fetch->constant = op->constant;
		fetch->size = op->size;
		fetch->sort = op->is_float    ? SORT_REAL
			      : op->is_signed ? SORT_SIGNED
					      : SORT_UNSIGNED;
		fetch->reg = slot_of(machine, op->reg);
		fetch->index = slot_of(machine, op->index);
		fetch->scale = __builtin_ctz(op->scale);
		fetch->reg_shift = op->reg_shift;
		if (fetch->kind == FETCH_BYTES ||
		    (fetch->kind != FETCH_NOTHING &&
		     may_be_string(location, i, styles[i]))) {
			out->string_args[strings] = i;
			fetch->string = ++strings;
		}
	}
	out->nstrings = strings;
	return strings;
}
