// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every general register but the stack pointer in every width, unsigned and signed: it
 * holds 0x8182838485868788 when its probe, w:REGISTER, is hit. Compile with
 * -mno-red-zone: the stack is pushed to behind the compiler's back.
 */
#include "go.h"
#include "note.h"

#define HOLD(q, name, args)                                        \
	asm volatile("push %%" q "\n"                              \
		     "movabs $0x8182838485868788, %%" q            \
		     "\n" NOTE("w", name, args) "pop %%" q "\n" :: \
			     : "memory")
#define EACH_WIDTH(q, l, w, b)                                                       \
	HOLD(q, q,                                                                   \
	     "8@%%" q " -8@%%" q " 4@%%" l " -4@%%" l " 2@%%" w " -2@%%" w " 1@%%" b \
	     " -1@%%" b)
#define NUMBERED(q) EACH_WIDTH(q, q "d", q "w", q "b")

int main(void)
{
	wait_for_go();
	EACH_WIDTH("rax", "eax", "ax", "al");
	EACH_WIDTH("rbx", "ebx", "bx", "bl");
	EACH_WIDTH("rcx", "ecx", "cx", "cl");
	EACH_WIDTH("rdx", "edx", "dx", "dl");
	EACH_WIDTH("rsi", "esi", "si", "sil");
	EACH_WIDTH("rdi", "edi", "di", "dil");
	EACH_WIDTH("rbp", "ebp", "bp", "bpl");
	NUMBERED("r8");
	NUMBERED("r9");
	NUMBERED("r10");
	NUMBERED("r11");
	NUMBERED("r12");
	NUMBERED("r13");
	NUMBERED("r14");
	NUMBERED("r15");
	/* The second byte of a register has a name of its own in four of them. */
	HOLD("rax", "ah", "1@%%ah -1@%%ah");
	HOLD("rbx", "bh", "1@%%bh -1@%%bh");
	HOLD("rcx", "ch", "1@%%ch -1@%%ch");
	HOLD("rdx", "dh", "1@%%dh -1@%%dh");
	/* Where size and name disagree, the size is right. */
	HOLD("rax", "size", "2@%%eax -1@%%rax -4@%%rax 1@%%ax");
	return 0;
}
