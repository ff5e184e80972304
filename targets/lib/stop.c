// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stop.h"

#define STACK_POINTER 7 /* its place in the list */

unsigned long stop_registers[STOP_REGISTERS];

static const char *const names[STOP_REGISTERS] = {
	"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
	"r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15",
};

static void write_picture(int fd, const unsigned long *end)
{
	const unsigned long *word = (const unsigned long *)stop_registers[STACK_POINTER];
	int i;

	for (i = 0; i < STOP_REGISTERS; i++)
		dprintf(fd, "%s 0x%lx\n", names[i], stop_registers[i]);
	for (; word < end; word++)
		dprintf(fd, "0x%lx: 0x%016lx\n", (unsigned long)word, *word);
}

/* Sealed: nobody changes it through /proc/PID/fd. */
void stop_keep(const void *end)
{
	static int fd = -1;

	if (fd >= 0)
		return;
	fd = memfd_create("stop.txt", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd >= 0) {
		write_picture(fd, end);
		if (!fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK))
			return;
	}
	perror(program_invocation_short_name);
	exit(1);
}
