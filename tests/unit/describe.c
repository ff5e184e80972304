// SPDX-License-Identifier: GPL-2.0-or-later
/* Operands in words: what `usdt list -v` tells a learner. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/operand.h"

static const struct {
	const char *text, *words;
} samples[] = {
	{"-4@$1", "4 bytes, signed, the constant $1"},
	{"8@$-1", "8 bytes, unsigned, the constant $-1"},
	{"1@$0x7f", "1 byte, unsigned, the constant $0x7f"},
	{"-4@%edi", "4 bytes, signed, in register %edi"},
	{"8@%r9", "8 bytes, unsigned, in register %r9"},
	{"-2@%r15w", "2 bytes, signed, in register %r15w"},
	{"1@%ah", "1 byte, unsigned, in register %ah"},
	{"-1@%dil", "1 byte, signed, in register %dil"},
	{"-2@%eax", "2 bytes, signed, in register %ax"}, /* the size in front governs */
	{"8f@%rax", "8 bytes, floating point, in register %rax"},
	{"-4@(%rax)", "4 bytes, signed, in memory at the address in %rax"},
	{"8@-16(%rbp)",
	 "8 bytes, unsigned, in memory 16 bytes below the frame pointer (%rbp)"},
	{"1@1(%rsp)",
	 "1 byte, unsigned, in memory 1 byte above the stack pointer (%rsp)"},
	{"24@8(%rsp)",
	 "24 bytes, unsigned, in memory 8 bytes above the stack pointer (%rsp)"},
	{"-4@(%rdi,%rsi,4)",
	 "4 bytes, signed, in memory at the address in %rdi plus %rsi times 4"},
	{"1@(%r9,%rsi)", "1 byte, unsigned, in memory at the address in %r9 plus %rsi"},
	{"-4@x(%rip)", "4 bytes, signed, in memory at the variable x"},
	{"-4@x+12(%rip)", "4 bytes, signed, in memory 12 bytes above the variable x"},
	{"-4@x(,%rsi,4)",
	 "4 bytes, signed, in memory at the variable x plus %rsi times 4"},
	{"-1@x+16(%rsi)",
	 "1 byte, signed, in memory 16 bytes above the variable x plus %rsi"},
	{"8@x@GOTPCREL(%rip)",
	 "8 bytes, unsigned, in memory at the slot that holds the address of x"},
	{"-4@%fs:x@tpoff", "4 bytes, signed, in memory at the thread's own variable x"},
	{"8@%fs:40",
	 "8 bytes, unsigned, in memory 40 bytes above the thread's own memory (%fs)"},
	{"8@$x", "8 bytes, unsigned, the address of the variable x"},
	{"8@$8+x", "8 bytes, unsigned, the address 8 bytes above the variable x"},
	{"8@-9223372036854775808(%rax)",
	 "8 bytes, unsigned, in memory 9223372036854775808 bytes below the address in "
	 "%rax"},
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
	{EM_AARCH64, "-4@[sp, 28]", "architecture"},
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
		failures += !check(EM_X86_64, samples[i].text, samples[i].words, NULL);
	for (i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		failures += !check(reasons[i].machine, reasons[i].text, NULL,
				   reasons[i].within);
	return failures != 0;
}
