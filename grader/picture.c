// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/num.h"
#include "grader/picture.h"
#include "tracer/static/arch.h"

#define LINES_MAX 4096 /* a hole of any size can be sealed, too */

/* NAME is "rax", or "0x7ffc2d1b6e10:" */
static int take_line(struct picture *picture, char *name, uint64_t value)
{
	const struct arch_register *reg;
	size_t len = strlen(name);
	struct picture_word *word;
	uint64_t address;

	if (name[len - 1] == ':') {
		name[len - 1] = '\0';
		if (parse_u64(name, 0, UINT64_MAX, &address))
			return 0;
		word = array_add(picture->words, picture->count);
		if (!word)
			return -ENOMEM;
		*word = (struct picture_word){address, value};
		return 0;
	}
	reg = arch_register_by_name(arch_find(EM_X86_64), name, len);
	if (reg && reg->size == 8 && reg->dwarf < PICTURE_REGISTERS) {
		picture->registers[reg->dwarf] = value;
		picture->known[reg->dwarf] = true;
	}
	return 0;
}

int picture_read(FILE *file, struct picture *out)
{
	char line[128], name[32], number[32];
	size_t lines = 0;
	uint64_t value;
	int err = 0;

	*out = (struct picture){};
	while (!err && lines++ < LINES_MAX && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%31s %31s", name, number) == 2 &&
		    !parse_u64(number, 0, UINT64_MAX, &value))
			err = take_line(out, name, value);
	}
	if (err)
		picture_fini(out);
	return err;
}

void picture_fini(struct picture *picture)
{
	free(picture->words);
	*picture = (struct picture){};
}

static bool register_of(const struct picture *picture, int dwarf, uint64_t *value)
{
	if (dwarf < 0 || dwarf >= PICTURE_REGISTERS || !picture->known[dwarf])
		return false;
	*value = picture->registers[dwarf];
	return true;
}

bool picture_address(const struct picture *picture, const struct operand *operand,
		     uint64_t *address)
{
	uint64_t base = 0, index = 0;

	if (operand->kind != OPERAND_MEMORY || operand->symbol)
		return false;
	if (operand->reg >= 0 && !register_of(picture, operand->reg, &base))
		return false;
	if (operand->index >= 0 && !register_of(picture, operand->index, &index))
		return false;
	*address = base + index * operand->scale + operand->constant;
	return true;
}

static bool byte_at(const struct picture *picture, uint64_t address, uint8_t *byte)
{
	size_t i;

	for (i = 0; i < picture->count; i++) {
		uint64_t offset = address - picture->words[i].address;

		if (offset < 8) {
			*byte = picture->words[i].value >> 8 * offset;
			return true;
		}
	}
	return false;
}

/* A value may begin in one word and end in the next. */
static bool memory_at(const struct picture *picture, uint64_t address, int size,
		      uint64_t *value)
{
	uint8_t byte;
	int i;

	for (*value = 0, i = 0; i < size; i++) {
		if (!byte_at(picture, address + i, &byte))
			return false;
		*value |= (uint64_t)byte << 8 * i;
	}
	return true;
}

/* The lowest bytes of BITS, as a number with or without a sign. */
static uint64_t narrowed(uint64_t bits, int size, bool is_signed)
{
	uint64_t sign = 1ull << (8 * size - 1);

	if (size < 8)
		bits &= (sign << 1) - 1;
	return is_signed ? (bits ^ sign) - sign : bits;
}

bool picture_value(const struct picture *picture, const struct operand *operand,
		   uint64_t *value)
{
	uint64_t bits = operand->constant, address;

	if (operand->size < 1 || operand->size > 8 || operand->is_float)
		return false;
	if (operand->kind == OPERAND_REGISTER) {
		if (!register_of(picture, operand->reg, &bits))
			return false;
		bits >>= operand->reg_shift;
	} else if (operand->kind == OPERAND_MEMORY) {
		if (!picture_address(picture, operand, &address) ||
		    !memory_at(picture, address, operand->size, &bits))
			return false;
	} else if (operand->kind != OPERAND_CONSTANT) {
		return false;
	}
	*value = narrowed(bits, operand->size, operand->is_signed);
	return true;
}
