// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DWARF describes where a variable is by a small program for a stack machine (DWARF 5,
 * section 2.5), and where that changes as the function goes on, by a list of such
 * programs with the addresses each holds for. A debugger runs the program with the
 * registers of a stopped process. Here nothing runs; but a probe's operand is a register,
 * or memory at a register plus an offset, so it will do to run it with unknowns: every
 * value on the stack is "register R plus N", and what cannot be written so is given up.
 * Examples:
 *
 *   DW_OP_reg5                               the value: %rdi
 *   DW_OP_breg5 +8; DW_OP_stack_value        the value: %rdi + 8
 *   DW_OP_breg7 +16                          memory at %rsp + 16
 *   DW_OP_fbreg -20                          memory at the frame's base - 20
 *   DW_OP_lit0; DW_OP_stack_value            the value: 0
 *   DW_OP_addr 0x4040                        memory at 0x4040 of the file
 *   DW_OP_reg0; piece 8; DW_OP_reg1; piece 4 the first 8 bytes %rax, then 4 in %rdx
 *
 * The frame's base is mostly DW_OP_call_frame_cfa: what %rsp was before the call. The
 * call frame information, the tables by which the stack is unwound, tells how far from
 * %rsp or %rbp that is at this very address.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/place.h"
#include "tracer/static/type.h"

#define STACK_MAX 8
#define EXPRESSIONS_MAX 8

/* While an expression runs, on its stack. */
struct value {
	bool loaded; /* not register + offset, but what lies in memory there */
	int reg;
	int64_t offset;
	unsigned int known;
};

struct machine {
	const struct frame *frame;
	Dwarf_Attribute *attr; /* the expression is of this */
	struct value stack[STACK_MAX];
	size_t depth;
	bool is_register;    /* the value at the top is in a register: a place to be in */
	bool is_value;	     /* DW_OP_stack_value, DW_OP_implicit_value: it is nowhere */
	struct place target; /* DW_OP_implicit_pointer */
};

static bool push(struct machine *m, int reg, int64_t offset)
{
	if (m->depth == STACK_MAX)
		return false;
	m->stack[m->depth++] = (struct value){.reg = reg, .offset = offset, .known = 8};
	return true;
}

/* Another place, of which the value is known, plus OFFSET. */
static bool push_place(struct machine *m, const struct place *place, int64_t offset)
{
	return place->kind == PLACE_VALUE &&
	       push(m, place->reg, (int64_t)((uint64_t)place->offset + offset));
}

static bool add(struct value *value, uint64_t number)
{
	value->offset = (int64_t)((uint64_t)value->offset + number);
	return !value->loaded || !number;
}

/* DW_OP_plus, minus, and: of two values one must be a number. */
static bool combine(struct machine *m, int op)
{
	struct value *a, *b, swap;
	unsigned int i;

	if (m->depth < 2)
		return false;
	a = &m->stack[m->depth - 2];
	b = &m->stack[m->depth - 1];
	if (op != DW_OP_minus && (a->reg == -1 && !a->loaded)) {
		swap = *a;
		*a = *b;
		*b = swap;
	}
	m->depth--;
	if (b->reg != -1 || b->loaded)
		return false;
	switch (op) {
	case DW_OP_plus:
		return add(a, b->offset);
	case DW_OP_minus:
		return add(a, -(uint64_t)b->offset);
	}
	if (a->reg == -1 && !a->loaded) {
		a->offset &= b->offset;
		return true;
	}
	for (i = 0; i < 3; i++) /* a mask: the low bytes stay what they are */
		if ((uint64_t)b->offset == (UINT64_MAX >> (64 - (8 << i)))) {
			if (a->known > 1 << i)
				a->known = 1 << i;
			return true;
		}
	return b->offset == -1;
}

/* Makes a value one of another type: its low bytes stay, if none was a float. */
static bool convert(struct machine *m, const Dwarf_Op *op)
{
	struct value *top = m->depth ? &m->stack[m->depth - 1] : NULL;
	Dwarf_Attribute attr;
	Dwarf_Word encoding;
	Dwarf_Die type;
	int size;

	if (!top)
		return false;
	if ((op->atom == DW_OP_convert || op->atom == DW_OP_GNU_convert) && !op->number)
		return true; /* to an integer as wide as an address */
	if (dwarf_getlocation_die(m->attr, op, &type) ||
	    dwarf_formudata(dwarf_attr(&type, DW_AT_encoding, &attr), &encoding) ||
	    encoding == DW_ATE_float)
		return false;
	size = dwarf_bytesize(&type);
	if (size > 0 && size < top->known)
		top->known = size;
	return size > 0;
}

