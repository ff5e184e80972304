/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libdw's way into a file's debug information, for files that need not be trusted. */
#ifndef BPFHOL_TRACER_STATIC_BEGIN_DWARF_H
#define BPFHOL_TRACER_STATIC_BEGIN_DWARF_H

#include <elfutils/libdw.h>

/*
 * begin_dwarf - dwarf_begin_elf() to read, less files that libdw (0.188) reads beyond the
 * end of. dwarf_end() ends it. NULL if there is no debug information, or it is broken.
 */
Dwarf *begin_dwarf(Elf *elf);

#endif
