// SPDX-License-Identifier: GPL-2.0-or-later
/* The other name, and the address taken apart. */
#include <sys/sdt.h>

	.text

/* int balance(const int *weights, unsigned long count): what they add up to */
	.type	balance, @function
balance:			/* weights: %rdi, count: %rsi */
	xor	%eax, %eax	/* the sum so far, an int */
	xor	%ecx, %ecx	/* how many are in it, an unsigned long */
.Lnext:
	cmp	%rsi, %rcx
	jae	.Lall
	add	(%rdi,%rcx,4), %eax
	DTRACE_PROBE3(scale, step, 8@%rcx, -4@0(%rdi,%rcx,4), -4@%eax)
	inc	%rcx
	jmp	.Lnext
.Lall:
	STAP_PROBE2(scale, balanced, 8@%rsi, -4@%eax)
	ret
	.size	balance, . - balance

/* int main(void): targets/lib/scale.c has the rest */
	.globl	main
	.type	main, @function
main:
	lea	balance(%rip), %rdi
	jmp	scale_run
	.size	main, . - main

	.section .note.GNU-stack, "", @progbits
