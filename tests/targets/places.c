// SPDX-License-Identifier: GPL-2.0-or-later
/* One probe, p:here(n), in four places, hit once each with n from 1 to 4. */
#include <sys/sdt.h>

#include "go.h"

static int in_register(int n)
{
	STAP_PROBE1(p, here, n);
	return n + 1;
}

static int in_memory(volatile int *n)
{
	STAP_PROBE1(p, here, *n);
	return *n + 1;
}

int main(void)
{
	volatile int n;

	wait_for_go();
	STAP_PROBE1(p, here, 1);
	n = in_register(2);
	n = in_memory(&n);
	STAP_PROBE1(p, here, (short)n);
	return 0;
}
