// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arguments in memory, constants, variables, floats, structs, and one in a register that
 * the kernel does not hand out. tests/21-trace.bats knows the values. Compile with
 * -mno-red-zone.
 */
#include <stdint.h>

#include "go.h"
#include "note.h"

static int64_t words[8] = {10, -20, 30, -40, 50, -60, 70, INT64_MIN};
/* Global, for the notes to name them. */
int32_t counter = -7;
int64_t pair[2] = {1, INT64_MAX};
double real = 2.5;
float single = -0.75f;
__thread int64_t own_first = 111;
__thread int32_t own_second = -222;

struct point {
	int32_t x, y;
	int64_t z;
};

static void in_memory(void)
{
	asm volatile(NOTE("m", "plain",
			  "-8@(%%rdi) -8@16(%%rdi) -8@-8(%%rdi) -4@-16(%%rdi)"
			  " 1@3(%%rdi) -8@32(%%rdi) 8@32(%%rdi)")
		     :
		     : "D"(&words[3])
		     : "memory");
	asm volatile(
		"mov %[eighth], %%r8\n" NOTE("m", "index",
					     "-8@(%%rdi,%%rsi,8) -8@-8(%%rdi,%%rsi,8)"
					     " -4@8(%%rdi,%%rsi,4) -8@(%%rdi,%%rdx)"
					     " -8@4(%%rdi,%%rcx,2) -8@(,%%r8,8)")
		:
		: "D"(&words[0]), "S"(2L), "d"(8L),
		  "c"(6L), [eighth] "r"((uintptr_t)&words[5] / 8)
		: "memory", "r8");
}

static void at_stack(void)
{
	asm volatile("push $-5\n\tpush $6\n" NOTE(
			     "m", "stack",
			     "-8@(%%rsp) -8@8(%%rsp)") "pop %%rax\n\tpop %%rax"
		     :
		     :
		     : "rax", "memory");
}

static void constants(void)
{
	asm volatile(NOTE("m", "constant",
			  "-4@$-1 4@$-1 8@$18446744073709551615"
			  " -8@$-9223372036854775808 -8@$9223372036854775807"
			  " -1@$200 2@$0x1ffff -8@$0"));
}

static void variables(void)
{
	asm volatile(NOTE("m", "global",
			  "-4@counter(%%rip) -8@pair(%%rip) -8@pair+8(%%rip)"
			  " 8f@real(%%rip) 4f@single(%%rip)")::);
	asm volatile(NOTE("m", "thread",
			  "-8@%%fs:own_first@tpoff -4@%%fs:own_second@tpoff")::);
}

static void vector(double value)
{
	asm volatile(NOTE("m", "xmm", "-4@$1 8f@%[v] -4@$3") : : [v] "x"(value));
}

int main(void)
{
	struct point point = {1, -1, 0x1122334455667788};

	wait_for_go();
	in_memory();
	at_stack();
	constants();
	variables();
	vector(1.5);
	asm volatile(NOTE("m", "struct", "16@(%%rdi) -4@$4") : : "D"(&point) : "memory");
	STAP_PROBE2(m, cfloat, real, single);
	return own_second == 0 || counter == 0;
}
