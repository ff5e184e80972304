// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A probe with a semaphore, z:work(n), and the semaphore's value in the file that is
 * stdout: "semaphore 00001", written anew about every 5 ms until the program is killed.
 */
#define _SDT_HAS_SEMAPHORES 1
#include <stdio.h>
#include <sys/sdt.h>

#include "go.h"

__extension__ unsigned short z_work_semaphore __attribute__((section(".probes")));

int main(void)
{
	volatile unsigned short *semaphore = &z_work_semaphore;
	char line[32];
	int n;

	for (n = 0;; n++) {
		int len = snprintf(line, sizeof(line), "semaphore %05u\n", *semaphore);

		STAP_PROBE1(z, work, n);
		if (pwrite(STDOUT_FILENO, line, len, 0) != len)
			return 1;
		usleep(5000);
	}
}
