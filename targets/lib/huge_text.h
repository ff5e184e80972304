/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text on large pages. Mapped from its file, a program's text comes in pages of 4 KiB; in
 * anonymous memory the kernel may use pages of 2 MiB. So a program that wants them has to
 * put its text there itself, when it starts: same code, same addresses, other pages.
 *
 * Once in a file, in the order of the numbers, and behind the last one:
 *
 *	HUGE_STRETCH(0)
 *	HUGE_STRETCH_END
 *
 * A function that lies in that stretch, one that stays where it is, and the move:
 *
 *	HUGE_TEXT(0) static void often(void)
 *	NEVER_HUGIFY() static void seldom(void)
 *	hugify(HUGE_START(0), HUGE_STOP(0));
 *
 * A stretch is as long as a large page, and begins where one can. Most of it is a hole
 * in the file.
 */
#ifndef HUGE_TEXT_H
#define HUGE_TEXT_H

#include <stdbool.h>

#define HUGE_PAGE 0x200000

#define HUGE_TEXT(n) __attribute__((noinline, section("huge_text_" #n)))

/* NEVER_HUGIFY - in the place of HUGE_TEXT(n): it stays, in the file's own pages. */
#define NEVER_HUGIFY() __attribute__((noinline, section("never_hugify")))

#define HUGE_START(n) __start_huge_text_##n
#define HUGE_STOP(n) __stop_huge_text_##n

/* Never empty (int3), as the linker would leave an empty section out. */
#define HUGE_SECTION(name)                             \
	asm(".pushsection " name ",\"ax\",@progbits\n" \
	    ".balign 0x200000\n"                       \
	    ".byte 0xcc\n"                             \
	    ".popsection\n")

#define HUGE_STRETCH(n)                              \
	extern char HUGE_START(n)[], HUGE_STOP(n)[]; \
	HUGE_SECTION("huge_text_" #n);

#define HUGE_STRETCH_END HUGE_SECTION("never_hugify");

/*
 * hugify - move a stretch of the program's text. None of it may run meanwhile. Ends the
 * program with a message if that fails.
 */
void hugify(char *start, const char *stop);

/* is_hugified - was the function moved? */
bool is_hugified(const void *function);

#endif
