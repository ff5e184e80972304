// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The nop is in a function of assembler: the call that it may become writes below the
 * stack pointer, where the compiler would keep variables of a function in C. It has no
 * note, as it is of no use to anybody else; where it is in the file, the process' own
 * mappings tell.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/commands/nop5.h"
#include "tracer/live/process.h"
#include "tracer/live/session.h"

#define HITS 2 /* the call is made after the first */
#define CALL 0xe8

void usdt_nop5(void);

asm("	.text\n"
    "	.type usdt_nop5, @function\n"
    "usdt_nop5:\n"
    "	.cfi_startproc\n"
    "	.byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n"
    "	ret\n"
    "	.cfi_endproc\n"
    "	.size usdt_nop5, . - usdt_nop5\n");

/* Where a file that this process has mapped has the code at ADDRESS. */
static int find_offset(uint64_t address, uint64_t *offset)
{
	struct process_files files;
	int err = process_files_read(getpid(), &files);
	size_t i, n;

	if (err)
		return err;
	err = -ENOENT;
	for (i = 0; i < files.count; i++) {
		for (n = 0; n < files.files[i].nmappings; n++) {
			const struct mapping *m = &files.files[i].mappings[n];

			if (address < m->start || address >= m->end)
				continue;
			*offset = address - m->start + m->offset;
			err = 0;
		}
	}
	process_files_fini(&files);
	return err;
}

static bool try_it(const struct probe_list *list, const struct probe *probe)
{
	const struct session_options options = {.pid = getpid(), .buffer_size = 64 << 10};
	struct session *session = session_new(&options);
	bool call = false;
	int i;

	if (session && !session_add(session, list, probe) && !session_attach(session)) {
		for (i = 0; i < HITS; i++)
			usdt_nop5();
		call = *(const volatile uint8_t *)(uintptr_t)usdt_nop5 == CALL;
	}
	session_free(session);
	return call;
}

bool nop5_becomes_call(void)
{
	struct location location = {.instruction = INSTRUCTION_NOP5};
	struct probe probe = {.provider = "usdt",
			      .name = "nop5",
			      .locations = &location,
			      .nlocations = 1};
	struct probe_list list;
	bool call;

	if (find_offset((uintptr_t)usdt_nop5, &location.offset) ||
	    probes_read("/proc/self/exe", NULL, PROBE_NAMES, &list, NULL))
		return false;
	location.address = location.offset;
	probe.path = list.path;
	call = try_it(&list, &probe);
	probes_fini(&list);
	return call;
}
