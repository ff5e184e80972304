// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <endian.h>
#include <stdbool.h>
#include <string.h>

#include "tracer/static/instruction.h"

static const struct {
	const char *name;
	size_t size;
} facts[] = {
	[INSTRUCTION_OTHER] = {"other", 0}, [INSTRUCTION_NOP] = {"nop", 1},
	[INSTRUCTION_NOP5] = {"nop5", 5},   [INSTRUCTION_NOP10] = {"nop10", 10},
	[INSTRUCTION_INT3] = {"int3", 1},   [INSTRUCTION_CALL] = {"call", 5},
};

/*
 * The bytes that tell an instruction; what follows them are its operands. Intel's manual
 * (SDM volume 2, NOP) has the long nops; that Linux 6.18 makes a call of each of those of
 * five bytes, whatever their prefixes, was tried out.
 */
static const struct encoding {
	int machine;
	enum instruction instruction;
	size_t size; /* of what follows */
	uint8_t bytes[INSTRUCTION_BYTES], mask[INSTRUCTION_BYTES];
} encodings[] = {
	{EM_X86_64, INSTRUCTION_NOP, 1, {0x90}, {0xff}},
	{EM_X86_64, INSTRUCTION_INT3, 1, {0xcc}, {0xff}},
	{EM_X86_64, INSTRUCTION_CALL, 1, {0xe8}, {0xff}},
	/* nopl 0(%rax,%rax), e.g. 0f 1f 44 00 00 */
	{EM_X86_64, INSTRUCTION_NOP5, 3, {0x0f, 0x1f, 0x44}, {0xff, 0xff, 0xff}},
	/* nopw 0(%rax), e.g. 66 0f 1f 40 00 */
	{EM_X86_64,
	 INSTRUCTION_NOP5,
	 4,
	 {0x66, 0x0f, 0x1f, 0x40},
	 {0xff, 0xff, 0xff, 0xff}},
	/* rex.W nopq 0(%rax), e.g. 48 0f 1f 40 00 */
	{EM_X86_64,
	 INSTRUCTION_NOP5,
	 4,
	 {0x40, 0x0f, 0x1f, 0x40},
	 {0xf0, 0xff, 0xff, 0xff}},
	/* a short nop with prefixes: 66 66 66 66 90 */
	{EM_X86_64,
	 INSTRUCTION_NOP5,
	 5,
	 {0x66, 0x66, 0x66, 0x66, 0x90},
	 {0xff, 0xff, 0xff, 0xff, 0xff}},
	/* cs nopw 0(%rax,%rax), e.g. 66 2e 0f 1f 84 00 00 00 00 00 */
	{EM_X86_64,
	 INSTRUCTION_NOP10,
	 5,
	 {0x66, 0x2e, 0x0f, 0x1f, 0x84},
	 {0xff, 0xff, 0xff, 0xff, 0xff}},
};

static bool fits(const struct encoding *encoding, const uint8_t *bytes)
{
	size_t i;

	for (i = 0; i < encoding->size; i++)
		if ((bytes[i] & encoding->mask[i]) != encoding->bytes[i])
			return false;
	return true;
}

enum instruction instruction_find(int machine, const uint8_t *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < sizeof(encodings) / sizeof(*encodings); i++) {
		const struct encoding *encoding = &encodings[i];

		if (encoding->machine == machine &&
		    facts[encoding->instruction].size <= size && fits(encoding, bytes))
			return encoding->instruction;
	}
	return INSTRUCTION_OTHER;
}

const char *instruction_name(enum instruction instruction)
{
	return facts[instruction].name;
}

size_t instruction_size(enum instruction instruction)
{
	return facts[instruction].size;
}

uint64_t instruction_target(const uint8_t *bytes, uint64_t address)
{
	uint32_t distance;

	memcpy(&distance, bytes + 1, sizeof(distance));
	return address + 5 + (int64_t)(int32_t)le32toh(distance);
}
