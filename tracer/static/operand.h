/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An argument operand: where a probe's argument lives when the probe is reached.
 *
 * sys/sdt.h has the assembler write one text per location into the note, such as
 * "-4@%edi 8@-16(%rbp)": per argument the size in bytes, a minus sign if signed, an "@"
 * and the operand as the assembler would take it. This module reads such texts. It
 * knows nothing of files, processes or BPF.
 */
#ifndef BPFHOL_TRACER_STATIC_OPERAND_H
#define BPFHOL_TRACER_STATIC_OPERAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* sys/sdt.h has macros for up to twelve arguments. */
#define OPERANDS_MAX 12

enum operand_kind {
	OPERAND_UNREADABLE, /* understood or not, it cannot be fetched; see .why */
	OPERAND_CONSTANT,   /* $42 */
	OPERAND_REGISTER,   /* %rdi, %edi, %dl, %ah */
	OPERAND_MEMORY,	    /* -8(%rbp), (%rax), 4(%rdi,%rsi,8) */
};

struct operand {
	char *text;	  /* as recorded, e.g. "-4@-20(%rbp)"; owned */
	enum operand_kind kind;
	int size;	  /* bytes: 1, 2, 4 or 8 when it can be read; what stands in the note else */
	bool is_signed;
	bool is_float;	  /* the "f" of "8f@...": the bits are an IEEE 754 number */
	int64_t constant; /* CONSTANT: the value; MEMORY: the displacement */
	int reg;	  /* DWARF number of the register or of the memory's base, -1 if none */
	int reg_shift;	  /* REGISTER: bits to drop first, 8 for %ah and its like, else 0 */
	int index;	  /* MEMORY: DWARF number of the index register, -1 if none */
	int scale;	  /* MEMORY: 1, 2, 4 or 8 */
	char *why;	  /* UNREADABLE: the reason, in words; owned, else NULL */
};

/*
 * operands_parse - read the argument text of one location.
 * @machine: ELF machine, EM_X86_64 for now; others give UNREADABLE operands
 * @text: the note's text; need not be trusted
 * @out: filled with up to OPERANDS_MAX operands, operands_fini() frees what they own
 * @count: how many were filled
 * Returns 0, -E2BIG if there were more than OPERANDS_MAX (the first ones are filled),
 * -ENOMEM. An operand that makes no sense is an UNREADABLE one, not an error.
 */
int operands_parse(int machine, const char *text, struct operand out[OPERANDS_MAX],
		   size_t *count);
void operands_fini(struct operand *operands, size_t count);

/*
 * operand_describe - an operand in words, e.g. "8 bytes, unsigned, in memory 16 bytes
 * below the frame pointer (%rbp)". Returns a string the caller frees, NULL on ENOMEM.
 */
char *operand_describe(int machine, const struct operand *operand);

#endif
