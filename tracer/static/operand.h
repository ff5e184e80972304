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
	OPERAND_CONSTANT,   /* $42; arm64: 42 */
	OPERAND_REGISTER,   /* %rdi, %edi, %dl, %ah; arm64: x0 */
	OPERAND_MEMORY,	    /* -8(%rbp), 4(%rdi,%rsi,8), x+4(%rip); arm64: [x0, 8] */
	OPERAND_ADDRESS,    /* $x: not what lies at an address, but the address */
};

/* How a symbol in an operand stands for an address. */
enum symbol_use {
	SYMBOL_NONE,
	SYMBOL_PLAIN,  /* x(%rip), $x */
	SYMBOL_GOT,    /* x@GOTPCREL(%rip): the slot that holds x's address */
	SYMBOL_THREAD, /* %fs:x@tpoff: x of the thread that hits */
	SYMBOL_LOW12,  /* arm64's [x0, #:lo12:x]: x0 has the rest of x's address */
};

/* What is done to an index register before it is scaled and added; x86 does nothing. */
enum index_extension {
	INDEX_WHOLE,	/* all its 64 bits count */
	INDEX_SIGNED,	/* arm64's [x0, w1, sxtw]: the low 32 bits, as a signed number */
	INDEX_UNSIGNED, /* arm64's [x0, w1, uxtw]: the low 32 bits, as an unsigned one */
};

/*
 * Two "registers" of our own, beside the architecture's, where an address is not known
 * before the hit: what the file's addresses are off by in the process, and where the
 * thread's own variables are.
 */
#define REGISTER_LOAD_BIAS 100
#define REGISTER_THREAD 101

struct operand {
	char *text; /* as recorded, e.g. "-4@-20(%rbp)"; owned */
	enum operand_kind kind;
	int size; /* bytes; what can be read has 1, 2, 4, 8, or in memory up to 32 */
	bool is_signed;
	bool is_float;	  /* the "f" of "8f@...": the bits are an IEEE 754 number */
	int64_t constant; /* CONSTANT: the value; MEMORY: the displacement */
	int reg; /* DWARF number of the register or of the memory's base, -1 if none */
	int reg_shift; /* REGISTER: bits to drop first, 8 for %ah and its like, else 0 */
	int index;     /* MEMORY: DWARF number of the index register, -1 if none */
	int scale;     /* MEMORY: 1, 2, 4 or 8 */
	enum index_extension index_extension; /* MEMORY with an index */
	char *symbol; /* whose address belongs to .constant; owned, NULL if none */
	enum symbol_use symbol_use;
	int64_t symbol_offset; /* with a symbol: bytes from it, as recorded */
	char *why;	       /* UNREADABLE: the reason, in words; owned, else NULL */
};

/*
 * operands_parse - read the argument text of one location.
 * @machine: ELF machine: EM_X86_64, EM_386, EM_AARCH64; others give UNREADABLE operands
 * @text: the note's text; need not be trusted
 * @out: filled with up to OPERANDS_MAX operands, operands_fini() frees what they own
 * @count: how many were filled
 * Returns 0, -E2BIG if there were more than OPERANDS_MAX (the first ones are filled),
 * -ENOMEM. An operand that makes no sense is an UNREADABLE one, not an error. One with a
 * symbol still wants resolve.h.
 */
int operands_parse(int machine, const char *text, struct operand out[OPERANDS_MAX],
		   size_t *count);

/*
 * operand_set_unreadable - make it UNREADABLE. FORMAT may hold one "%s", for TEXT.
 * Returns 0 or -ENOMEM.
 */
int operand_set_unreadable(struct operand *operand, const char *format, const char *text);
void operands_fini(struct operand *operands, size_t count);

/*
 * operand_describe - an operand in words, e.g. "8 bytes, unsigned, in memory 16 bytes
 * below the frame pointer (%rbp)". Returns a string the caller frees, NULL on ENOMEM.
 */
char *operand_describe(int machine, const struct operand *operand);

#endif
