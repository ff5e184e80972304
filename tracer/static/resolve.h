/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gives operands with a symbol its address: x(%rip), x@GOTPCREL(%rip), %fs:x@tpoff, $x;
 * of [x0, #:lo12:x] the low twelve bits of it.
 */
#ifndef BPFHOL_TRACER_STATIC_RESOLVE_H
#define BPFHOL_TRACER_STATIC_RESOLVE_H

#include "tracer/static/elf_file.h"
#include "tracer/static/operand.h"

struct resolver; /* opaque: the names of a file, once one has been asked for */

/*
 * resolver_new - for a file, and its debug file (may be NULL), that stay open as long as
 * this. NULL with errno ENOMEM.
 */
struct resolver *resolver_new(const struct elf_file *file, const struct elf_file *debug);
void resolver_free(struct resolver *resolver);

/*
 * operand_resolve - add to .constant the link-time address (or, of a thread's variable,
 * the offset from the thread's pointer) of .symbol, by the file's symbol tables, and if
 * they do not have it (it is stripped), by its debug file's. An operand whose symbol is
 * not there, or there more than once, becomes UNREADABLE. Operands without a symbol stay
 * as they are. Returns 0 or -ENOMEM.
 */
int operand_resolve(struct operand *operand, struct resolver *resolver);

#endif
