// SPDX-License-Identifier: GPL-2.0-or-later
/* A library without probes: nobody lives here, and ships pass by unseen. */
#include "island.h"

void island(const char *shown, const char *heard, bool north)
{
	(void)shown, (void)heard, (void)north;
}
