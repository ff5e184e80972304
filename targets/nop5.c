// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The same thing twice: nops:one, a probe as sys/sdt.h makes it, at a nop of one byte,
 * and nops:five, made by hand, at a nop of five. Traced, the first becomes a breakpoint,
 * which traps; of the second, kernels from 6.18 on make a call, which needs no trap. Both
 * come in bursts, so that what a hit costs can be measured.
 *
 * The call writes where the stack ends. So five is a function of assembler that keeps
 * something there, as compilers do, and tells whether it has found it again. No other
 * code may have anything there: this program never has a five-byte nop among C. Nor does
 * it fork: a child would have the call, but not the page that the call goes to.
 */
#include <stdint.h>
#include <sys/sdt.h>
#include <unistd.h>

#include "heartbeat.h"
#include "seed.h"

#define BURSTS 20
#define PAUSE_US 40000

/*
 * five - NUMBER, kept below the stack pointer while the probe is passed, and found there
 * afterwards. The probe hands over its register.
 *
 * The note is what sys/sdt.h would write: the sizes of owner and description, the kind 3;
 * the owner; in the description three addresses (location, base, no semaphore), provider,
 * name and operands.
 */
uint64_t five(uint64_t number);

asm("	.text\n"
    "	.type five, @function\n"
    "five:\n"
    "	.cfi_startproc\n"
    "	mov %rdi, -8(%rsp)\n"
    "990:	.byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n" /* nopl 0(%rax,%rax) */
    "	mov -8(%rsp), %rax\n"
    "	ret\n"
    "	.cfi_endproc\n"
    "	.size five, . - five\n"

    "	.pushsection .note.stapsdt, \"\", \"note\"\n"
    "	.balign 4\n"
    "	.4byte 992f - 991f, 994f - 993f, 3\n"
    "991:	.asciz \"stapsdt\"\n"
    "992:	.balign 4\n"
    "993:	.8byte 990b, _.stapsdt.base, 0\n"
    "	.asciz \"nops\"\n"
    "	.asciz \"five\"\n"
    "	.asciz \"8@%rdi\"\n"
    "994:	.balign 4\n"
    "	.popsection\n" _SDT_ASM_BASE);

static void one(uint64_t number)
{
	DTRACE_PROBE1(nops, one, number);
}

static void burst(unsigned int ones, unsigned int fives)
{
	unsigned int i;

	DTRACE_PROBE1(nops, ones, ones);
	for (i = 0; i < ones; i++)
		one(i);
	DTRACE_PROBE1(nops, fives, fives);
	for (i = 0; i < fives; i++)
		five(i);
	DTRACE_PROBE(nops, rest);
}

int main(void)
{
	uint64_t seed = seed_read();
	uint64_t number = 100000000 + seed_mix(seed, 0) % 900000000;
	unsigned int ones = 60 + seed_mix(seed, 1) % 100;
	unsigned int fives = 60 + seed_mix(seed, 2) % 100;
	unsigned long round;
	unsigned int i;

	heartbeat_start("a round a second");
	for (round = 1;; round++) {
		DTRACE_PROBE1(nops, round, round);
		for (i = 0; i < BURSTS; i++) {
			burst(ones, fives);
			usleep(PAUSE_US);
		}
		DTRACE_PROBE1(nops, kept, five(number));
		heartbeat("rounds", round);
	}
}
