// SPDX-License-Identifier: GPL-2.0-or-later
/* Operands as compilers write them, what each must be read as, by hand from the psABI. */
#include <elf.h>
#include <errno.h>

#include "tests/unit/operand_table.h"

enum {
	RAX = 0,
	RDX = 1,
	RCX = 2,
	RSI = 4,
	RDI = 5,
	RBP = 6,
	RSP = 7,
	R8 = 8,
	R9 = 9,
	R15 = 15
};

static const struct sample samples[] = {
	{"-4@$1", OPERAND_CONSTANT, 4, true, 1, NONE, NONE, 1, 0, NULL},
	{"4@$-1", OPERAND_CONSTANT, 4, false, -1, NONE, NONE, 1, 0, NULL},
	{"-8@$-9223372036854775808", OPERAND_CONSTANT, 8, true, INT64_MIN, NONE, NONE, 1,
	 0, NULL},
	{"8@$18446744073709551615", OPERAND_CONSTANT, 8, false, -1, NONE, NONE, 1, 0,
	 NULL},
	{"4f@$0x3fc00000", OPERAND_CONSTANT, 4, false, 0x3fc00000, NONE, NONE, 1, 0,
	 NULL},
	{"8@%r9", OPERAND_REGISTER, 8, false, 0, R9, NONE, 1, 0, NULL},
	{"-4@%r8d", OPERAND_REGISTER, 4, true, 0, R8, NONE, 1, 0, NULL},
	{"-2@%cx", OPERAND_REGISTER, 2, true, 0, RCX, NONE, 1, 0, NULL},
	{"1@%dl", OPERAND_REGISTER, 1, false, 0, RDX, NONE, 1, 0, NULL},
	{"-1@%dil", OPERAND_REGISTER, 1, true, 0, RDI, NONE, 1, 0, NULL},
	{"1@%ah", OPERAND_REGISTER, 1, false, 0, RAX, NONE, 1, 8, NULL},
	{"-4@%r15", OPERAND_REGISTER, 4, true, 0, R15, NONE, 1, 0, NULL},
	{"-1@$1", OPERAND_CONSTANT, 1, true, 1, NONE, NONE, 1, 0, NULL},
	{"8@$0", OPERAND_CONSTANT, 8, false, 0, NONE, NONE, 1, 0, NULL},
	{"8@$-0x10", OPERAND_CONSTANT, 8, false, -16, NONE, NONE, 1, 0, NULL},
	{"8@$9223372036854775807+1", OPERAND_CONSTANT, 8, false, INT64_MIN, NONE, NONE, 1,
	 0, NULL}, /* as the assembler adds: modulo 2^64 */
	{"-4@%r15d", OPERAND_REGISTER, 4, true, 0, R15, NONE, 1, 0, NULL},
	{"2@%r15w", OPERAND_REGISTER, 2, false, 0, R15, NONE, 1, 0, NULL},
	{"1@%r15b", OPERAND_REGISTER, 1, false, 0, R15, NONE, 1, 0, NULL},
	{"1@%dh", OPERAND_REGISTER, 1, false, 0, RDX, NONE, 1, 8, NULL},
	{"8@%rsp", OPERAND_REGISTER, 8, false, 0, RSP, NONE, 1, 0, NULL},
	{"8@%eax", OPERAND_REGISTER, 8, false, 0, RAX, NONE, 1, 0, NULL},
	{"8f@%rax", OPERAND_REGISTER, 8, false, 0, RAX, NONE, 1, 0, NULL},
	{"4f@%edx", OPERAND_REGISTER, 4, false, 0, RDX, NONE, 1, 0, NULL},
	{"%eax", OPERAND_REGISTER, 8, false, 0, RAX, NONE, 1, 0, NULL},
	{"-4@(%rax)", OPERAND_MEMORY, 4, true, 0, RAX, NONE, 1, 0, NULL},
	{"-8@-16(%rbp)", OPERAND_MEMORY, 8, true, -16, RBP, NONE, 1, 0, NULL},
	{"-4@-20(%rsp)", OPERAND_MEMORY, 4, true, -20, RSP, NONE, 1, 0, NULL},
	{"-4@(%rdi,%rsi,4)", OPERAND_MEMORY, 4, true, 0, RDI, RSI, 4, 0, NULL},
	{"1@(%r9,%rsi)", OPERAND_MEMORY, 1, false, 0, R9, RSI, 1, 0, NULL},
	{"-2@32(%rax,%rsi,2)", OPERAND_MEMORY, 2, true, 32, RAX, RSI, 2, 0, NULL},
	{"-1@16(%rsp,%rax)", OPERAND_MEMORY, 1, true, 16, RSP, RAX, 1, 0, NULL},
	{"8@(,%rsi,8)", OPERAND_MEMORY, 8, false, 0, NONE, RSI, 8, 0, NULL},
	{"8@0x10(%rax)", OPERAND_MEMORY, 8, false, 16, RAX, NONE, 1, 0, NULL},
	{"4(%rsi)", OPERAND_MEMORY, 8, false, 4, RSI, NONE, 1, 0, NULL},
	{"8f@-8(%rsp)", OPERAND_MEMORY, 8, false, -8, RSP, NONE, 1, 0, NULL},
	{"-16@(%rdi)", OPERAND_MEMORY, 16, true, 0, RDI, NONE, 1, 0, NULL},
	{"24@8(%rsp)", OPERAND_MEMORY, 24, false, 8, RSP, NONE, 1, 0, NULL},
	{"-4@s_int(%rip)", OPERAND_MEMORY, 4, true, 0, BIAS, NONE, 1, 0, "s_int"},
	{"-4@g_arr+12(%rip)", OPERAND_MEMORY, 4, true, 12, BIAS, NONE, 1, 0, "g_arr"},
	{"-1@21+s_s(%rip)", OPERAND_MEMORY, 1, true, 21, BIAS, NONE, 1, 0, "s_s"},
	{"-4@g_arr(,%rsi,4)", OPERAND_MEMORY, 4, true, 0, BIAS, RSI, 4, 0, "g_arr"},
	{"-1@s_s+16(%rsi)", OPERAND_MEMORY, 1, true, 16, RSI, NONE, 1, 0, "s_s"},
	{"8@g_int@GOTPCREL(%rip)", OPERAND_MEMORY, 8, false, 0, BIAS, NONE, 1, 0,
	 "g_int"},
	{"-4@%fs:tls_i@tpoff", OPERAND_MEMORY, 4, true, 0, THREAD, NONE, 1, 0, "tls_i"},
	{"-4@8+x(%rip)", OPERAND_MEMORY, 4, true, 8, BIAS, NONE, 1, 0, "x"},
	{"-4@x-8(%rip)", OPERAND_MEMORY, 4, true, -8, BIAS, NONE, 1, 0, "x"},
	{"4f@.LC1(%rip)", OPERAND_MEMORY, 4, false, 0, BIAS, NONE, 1, 0, ".LC1"},
	{"-4@%fs:16+x@tpoff", OPERAND_MEMORY, 4, true, 16, THREAD, NONE, 1, 0, "x"},
	{"8@%fs:40", OPERAND_MEMORY, 8, false, 40, THREAD, NONE, 1, 0, NULL},
	{"8@$g_s+8", OPERAND_ADDRESS, 8, false, 8, BIAS, NONE, 1, 0, "g_s"},
	{"8@$g_int", OPERAND_ADDRESS, 8, false, 0, BIAS, NONE, 1, 0, "g_int"},
	{"8@$8+g_s", OPERAND_ADDRESS, 8, false, 8, BIAS, NONE, 1, 0, "g_s"},
	{"8f@%xmm1", OPERAND_UNREADABLE, 8, false, 0, NONE, NONE, 1, 0, NULL},
	{"8@%xmm0", OPERAND_UNREADABLE, 8, false, 0, NONE, NONE, 1, 0, NULL},
	{"33@(%rax)", OPERAND_UNREADABLE, 33, false, 0, RAX, NONE, 1, 0, NULL},
	{"16@%rax", OPERAND_UNREADABLE, 16, false, 0, RAX, NONE, 1, 0, NULL},
};

