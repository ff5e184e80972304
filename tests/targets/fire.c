// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fire COUNT [GAP_US]: a byte "w" on stdin fires t:fire(-1, "warm", 0) once, any other
 * byte fires t:fire(i, "name-i", i * 2^33) for i from 0 to COUNT - 1 and ends the
 * program. fire -t GAP_US: fires for ever. Nothing on stdin is looked at, nothing is
 * written.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/sdt.h>

#include "go.h"

static void fire(int number, const char *name, uint64_t big)
{
	STAP_PROBE3(t, fire, number, name, big);
}

static void fire_numbered(int number)
{
	char name[32];

	snprintf(name, sizeof(name), "name-%d", number);
	fire(number, name, (uint64_t)number << 33);
}

int main(int argc, char *argv[])
{
	int count = argc > 1 ? atoi(argv[1]) : 1, i;
	int gap = argc > 2 ? atoi(argv[2]) : 0;

	if (argc > 1 && !strcmp(argv[1], "-t"))
		for (i = 0;; i++) {
			fire_numbered(i);
			usleep(gap);
		}
	while (wait_for_go() == 'w')
		fire(-1, "warm", 0);
	for (i = 0; i < count; i++) {
		fire_numbered(i);
		if (gap)
			usleep(gap);
	}
	return 0;
}
