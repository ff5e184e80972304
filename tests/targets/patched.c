// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A program that writes into its own text: `patched open` leaves that page writable and
 * executable, `patched shut` makes it read-only again, `patched never` changes nothing.
 */
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sdt.h>
#include <unistd.h>

#define PAGE 4096

__attribute__((noinline, aligned(PAGE))) static void work(long i)
{
	DTRACE_PROBE1(patched, work, i);
}

__attribute__((aligned(PAGE))) int main(int argc, char *argv[])
{
	char *page = (char *)((uintptr_t)work & -PAGE);
	long i;

	if (strcmp(argv[1], "never")) {
		mprotect(page, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
		page[PAGE - 1] = 1;
	}
	if (!strcmp(argv[1], "shut"))
		mprotect(page, PAGE, PROT_READ | PROT_EXEC);
	for (i = 0;; i++) {
		work(i);
		usleep(20000);
	}
}
