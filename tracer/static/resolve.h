/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives operands with a symbol its address: x(%rip), x@GOTPCREL(%rip), %fs:x@tpoff, $x.
 */
#ifndef BPFHOL_TRACER_STATIC_RESOLVE_H
#define BPFHOL_TRACER_STATIC_RESOLVE_H

#include "tracer/static/elf_file.h"
#include "tracer/static/operand.h"

/*
 * operand_resolve - add to .constant the link-time address (or, of a thread's variable,
 * the offset from the thread's pointer) of .symbol, by FILE's symbol tables, and
 * if they do not have it (it is stripped), by DEBUG's, its debug file (may be NULL). An
 * operand whose symbol is not there, or there more than once, becomes UNREADABLE.
 * Operands without a symbol stay as they are. Returns 0 or -ENOMEM.
 */
int operand_resolve(struct operand *operand, const struct elf_file *file,
		    const struct elf_file *debug);

#endif
