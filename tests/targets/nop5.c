// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A probe at a 5-byte nop, five:hit(n), fired once for each byte on standard input. For
 * -mno-red-zone, and never to fork: see usdt(1) on that nop.
 */
#include "go.h"
#include "note.h"

int main(void)
{
	long n;

	for (n = 1;; n++) {
		wait_for_go();
		asm volatile(
			NOTE_AT(".byte 0x0f, 0x1f, 0x44, 0, 0", "five", "hit", "8@%%rdi")
			:
			: "D"(n));
	}
}
