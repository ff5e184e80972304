// SPDX-License-Identifier: GPL-2.0-or-later
/* 32-bit x86's operands, what each must be read as, by hand from the i386 psABI. */
#include <elf.h>

#include "tests/unit/operand_table.h"

enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI };

static const struct sample samples[] = {
	{"-4@$1", OPERAND_CONSTANT, 4, true, 1, NONE, NONE, 1, 0, NULL},
	{"8@$-1", OPERAND_CONSTANT, 8, false, -1, NONE, NONE, 1, 0, NULL},
	{"-4@%eax", OPERAND_REGISTER, 4, true, 0, EAX, NONE, 1, 0, NULL},
	{"4@%ecx", OPERAND_REGISTER, 4, false, 0, ECX, NONE, 1, 0, NULL},
	{"-2@%dx", OPERAND_REGISTER, 2, true, 0, EDX, NONE, 1, 0, NULL},
	{"1@%bl", OPERAND_REGISTER, 1, false, 0, EBX, NONE, 1, 0, NULL},
	{"1@%ah", OPERAND_REGISTER, 1, false, 0, EAX, NONE, 1, 8, NULL},
	{"-4@%edi", OPERAND_REGISTER, 4, true, 0, EDI, NONE, 1, 0, NULL},
	{"-2@%esi", OPERAND_REGISTER, 2, true, 0, ESI, NONE, 1, 0, NULL},
	{"%eax", OPERAND_REGISTER, 4, false, 0, EAX, NONE, 1, 0, NULL},
	{"4(%esi)", OPERAND_MEMORY, 4, false, 4, ESI, NONE, 1, 0, NULL},
	{"4@4(%esp)", OPERAND_MEMORY, 4, false, 4, ESP, NONE, 1, 0, NULL},
	{"-4@-12(%ebp)", OPERAND_MEMORY, 4, true, -12, EBP, NONE, 1, 0, NULL},
	{"8@(%edx)", OPERAND_MEMORY, 8, false, 0, EDX, NONE, 1, 0, NULL},
	{"8f@8(%esp)", OPERAND_MEMORY, 8, false, 8, ESP, NONE, 1, 0, NULL},
	{"-4@(%eax,%ecx,4)", OPERAND_MEMORY, 4, true, 0, EAX, ECX, 4, 0, NULL},
	{"-4@x(,%ebx,4)", OPERAND_MEMORY, 4, true, 0, BIAS, EBX, 4, 0, "x"},
	{"-4@x", OPERAND_MEMORY, 4, true, 0, BIAS, NONE, 1, 0, "x"},
	{"-4@x+4", OPERAND_MEMORY, 4, true, 4, BIAS, NONE, 1, 0, "x"},
	{"4@$x", OPERAND_ADDRESS, 4, false, 0, BIAS, NONE, 1, 0, "x"},
	{"-4@%gs:x@ntpoff", OPERAND_MEMORY, 4, true, 0, THREAD, NONE, 1, 0, "x"},
	{"4@%gs:20", OPERAND_MEMORY, 4, false, 20, THREAD, NONE, 1, 0, NULL},
	{"8@%eax", OPERAND_UNREADABLE, 8, false, 0, EAX, NONE, 1, 0, NULL},
	{"8f@%xmm0", OPERAND_UNREADABLE, 8, false, 0, NONE, NONE, 1, 0, NULL},
};

static const char *const nonsense[] = {
	"4@(%rax)",
	"4@%rax",
	"4@%r8d",
	"4@%sil",
	"4@x(%rip)",
	"4@x(%eip)",
	"4@(%ax)",
	"4@(%eax,%cx)",
	"4@-4@%eax",
	"4@%fs:x@tpoff",
	"4@%gs:x@tpoff",
	"4@%gs:x",
	"4@x@GOT(%ebx)",
	"4@x@GOTOFF(%ebx)",
	"4@x@GOTPCREL(%ebx)",
	"4@%st",
	"4@%",
	"4@%g",
	"4@%gs",
	"4@%gs:",
	"16@%eax",
};

static const struct table table = {
	.machine = EM_386,
	.samples = samples,
	.nsamples = sizeof(samples) / sizeof(*samples),
	.nonsense = nonsense,
	.nnonsense = sizeof(nonsense) / sizeof(*nonsense),
	.bits = "0123456789-+@$%(),: fgsntpoeaxrdi.\xff\x01",
	.registers_end = 8,
};

int main(void)
{
	check_table(&table);
	return failures != 0;
}
