// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * becomes PAUSE [PROGRAM ARGUMENT...]: fires hit from a function called NAME, waits PAUSE
 * ms, so that somebody can have a look, and becomes PROGRAM.
 */
#include <stdlib.h>
#include <sys/sdt.h>
#include <unistd.h>

#ifndef NAME
#define NAME work
#endif

__attribute__((noinline)) void NAME(int pause);

void NAME(int pause)
{
	STAP_PROBE1(becomes, hit, pause);
	usleep(pause * 1000);
	__asm__ volatile("");
}

int main(int argc, char *argv[])
{
	NAME(atoi(argv[1]));
	if (argc > 2)
		execv(argv[2], argv + 2);
	return 0;
}
