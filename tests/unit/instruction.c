// SPDX-License-Identifier: GPL-2.0-or-later
/* Instructions by hand from Intel's manual (SDM volume 2), whole and cut. */
#include <elf.h>
#include <stdio.h>

#include "tracer/static/instruction.h"

static const struct {
	uint8_t bytes[INSTRUCTION_BYTES];
	size_t size;
	enum instruction instruction;
} samples[] = {
	{{0x90, 0xc3}, 2, INSTRUCTION_NOP},
	{{0x90}, 1, INSTRUCTION_NOP},
	{{0xcc}, 1, INSTRUCTION_INT3},
	{{0xcc, 0x1f, 0x44, 0, 0}, 5, INSTRUCTION_INT3},
	{{0xe8, 0, 0, 0, 0}, 5, INSTRUCTION_CALL},
	{{0xe8, 0, 0, 0}, 4, INSTRUCTION_OTHER},
	{{0x0f, 0x1f, 0x44, 0, 0}, 5, INSTRUCTION_NOP5},
	{{0x0f, 0x1f, 0x44, 0x20, 1}, 5, INSTRUCTION_NOP5},
	{{0x0f, 0x1f, 0x44, 0}, 4, INSTRUCTION_OTHER},
	{{0x66, 0x0f, 0x1f, 0x40, 0}, 5, INSTRUCTION_NOP5},
	{{0x48, 0x0f, 0x1f, 0x40, 0}, 5, INSTRUCTION_NOP5},
	{{0x66, 0x66, 0x66, 0x66, 0x90}, 5, INSTRUCTION_NOP5},
	{{0x0f, 0x1f, 0}, 3, INSTRUCTION_OTHER},		/* 3 bytes */
	{{0x0f, 0x1f, 0x40, 0, 0x90}, 5, INSTRUCTION_OTHER},	/* 4 bytes */
	{{0x66, 0x0f, 0x1f, 0x44, 0, 0}, 6, INSTRUCTION_OTHER}, /* 6 bytes */
	{{0x0f, 0x1f, 0x80, 0, 0, 0, 0}, 7, INSTRUCTION_OTHER}, /* 7 bytes */
	{{0x66, 0x66, 0x66, 0x90}, 4, INSTRUCTION_OTHER},	/* 4 bytes */
	{{0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0}, 10, INSTRUCTION_NOP10},
	{{0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0}, 9, INSTRUCTION_OTHER},
	{{0}, 0, INSTRUCTION_OTHER},
};

/* Where a call at ADDRESS with this distance goes. */
static const struct {
	uint8_t bytes[5];
	uint64_t address, target;
} calls[] = {
	{{0xe8, 0, 0, 0, 0}, 0x1000, 0x1005},
	{{0xe8, 0xfb, 0xff, 0xff, 0xff}, 0x1000, 0x1000},
	{{0xe8, 0xff, 0xff, 0xff, 0x7f}, 0x555500000000, 0x555580000004},
	{{0xe8, 0, 0, 0, 0x80}, 0x555580000000, 0x555500000005},
};

static const struct {
	enum instruction instruction;
	size_t size;
} sizes[] = {
	{INSTRUCTION_NOP, 1},	 {INSTRUCTION_NOP5, 5}, {INSTRUCTION_INT3, 1},
	{INSTRUCTION_NOP10, 10}, {INSTRUCTION_CALL, 5}, {INSTRUCTION_OTHER, 0},
};

int main(void)
{
	int failures = 0;
	size_t i;

	for (i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		enum instruction got =
			instruction_find(EM_X86_64, samples[i].bytes, samples[i].size);

		if (got != samples[i].instruction) {
			printf("sample %zu: %s\n", i, instruction_name(got));
			failures++;
		}
		if (instruction_find(EM_AARCH64, samples[i].bytes, samples[i].size) !=
		    INSTRUCTION_OTHER) {
			printf("sample %zu is of another machine\n", i);
			failures++;
		}
	}
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		if (instruction_size(sizes[i].instruction) != sizes[i].size) {
			printf("size of %s\n", instruction_name(sizes[i].instruction));
			failures++;
		}
	}
	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		uint64_t got = instruction_target(calls[i].bytes, calls[i].address);

		if (got != calls[i].target) {
			printf("call %zu: %#llx\n", i, (unsigned long long)got);
			failures++;
		}
	}
	return failures != 0;
}
