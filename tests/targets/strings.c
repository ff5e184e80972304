// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * s:text(WHICH, TEXT), once each: strings on pages that nobody has touched, strings
 * across page borders, long ones, what is no text, what is no pointer. The numbers are
 * those of enum which.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sdt.h>

#include "go.h"

#define PAGE 4096

enum which {
	WARM,
	COLD,
	CROSSING,
	UP_TO_THE_END,
	EMPTY,
	UTF8,
	ESCAPES,
	LONG,
	INVALID,
	NOWHERE,
	UNENDING,
	BEHIND_ALL,
	NONE,
	LAST,
};

static void text(int which, const char *text)
{
	STAP_PROBE2(s, text, which, text);
}

/* PAGES pages of a file with STRING at OFFSET, the last of them followed by nothing. */
static const char *untouched(size_t pages, size_t offset, const char *string)
{
	int fd = memfd_create("untouched", MFD_CLOEXEC);
	char *at = mmap(NULL, (pages + 1) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);

	if (fd < 0 || at == MAP_FAILED || ftruncate(fd, pages * PAGE) ||
	    pwrite(fd, string, strlen(string), offset) != (ssize_t)strlen(string) ||
	    mmap(at, pages * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) != at)
		exit(1);
	close(fd);
	return at + offset;
}

int main(void)
{
	static char line[6001];
	const char *cold = untouched(1, 100, "never touched");
	const char *crossing = untouched(2, PAGE - 6, "across the border");
	const char *up_to_the_end = untouched(1, PAGE - 5, "last");
	const char *unending = untouched(1, PAGE - 4, "abcd");

	memset(line, 'x', sizeof(line) - 1);
	memcpy(line, "begin", 5);
	wait_for_go();
	text(WARM, "warm");
	text(COLD, cold);
	text(CROSSING, crossing);
	text(UP_TO_THE_END, up_to_the_end);
	text(EMPTY, "");
	text(UTF8, "za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87 \xe2\x98\x83");
	text(ESCAPES, "a\"b\\c\td\n");
	text(LONG, line);
	text(INVALID, "\xff\xfe-\xc3");
	text(NOWHERE, (const char *)0x7ead00000000);
	text(UNENDING, unending);
	text(BEHIND_ALL, (const char *)0x800000000001);
	text(NONE, NULL);
	text(LAST, "last of all");
	fprintf(stderr, "%p\n", unending);
	return 0;
}
