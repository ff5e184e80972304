// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracer/static/warning.h"

/*
 * The semaphore: the kernel raises it in every mapping of a place in the file
 * (ref_ctr_offset), and .bss has no place there.
 * The 5-byte nop: Linux 6.18 makes it a call into a page of its own
 * ([uprobes-trampoline]). The call pushes below the stack pointer, where a function
 * without calls of its own may keep variables; and a forked child inherits the call but
 * not the page. The 10-byte nop: uprobes take no instruction with a segment prefix
 * (-ENOTSUPP).
 */
static const char *const texts[WARNINGS] = {
	[WARNING_SEMAPHORE] =
		"the semaphore is not in the file's data (in .bss?): it stays "
		"0, so code that asks it first never gets here",
	[WARNING_NOP5] = "a bare 5-byte nop: traced, some kernels make it a call, which "
			 "corrupts code that uses the red zone and kills children "
			 "forked meanwhile",
	[WARNING_NOP10] =
		"a bare 10-byte nop: kernels refuse to trace it, or it never fires",
};

bool warning_applies(enum warning warning, const struct location *location)
{
	switch (warning) {
	case WARNING_SEMAPHORE:
		return location->semaphore && !location->semaphore_offset;
	case WARNING_NOP5:
		return location->instruction == INSTRUCTION_NOP5;
	case WARNING_NOP10:
		return location->instruction == INSTRUCTION_NOP10;
	default:
		return false;
	}
}

const char *warning_text(enum warning warning)
{
	return texts[warning];
}