static bool load(struct machine *m, unsigned int size)
{
	struct value *top = m->depth ? &m->stack[m->depth - 1] : NULL;

	if (!top || top->loaded)
		return false;
	top->loaded = true;
	top->known = size;
	return true;
}

static bool push_address(struct machine *m, const Dwarf_Op *op)
{
	Dwarf_Attribute attr;
	Dwarf_Addr address = op->number;

	if (op->atom != DW_OP_addr && (dwarf_getlocation_attr(m->attr, op, &attr) ||
				       dwarf_formaddr(&attr, &address)))
		return false;
	return push(m, REGISTER_LOAD_BIAS, address);
}

static bool push_implicit(struct machine *m, const Dwarf_Op *op)
{
	uint64_t number = 0;
	Dwarf_Block block;

	if (dwarf_getlocation_implicit_value(m->attr, op, &block) || block.length > 8)
		return false;
	memcpy(&number, block.data, block.length);
	m->is_value = true;
	return push(m, -1, number);
}

static bool point_to(struct machine *m, const Dwarf_Op *op)
{
	m->target.kind = PLACE_TARGET;
	m->target.offset = op->number2;
	return !dwarf_getlocation_implicit_pointer(m->attr, op, &m->target.target) &&
	       !dwarf_getlocation_die(m->attr, op, &m->target.target_die);
}

/* One operation; false: what it does cannot be told. */
static bool step(struct machine *m, const Dwarf_Op *op)
{
	int atom = op->atom;

	if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
		return push(m, -1, atom - DW_OP_lit0);
	if ((atom >= DW_OP_reg0 && atom <= DW_OP_reg31) || atom == DW_OP_regx) {
		m->is_register = true;
		return push(m, atom == DW_OP_regx ? (int)op->number : atom - DW_OP_reg0,
			    0);
	}
	if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
		return push(m, atom - DW_OP_breg0, op->number);
	switch (atom) {
	case DW_OP_const1u:
	case DW_OP_const1s:
	case DW_OP_const2u:
	case DW_OP_const2s:
	case DW_OP_const4u:
	case DW_OP_const4s:
	case DW_OP_const8u:
	case DW_OP_const8s:
	case DW_OP_constu:
	case DW_OP_consts:
		return push(m, -1, op->number);
	case DW_OP_bregx:
		return push(m, (int)op->number, op->number2);
	case DW_OP_fbreg:
		return push_place(m, &m->frame->base, op->number);
	case DW_OP_call_frame_cfa:
		return push_place(m, &m->frame->cfa, 0);
	case DW_OP_addr:
	case DW_OP_addrx:
	case DW_OP_GNU_addr_index:
		return push_address(m, op);
	case DW_OP_plus_uconst:
		return m->depth && add(&m->stack[m->depth - 1], op->number);
	case DW_OP_plus:
	case DW_OP_minus:
	case DW_OP_and:
		return combine(m, atom);
	case DW_OP_deref:
		return load(m, 8);
	case DW_OP_deref_size:
		return load(m, op->number);
	case DW_OP_regval_type:
	case DW_OP_GNU_regval_type:
		return push(m, (int)op->number, 0) && convert(m, op);
	case DW_OP_convert:
	case DW_OP_GNU_convert:
	case DW_OP_reinterpret:
	case DW_OP_GNU_reinterpret:
		return convert(m, op);
	case DW_OP_stack_value:
		m->is_value = true;
		return m->depth;
	case DW_OP_implicit_value:
		return push_implicit(m, op);
	case DW_OP_implicit_pointer:
	case DW_OP_GNU_implicit_pointer:
		return point_to(m, op);
	case DW_OP_nop:
		return true;
	}
	return false; /* DW_OP_entry_value, say: what a register held when it was called
		       */
}

/* What the expression says once it, or its part for a piece, has run. */
static struct place result(const struct machine *m)
{
	struct place place = m->target;
	const struct value *top;

	if (place.kind == PLACE_TARGET || !m->depth)
		return place;
	top = &m->stack[m->depth - 1];
	place.reg = top->reg;
	place.offset = top->offset;
	place.known = top->known;
	if (m->is_register || (m->is_value && !top->loaded)) {
		place.kind = PLACE_VALUE;
	} else if (m->is_value == top->loaded) {
		place.kind = PLACE_MEMORY;
		place.known = top->loaded ? top->known : 0;
	}
	return place; /* NONE: at an address that is in memory itself */
}