/* Nothing of this can be read; none of it may crash or be taken for something. */
static const char *const nonsense[] = {
	"8@",
	"8@%",
	"8@%nope",
	"8@(",
	"8@()",
	"8@(%rax",
	"8@(%rax,",
	"8@(%rax,%rsi,",
	"8@(%eax)",
	"8@(%rax,%rsi,3)",
	"8@4",
	"8@$",
	"8@-",
	"-@%rax",
	"8@8(%rip)",
	"8@x@nope(%rip)",
	"8@(%rax))",
	"@@@@",
	"8@(%rax,%rsi,4)x",
	"99999999999@%rax",
	"8@$x+y",
	"8@$x@tpoff",
	"8@$x@GOTPCREL",
	"8@$1(%rax)",
	"8@x+(%rip)",
	"8@1f(%rip)", /* a local label, not 1 + f */
	"8@1b+8(%rip)",
	"8@8x(%rip)",
	"8@18446744073709551616(%rax)",
	"0@%rax",
	"3@(%rax)",
	"33@(%rax)",
	"8@(%rax,%eax)",
	"8@(%rax,%rsi,4,4)",
	"8@%rax,",
	"8@%RAX",
	"8@%gs:x@tpoff",
	"8@%fs:x",
	"3@%rax",
	"8@%fs:",
	"8@\xff\xfe",
};

static const struct table table = {
	.machine = EM_X86_64,
	.samples = samples,
	.nsamples = sizeof(samples) / sizeof(*samples),
	.nonsense = nonsense,
	.nnonsense = sizeof(nonsense) / sizeof(*nonsense),
	.bits = "0123456789-+@$%(),: fxrasipd.[]\xff\x01",
	.registers_end = 17,
};

int main(void)
{
	struct operand ops[OPERANDS_MAX];
	size_t count;

	check_table(&table);
	if (operands_parse(EM_X86_64, " 1@%al  -2@(%rdi)  8@$3 ", ops, &count) ||
	    count != 3)
		complain("three with blanks", "are not three");
	operands_fini(ops, count);
	if (operands_parse(EM_X86_64,
			   "1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 1@$1 "
			   "1@$1 1@$1",
			   ops, &count) != -E2BIG ||
	    count != 12)
		complain("thirteen", "are not twelve and too many");
	operands_fini(ops, count);
	if (operands_parse(EM_X86_64, "", ops, &count) || count)
		complain("nothing", "is something");
	return failures != 0;
}
