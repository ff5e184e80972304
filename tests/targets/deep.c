// SPDX-License-Identifier: GPL-2.0-or-later
/* A probe in a function written into another, four calls deep. */
#include <sys/sdt.h>

static inline __attribute__((always_inline)) void leaf(int n)
{
	STAP_PROBE1(deep, hit, n);
}

__attribute__((noinline)) int other(void);
__attribute__((noinline)) int three(int n);
__attribute__((noinline)) int two(int n);
__attribute__((noinline)) int one(int n);

int other(void)
{
	__asm__ volatile("");
	return 1;
}

int three(int n)
{
	int more = other(); /* so that the frame is set up by now */

	leaf(n);
	return n + more;
}

int two(int n)
{
	return three(n + 1) * 2;
}

int one(int n)
{
	return two(n + 1) * 3;
}

int main(void)
{
	volatile int sum = 0;

	for (int i = 0; i < 3; i++)
		sum += one(i);
	return 0;
}
