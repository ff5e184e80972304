// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Probes odd:NAME at instructions that are no 1-byte nop, or look like what a tracer
 * leaves. It waits, and fires none of them.
 */
#include "go.h"
#include "note.h"

int main(void)
{
	wait_for_go();
	asm volatile(NOTE_AT(".byte 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0", "odd",
			     "ten", "")::);
	asm volatile(
		NOTE_AT(".byte 0x66, 0x66, 0x66, 0x66, 0x90", "odd", "prefixes", "")::);
	asm volatile(NOTE_AT(".byte 0x0f, 0x1f, 0x40, 0", "odd", "four", "")::);
	asm volatile(NOTE_AT("call main", "odd", "call", "")::);
	asm volatile(NOTE_AT("int3", "odd", "trap", "")::);
	return 0;
}
