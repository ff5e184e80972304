/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the test targets share: they fire nothing before a byte on stdin says so. */
#ifndef TESTS_TARGETS_GO_H
#define TESTS_TARGETS_GO_H

#include <stdlib.h>
#include <unistd.h>

/* Returns the byte; ends the program where stdin ends. */
static inline char wait_for_go(void)
{
	char byte;

	if (read(STDIN_FILENO, &byte, 1) != 1)
		exit(1);
	return byte;
}

#endif
