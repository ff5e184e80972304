/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A picture of one moment of a program: its registers and some of its memory, as a text
 * (targets/lib/stop.h). Reads an operand in it, by rules of its own: what the tracer's
 * BPF program makes of the same operand does not count here.
 */
#ifndef BPFHOL_GRADER_PICTURE_H
#define BPFHOL_GRADER_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tracer/static/operand.h"

#define PICTURE_REGISTERS 17 /* DWARF numbers of x86-64 */

struct picture_word {
	uint64_t address, value; /* of 8 bytes, the lowest first */
};

struct picture {
	uint64_t registers[PICTURE_REGISTERS];
	bool known[PICTURE_REGISTERS];
	struct picture_word *words; /* owned */
	size_t count;
};

/*
 * picture_read - lines "rax 0x1" and "0x7ffc2d1b6e10: 0x2", of FILE, which need not be
 * trusted; others are left out. 0 or -ENOMEM. picture_fini() frees what OUT owns.
 */
int picture_read(FILE *file, struct picture *out);
void picture_fini(struct picture *picture);

/*
 * picture_address - where an operand in memory is; false if it is none, or needs a
 * register or a symbol that the picture has not.
 * picture_value - the value of any operand: its size and sign count, a negative one is
 * two's complement of 64 bits. False if the picture does not tell.
 */
bool picture_address(const struct picture *picture, const struct operand *operand,
		     uint64_t *address);
bool picture_value(const struct picture *picture, const struct operand *operand,
		   uint64_t *value);

#endif
