/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A probe for use inside an asm statement whose note says exactly what the test wants:
 * NOTE("w", "rax", "8@%%rax -4@%%eax") is the nop and its note. For operands that
 * sys/sdt.h leaves to the compiler to choose. NOTE_AT has another instruction there.
 */
#ifndef TESTS_TARGETS_NOTE_H
#define TESTS_TARGETS_NOTE_H

#include <sys/sdt.h>

#define NOTE(provider, name, args) NOTE_AT("nop", provider, name, args)

#define NOTE_AT(instruction, provider, name, args)       \
	"990: " instruction "\n"                         \
	".pushsection .note.stapsdt,\"?\",\"note\"\n"    \
	".balign 4\n"                                    \
	".4byte 992f-991f, 994f-993f, 3\n"               \
	"991: .asciz \"stapsdt\"\n"                      \
	"992: .balign 4\n"                               \
	"993: .8byte 990b, _.stapsdt.base, 0\n"          \
	".asciz \"" provider "\"\n.asciz \"" name "\"\n" \
	".asciz \"" args "\"\n"                          \
	"994: .balign 4\n"                               \
	".popsection\n" _SDT_ASM_BASE

#endif
