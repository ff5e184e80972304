// SPDX-License-Identifier: GPL-2.0-or-later
/* Operands read in a picture of registers and memory; the values worked out by hand. */
#include <assert.h>
#include <elf.h>
#include <string.h>

#include "grader/picture.h"

static const char text[] = "# a remark\n"
			   "rax 0x00000000000000ff\n"
			   "rbx 0x1122334455667788\n"
			   "rdi 0x7ffc00001000\n"
			   "rsi 0x3\n"
			   "rsp 0x7ffc00000ff0\n"
			   "r12 0xfffffffffffffffe\n"
			   "eax 0x5\n"
			   "rbp nonsense\n"
			   "rcx\n"
			   "xyz 0x1\n"
			   "0x7ffc00000ff0: 0x8000000000000001\n"
			   "0x7ffc00000ff8: 0x00000000000000aa\n"
			   "0x7ffc00001000: 0x0807060504030201\n"
			   "0x7ffc00001008: 0xfffefdfcfbfaf9f8\n"
			   "0x7ffc00001010: 0x00000000deadbeef\n"
			   "nonsense: 0x1\n"
			   ": 0x1\n"
			   "0x7ffc00002000: nonsense\n"
			   "0x7ffc00001018";

static const struct sample {
	const char *operand;
	bool in_memory, told; /* is there an address, a value? */
	uint64_t address, value;
} samples[] = {
	{"-4@$-7", false, true, 0, -7},
	{"4@$-1", false, true, 0, 0xffffffff},
	{"1@$200", false, true, 0, 200},
	{"-1@$200", false, true, 0, -56},
	{"8@%rbx", false, true, 0, 0x1122334455667788},
	{"4@%ebx", false, true, 0, 0x55667788},
	{"-2@%bx", false, true, 0, 0x7788},
	{"1@%bh", false, true, 0, 0x77},
	{"-1@%bl", false, true, 0, -120},
	{"1@%bl", false, true, 0, 0x88},
	{"1@%eax", false, true, 0, 0xff},
	{"-1@%eax", false, true, 0, -1},
	{"-4@%eax", false, true, 0, 255},
	{"-8@%r12", false, true, 0, -2},
	{"4@%r12d", false, true, 0, 0xfffffffe},
	{"-8@(%rsp)", true, true, 0x7ffc00000ff0, 0x8000000000000001},
	{"-8@8(%rsp)", true, true, 0x7ffc00000ff8, 0xaa},
	{"-1@8(%rsp)", true, true, 0x7ffc00000ff8, -86},
	{"4@(%rdi)", true, true, 0x7ffc00001000, 0x04030201},
	{"4@-4(%rdi)", true, true, 0x7ffc00000ffc, 0},
	{"-2@(%rdi,%rsi,2)", true, true, 0x7ffc00001006, 0x0807},
	{"-2@4(%rdi,%rsi,2)", true, true, 0x7ffc0000100a, -1030 /* 0xfbfa - 0x10000 */},
	{"4@6(%rdi)", true, true, 0x7ffc00001006, 0xf9f80807},
	{"8@(%rdi,%r12,8)", true, true, 0x7ffc00000ff0, 0x8000000000000001},
	{"-8@16(%rdi)", true, true, 0x7ffc00001010, 0xdeadbeef},
	{"-4@16(%rdi)", true, true, 0x7ffc00001010, 0xffffffffdeadbeef},
	{"1@(,%rsi,8)", true, false, 24, 0},
	/* What is not in the picture. */
	{"8@20(%rdi)", true, false, 0x7ffc00001014, 0},
	{"1@-17(%rsp)", true, false, 0x7ffc00000fdf, 0},
	{"8@%rcx", false, false, 0, 0},
	{"8@(%rdi,%rcx,8)", false, false, 0, 0},
	{"8@(%rbp)", false, false, 0, 0},
	{"-4@reading(%rip)", false, false, 0, 0},
	{"8f@(%rdi)", true, false, 0x7ffc00001000, 0},
	{"16@(%rdi)", true, false, 0x7ffc00001000, 0},
	{"8@nonsense", false, false, 0, 0},
};

static void check(const struct picture *picture, const struct sample *sample)
{
	struct operand operands[OPERANDS_MAX];
	uint64_t address = 0, value = 0;
	size_t count;

	assert(!operands_parse(EM_X86_64, sample->operand, operands, &count));
	assert(count == 1);
	assert(picture_address(picture, operands, &address) == sample->in_memory);
	assert(address == sample->address);
	assert(picture_value(picture, operands, &value) == sample->told);
	assert(value == sample->value);
	operands_fini(operands, count);
}

int main(void)
{
	struct picture picture;
	FILE *file = fmemopen((char *)text, strlen(text), "r");
	size_t i;

	assert(file && !picture_read(file, &picture));
	fclose(file);
	assert(picture.count == 5);
	for (i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		check(&picture, &samples[i]);
	picture_fini(&picture);
	return 0;
}
