// SPDX-License-Identifier: GPL-2.0-or-later
/* Operands in words: what `usdt list -v` tells a learner. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/operand.h"

static const struct {
	int machine;
	const char *text, *words;
} samples[] = {
	{EM_X86_64, "-4@$1", "4 bytes, signed, the constant $1"},
	{EM_X86_64, "8@$-1", "8 bytes, unsigned, the constant $-1"},
	{EM_X86_64, "1@$0x7f", "1 byte, unsigned, the constant $0x7f"},
	{EM_X86_64, "-4@%edi", "4 bytes, signed, in register %edi"},
	{EM_X86_64, "8@%r9", "8 bytes, unsigned, in register %r9"},
	{EM_X86_64, "-2@%r15w", "2 bytes, signed, in register %r15w"},
	{EM_X86_64, "1@%ah", "1 byte, unsigned, in register %ah"},
	{EM_X86_64, "-1@%dil", "1 byte, signed, in register %dil"},
	{EM_X86_64, "-2@%eax",
	 "2 bytes, signed, in register %ax"}, /* the size in front governs */
	{EM_X86_64, "8f@%rax", "8 bytes, floating point, in register %rax"},
	{EM_X86_64, "-4@(%rax)", "4 bytes, signed, in memory at the address in %rax"},
	{EM_X86_64, "8@-16(%rbp)",
	 "8 bytes, unsigned, in memory 16 bytes below the frame pointer (%rbp)"},
	{EM_X86_64, "1@1(%rsp)",
	 "1 byte, unsigned, in memory 1 byte above the stack pointer (%rsp)"},
	{EM_X86_64, "24@8(%rsp)",
	 "24 bytes, unsigned, in memory 8 bytes above the stack pointer (%rsp)"},
	{EM_X86_64, "-4@(%rdi,%rsi,4)",
	 "4 bytes, signed, in memory at the address in %rdi plus %rsi times 4"},
	{EM_X86_64, "1@(%r9,%rsi)",
	 "1 byte, unsigned, in memory at the address in %r9 plus %rsi"},
	{EM_X86_64, "-4@x(%rip)", "4 bytes, signed, in memory at the variable x"},
	{EM_X86_64, "-4@x+12(%rip)",
	 "4 bytes, signed, in memory 12 bytes above the variable x"},
	{EM_X86_64, "-4@x(,%rsi,4)",
	 "4 bytes, signed, in memory at the variable x plus %rsi times 4"},
	{EM_X86_64, "-1@x+16(%rsi)",
	 "1 byte, signed, in memory 16 bytes above the variable x plus %rsi"},
	{EM_X86_64, "8@x@GOTPCREL(%rip)",
	 "8 bytes, unsigned, in memory at the slot that holds the address of x"},
	{EM_X86_64, "-4@%fs:x@tpoff",
	 "4 bytes, signed, in memory at the thread's own variable x"},
	{EM_X86_64, "8@%fs:40",
	 "8 bytes, unsigned, in memory 40 bytes above the thread's own memory (%fs)"},
	{EM_X86_64, "8@$x", "8 bytes, unsigned, the address of the variable x"},
	{EM_X86_64, "8@$8+x",
	 "8 bytes, unsigned, the address 8 bytes above the variable x"},
	{EM_X86_64, "8@-9223372036854775808(%rax)",
	 "8 bytes, unsigned, in memory 9223372036854775808 bytes below the address in "
	 "%rax"},
	{EM_AARCH64, "-4@1", "4 bytes, signed, the constant 1"},
	{EM_AARCH64, "8@#-1", "8 bytes, unsigned, the constant #-1"},
	{EM_AARCH64, "4@wzr", "4 bytes, unsigned, the constant 0 (wzr)"},
	{EM_AARCH64, "8@x0", "8 bytes, unsigned, in register x0"},
	{EM_AARCH64, "-4@x0", "4 bytes, signed, in register w0"},
	{EM_AARCH64, "1@w2", "1 byte, unsigned, in register x2"},
	{EM_AARCH64, "8@fp", "8 bytes, unsigned, in register x29"},
	{EM_AARCH64, "8f@x1", "8 bytes, floating point, in register x1"},
	{EM_AARCH64, "-4@[x0]", "4 bytes, signed, in memory at the address in x0"},
	{EM_AARCH64, "-4@[sp, 28]",
	 "4 bytes, signed, in memory 28 bytes above the stack pointer (sp)"},
	{EM_AARCH64, "8@[sp]", "8 bytes, unsigned, in memory at the stack pointer (sp)"},
	{EM_AARCH64, "8@[x29, -16]",
	 "8 bytes, unsigned, in memory 16 bytes below the frame pointer (x29)"},
	{EM_AARCH64, "1@[x5, x7]",
	 "1 byte, unsigned, in memory at the address in x5 plus x7"},
	{EM_AARCH64, "8@[x0, x1, lsl 3]",
	 "8 bytes, unsigned, in memory at the address in x0 plus x1 times 8"},
	{EM_AARCH64, "1@[x0, w1, sxtw]",
	 "1 byte, unsigned, in memory at the address in x0 plus w1 (signed)"},
	{EM_AARCH64, "-4@[x0, w1, uxtw 2]",
	 "4 bytes, signed, in memory at the address in x0 plus w1 (unsigned) times 4"},
	{EM_AARCH64, "-4@[x1, #:lo12:x]",
	 "4 bytes, signed, in memory at the variable x, whose page is in x1"},
	{EM_AARCH64, "8@[x1, #:lo12:x+8]",
	 "8 bytes, unsigned, in memory 8 bytes above the variable x, whose page is in "
	 "x1"},
	{EM_386, "-4@%eax", "4 bytes, signed, in register %eax"},
	{EM_386, "-2@%esi", "2 bytes, signed, in register %si"},
	{EM_386, "4@4(%esp)",
	 "4 bytes, unsigned, in memory 4 bytes above the stack pointer (%esp)"},
	{EM_386, "4@-8(%ebp)",
	 "4 bytes, unsigned, in memory 8 bytes below the frame pointer (%ebp)"},
	{EM_386, "-4@(%eax,%ecx,4)",
	 "4 bytes, signed, in memory at the address in %eax plus %ecx times 4"},
	{EM_386, "4@%gs:20",
	 "4 bytes, unsigned, in memory 20 bytes above the thread's own memory (%gs)"},
};