static void run(Dwarf_Attribute *attr, const Dwarf_Op *ops, size_t nops,
		const struct frame *frame, struct pieces *out)
{
	struct machine m = {.frame = frame, .attr = attr};
	uint64_t at = 0;
	size_t i;

	out->count = 0;
	for (i = 0; i < nops; i++) {
		if (ops[i].atom != DW_OP_piece) {
			if (!step(&m, &ops[i])) {
				out->count = 0;
				return;
			}
			continue;
		}
		if (out->count == PIECES_MAX)
			return;
		out->all[out->count++] = (struct piece){at, ops[i].number, result(&m)};
		at += ops[i].number;
		m = (struct machine){.frame = frame, .attr = attr};
	}
	if (!at && nops) {
		out->all[0] = (struct piece){0, 0, result(&m)};
		out->count = 1;
	}
}

/* DW_AT_const_value: a number, or up to eight bytes of one. */
static bool read_constant(Dwarf_Attribute *attr, struct pieces *out)
{
	struct place place = {.kind = PLACE_VALUE, .reg = -1, .known = 8};
	Dwarf_Block block;

	if (!dwarf_formblock(attr, &block)) {
		if (!block.length || block.length > 8)
			return false;
		memcpy(&place.offset, block.data, block.length);
	} else if (!attribute_number(attr, &place.offset)) {
		return false;
	}
	out->all[0] = (struct piece){0, 0, place};
	out->count = 1;
	return true;
}

bool pieces_read(Dwarf_Attribute *location, const struct frame *frame, size_t which,
		 struct pieces *out)
{
	Dwarf_Op *expressions[EXPRESSIONS_MAX];
	size_t lengths[EXPRESSIONS_MAX];
	int n;

	out->count = 0;
	if (dwarf_whatattr(location) == DW_AT_const_value)
		return !which && read_constant(location, out);
	n = dwarf_getlocation_addr(location, frame->address, expressions, lengths,
				   EXPRESSIONS_MAX);
	if (n < 0 || which >= n)
		return false;
	run(location, expressions[which], lengths[which], frame, out);
	return true;
}

static void read_cfa(Dwarf_CFI *const cfi[2], struct frame *frame)
{
	struct pieces pieces;
	size_t i, nops;
	Dwarf_Op *ops;

	for (i = 0; i < 2 && frame->cfa.kind == PLACE_NONE; i++) {
		Dwarf_Frame *state = NULL;

		if (!cfi[i] || dwarf_cfi_addrframe(cfi[i], frame->address, &state))
			continue;
		if (!dwarf_frame_cfa(state, &ops, &nops) && nops) {
			run(NULL, ops, nops, frame, &pieces);
			if (pieces.count == 1 &&
			    pieces.all[0].place.kind == PLACE_MEMORY) {
				frame->cfa = pieces.all[0].place;
				frame->cfa.kind = PLACE_VALUE; /* of the expression */
			}
		}
		free(state);
	}
}

void frame_read(Dwarf_Die *function, uint64_t address, Dwarf_CFI *const cfi[2],
		struct frame *out)
{
	struct pieces pieces;
	Dwarf_Attribute attr;

	*out = (struct frame){.address = address};
	read_cfa(cfi, out);
	if (!dwarf_attr_integrate(function, DW_AT_frame_base, &attr) ||
	    !pieces_read(&attr, out, 0, &pieces) || pieces.count != 1)
		return;
	out->base = pieces.all[0].place;
	/* An address is meant: where DWARF has it in a register, or says it outright. */
	if (out->base.kind == PLACE_MEMORY)
		out->base.kind = PLACE_VALUE;
}

struct place place_of_operand(const struct operand *op)
{
	struct place place = {.reg = op->reg, .offset = op->constant, .known = 8};

	switch (op->kind) {
	case OPERAND_CONSTANT:
		place.kind = PLACE_VALUE;
		place.reg = -1;
		break;
	case OPERAND_REGISTER:
		if (!op->reg_shift)
			place.kind = PLACE_VALUE;
		place.offset = 0;
		break;
	case OPERAND_MEMORY:
		if (op->index < 0 && op->reg != REGISTER_THREAD &&
		    op->symbol_use != SYMBOL_GOT)
			place.kind = PLACE_MEMORY;
		break;
	case OPERAND_ADDRESS:
	case OPERAND_UNREADABLE:
		break;
	}
	return place;
}
