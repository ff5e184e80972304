// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A library with probes: an island with two lighthouses. Both have a probe called flash;
 * they are two probes all the same, as the providers differ.
 *
 * Other names in this folder are links to this file or to reef.c.
 */
#include <sys/sdt.h>

#include "island.h"

void island(const char *shown, const char *heard, bool north)
{
	DTRACE_PROBE1(lighthouse_north, horn, heard);
	DTRACE_PROBE1(lighthouse_south, bell, heard);
	if (north)
		DTRACE_PROBE1(lighthouse_north, flash, shown);
	else
		DTRACE_PROBE1(lighthouse_south, flash, shown);
}