/* What a reason must name. */
static const struct {
	int machine;
	const char *text, *within;
} reasons[] = {
	{EM_X86_64, "8f@%xmm1", "vector register"},
	{EM_X86_64, "16@%rax", "size"},
	{EM_X86_64, "8@%nope", "%nope"},
	{EM_X86_64, "8@", "nothing stands behind the size"},
	{EM_X86_64, "8@(%rax,%rsi,3)", "scale"},
	{EM_X86_64, "8@8(%rip)", "next instruction"},
	{EM_AARCH64, "8f@v1", "vector register"},
	{EM_AARCH64, "8f@d0", "vector register"},
	{EM_AARCH64, "-16@x0", "size"},
	{EM_AARCH64, "8@", "nothing stands behind the size"},
	{EM_AARCH64, "8@x31", "x31"},
	{EM_AARCH64, "8@[w0]", "base register"},
	{EM_AARCH64, "8@[x0, sp]", "index"},
	{EM_AARCH64, "8@[x0, w1]", "64 bits"},
	{EM_AARCH64, "8@[x0, x1, lsl 4]", "shifts"},
	{EM_AARCH64, "8@[x0, #:got_lo12:x]", "symbol"},
	{EM_386, "8@%eax", "size"},
	{EM_386, "8@x@GOTOFF(%ebx)", "symbol"},
	{EM_PPC64, "-4@0(3)", "architecture"},
	{EM_NONE, "8@%rax", "architecture"},
};

static int check(int machine, const char *text, const char *words, const char *within)
{
	struct operand ops[OPERANDS_MAX];
	char *got = NULL;
	size_t count;
	int right;

	if (!operands_parse(machine, text, ops, &count) && count == 1)
		got = operand_describe(machine, &ops[0]);
	if (words)
		right = got && !strcmp(got, words);
	else
		right = got && strstr(got, "cannot be read: ") && strstr(got, within);
	if (!right)
		printf("%s: %s\n", text, got ? got : "not one operand");
	free(got);
	operands_fini(ops, count);
	return right;
}

int main(void)
{
	int failures = 0;
	size_t i;

	for (i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		failures += !check(samples[i].machine, samples[i].text, samples[i].words,
				   NULL);
	for (i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		failures += !check(reasons[i].machine, reasons[i].text, NULL,
				   reasons[i].within);
	return failures != 0;
}
