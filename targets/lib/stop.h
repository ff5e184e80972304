/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A picture of one moment: the registers as they are at a line of the program, and the
 * memory above the stack pointer. It is a file in memory only, "stop.txt", which nobody
 * can change; /proc/PID/fd shows it for as long as the process lives.
 *
 *	rax 0x7ffc2d1b6e90
 *	...
 *	0x7ffc2d1b6e10: 0xfffffffffffffff9
 *	...
 *
 * First the sixteen registers, then 8 bytes a line.
 */
#ifndef STOP_H
#define STOP_H

#define STOP_REGISTERS 16

extern unsigned long stop_registers[STOP_REGISTERS];

/* stop_keep - write the file, the first time it is called. Memory reaches up to END. */
void stop_keep(const void *end);

/* clang-format off */
#define STOP_SAVE(place, register) \
	"mov %%" #register ", stop_registers + 8 * " #place "(%%rip)\n\t"

/*
 * STOP_HERE - to be written right behind a probe: neither has an instruction for the
 * compiler to put between them, so these are the registers that the probe's operands
 * speak of.
 */
#define STOP_HERE(end)                                                  \
	do {                                                            \
		asm volatile(STOP_SAVE(0, rax) STOP_SAVE(1, rbx)        \
			     STOP_SAVE(2, rcx) STOP_SAVE(3, rdx)        \
			     STOP_SAVE(4, rsi) STOP_SAVE(5, rdi)        \
			     STOP_SAVE(6, rbp) STOP_SAVE(7, rsp)        \
			     STOP_SAVE(8, r8) STOP_SAVE(9, r9)          \
			     STOP_SAVE(10, r10) STOP_SAVE(11, r11)      \
			     STOP_SAVE(12, r12) STOP_SAVE(13, r13)      \
			     STOP_SAVE(14, r14) STOP_SAVE(15, r15)      \
			     ::: "memory");                             \
		stop_keep(end);                                         \
	} while (0)
/* clang-format on */

#endif
