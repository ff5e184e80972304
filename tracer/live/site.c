// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How a tracer gets a word in: the kernel overwrites the location's instruction in the
 * memory of each process that is traced, never in the file.
 *
 * As a rule its first byte becomes int3, a breakpoint (a debugger does the same): the CPU
 * traps into the kernel, which runs the tracer's BPF program and goes on behind the nop.
 * Where the instruction is a nop of five bytes, kernels from 6.18 on (x86-64) begin with
 * that too, and at the first hit replace it by a call into a page that they map nearby,
 * [uprobes-trampoline]: it holds a system call, which is cheaper than a trap. When nobody
 * traces any more, the nop is put back.
 */
#include <errno.h>
#include <string.h>

#include "tracer/live/site.h"

#define TRAMPOLINE "[uprobes-trampoline]"

static bool is_trampoline(pid_t pid, uint64_t address)
{
	char name[sizeof(TRAMPOLINE) +
		  1]; /* one more than fits: no longer name will do */

	process_mapping_name(pid, address, name, sizeof(name));
	return !strcmp(name, TRAMPOLINE);
}

/* A call or int3 may be the program's own: then its file has it too. */
static void judge(pid_t pid, const struct location *location, struct site_state *out)
{
	bool as_in_file = out->bytes[0] == location->first_byte;

	if (out->instruction == INSTRUCTION_CALL && is_trampoline(pid, out->target)) {
		out->traced = true;
		out->words = "somebody traces: a call, no trap";
	} else if (out->instruction == INSTRUCTION_INT3 && !as_in_file) {
		out->traced = true;
		out->words = "somebody traces: a breakpoint";
	} else if (as_in_file) {
		out->words = "not traced";
	} else {
		out->words = "not what the file has there";
	}
}

int site_read(pid_t pid, int machine, const struct mapped_file *file,
	      const struct location *location, struct site_state *out)
{
	ssize_t n;
	int err;

	*out = (struct site_state){0};
	err = location->problem ? -ENOENT
				: process_address(file, location->offset, &out->address);
	if (err)
		return err;
	n = process_read(pid, out->address, out->bytes, sizeof(out->bytes));
	if (n < 0)
		return (int)n;
	out->size = n;
	out->instruction = instruction_find(machine, out->bytes, out->size);
	if (out->instruction == INSTRUCTION_CALL)
		out->target = instruction_target(out->bytes, out->address);
	judge(pid, location, out);
	return 0;
}
