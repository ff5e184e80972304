/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions of a program, by its symbol table, each as if a probe stood at its entry:
 * what a uprobe on it sees, the grader finds out like the firings of any probe. Such a
 * probe is called entry:SYMBOL.
 */
#ifndef BPFHOL_GRADER_FUNCTIONS_H
#define BPFHOL_GRADER_FUNCTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "common/lab.h"
#include "tracer/static/probe.h"

#define FUNCTIONS_PROVIDER "entry"

/*
 * functions_read - of the file of PROGRAM, those that WANTED asks for; a symbol may be a
 * pattern. The list is empty if there are none, or no symbol table. probes_fini() frees
 * it. Returns 0, -ENOMEM, -E2BIG (so many are in no program of the kit), or what
 * elf_file_open() gives.
 */
int functions_read(const struct probe_list *program, const struct lab_function *wanted,
		   size_t count, struct probe_list *out);

/*
 * function_size - bytes of a function's code, as its symbol has it. Returns 0, -ENOENT
 * (no such function), or what elf_file_open() gives.
 */
int function_size(const struct probe_list *program, const char *symbol, uint64_t *size);

#endif
