// SPDX-License-Identifier: GPL-2.0-or-later
/* Waits for a byte on standard input, then fires COUNT times, PAUSE us apart: a number
 * and a string. */
#define _SDT_HAS_SEMAPHORES 1
#include <stdio.h>
#include <stdlib.h>
#include <sys/sdt.h>
#include <unistd.h>

unsigned short burst_guarded_semaphore __attribute__((section(".probes")));
unsigned short burst_hit_semaphore __attribute__((section(".probes")));

int main(int argc, char *argv[])
{
	const char *volatile text = "some text";
	long count = atol(argv[1]), i;
	char byte;

	if (read(0, &byte, 1) != 1)
		return 1;
	for (i = 0; i < count; i++) {
		STAP_PROBE2(burst, hit, (int)-i, text);
		if (argc > 2)
			usleep(atoi(argv[2]));
	}
	STAP_PROBE1(burst, guarded, (int)burst_guarded_semaphore);
	return 0;
}
