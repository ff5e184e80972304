// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arguments of many kinds, for whatever operands a compiler makes of them. Built for
 * other machines too (tests/26-arm64.bats), so it is listed, never run.
 */
#include <sys/sdt.h>

struct three {
	long a, b, c;
};

int outside = 3;
static int inside[64] = {4};

int simple(int n, long l, unsigned char c, const char *text);
int indexed_by_int(const unsigned char *bytes, int i);
long indexed_by_unsigned(const long *longs, unsigned int i);
long indexed_by_long(const unsigned char *bytes, const int *ints, long i);
int one_variable(void);
int variables(int n);
int structs(const struct three *three, const __int128 *big, __int128 value);
double reals(double d, float f, const double *at);

int simple(int n, long l, unsigned char c, const char *text)
{
	volatile long kept = l;

	STAP_PROBE4(operands, simple, n, l, c, text);
	STAP_PROBE4(operands, constants, 1, -1L, 'x', (unsigned int)-1);
	STAP_PROBE1(operands, stack, kept);
	return n + (int)l;
}

int indexed_by_int(const unsigned char *bytes, int i)
{
	STAP_PROBE1(operands, indexed_by_int, bytes[i]);
	return 0;
}

long indexed_by_unsigned(const long *longs, unsigned int i)
{
	STAP_PROBE2(operands, indexed_by_unsigned, longs[i], longs[17]);
	return i;
}

long indexed_by_long(const unsigned char *bytes, const int *ints, long i)
{
	STAP_PROBE2(operands, indexed_by_long, bytes[i], ints[i]);
	return i;
}

int one_variable(void)
{
	STAP_PROBE1(operands, one_variable, outside);
	return 0;
}

int variables(int n)
{
	STAP_PROBE2(operands, variables, outside, inside[1]);
	inside[n & 63] = n;
	return n;
}

int structs(const struct three *three, const __int128 *big, __int128 value)
{
	STAP_PROBE2(operands, structs, *three, *big);
	STAP_PROBE1(operands, two_registers, value);
	return 0;
}

double reals(double d, float f, const double *at)
{
	STAP_PROBE3(operands, reals, d, f, *at);
	return d + f;
}

int main(void)
{
	return 0;
}
