// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each number of arguments a probe can have: c:n0() to c:n12(1, ..., 12), and c:s1("a")
 * to c:s12("a", "b", ...) with strings only, and c:mixed with numbers and strings in
 * turn.
 */
#include <sys/sdt.h>

#include "go.h"

static const char *const s[] = {"a", "b", "c", "d", "e", "f",
				"g", "h", "i", "j", "k", "l"};

static void numbers(void)
{
	STAP_PROBE(c, n0);
	STAP_PROBE1(c, n1, 1);
	STAP_PROBE2(c, n2, 1, 2);
	STAP_PROBE3(c, n3, 1, 2, 3);
	STAP_PROBE4(c, n4, 1, 2, 3, 4);
	STAP_PROBE5(c, n5, 1, 2, 3, 4, 5);
	STAP_PROBE6(c, n6, 1, 2, 3, 4, 5, 6);
	STAP_PROBE7(c, n7, 1, 2, 3, 4, 5, 6, 7);
	STAP_PROBE8(c, n8, 1, 2, 3, 4, 5, 6, 7, 8);
	STAP_PROBE9(c, n9, 1, 2, 3, 4, 5, 6, 7, 8, 9);
	STAP_PROBE10(c, n10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
	STAP_PROBE11(c, n11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
	STAP_PROBE12(c, n12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
}

static void strings(const char *const *s)
{
	STAP_PROBE1(c, s1, s[0]);
	STAP_PROBE2(c, s2, s[0], s[1]);
	STAP_PROBE3(c, s3, s[0], s[1], s[2]);
	STAP_PROBE4(c, s4, s[0], s[1], s[2], s[3]);
	STAP_PROBE5(c, s5, s[0], s[1], s[2], s[3], s[4]);
	STAP_PROBE6(c, s6, s[0], s[1], s[2], s[3], s[4], s[5]);
	STAP_PROBE7(c, s7, s[0], s[1], s[2], s[3], s[4], s[5], s[6]);
	STAP_PROBE8(c, s8, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]);
	STAP_PROBE9(c, s9, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8]);
	STAP_PROBE10(c, s10, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9]);
	STAP_PROBE11(c, s11, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9],
		     s[10]);
	STAP_PROBE12(c, s12, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9],
		     s[10], s[11]);
}

int main(void)
{
	wait_for_go();
	numbers();
	strings(s);
	STAP_PROBE12(c, mixed, 1, s[0], 2, s[1], 3, s[2], 4, s[3], 5, s[4], 6, s[5]);
	return 0;
}
