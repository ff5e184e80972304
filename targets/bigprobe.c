// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The smallest program worth tracing: a clock that hands its seconds to one probe.
 *
 * A provider's name may have a hyphen in it, as it becomes text in a note and never a
 * name of the program's.
 */
#include <stddef.h>
#include <sys/sdt.h>
#include <sys/time.h>
#include <unistd.h>

#include "heartbeat.h"

int main(void)
{
	unsigned long ticks = 0;
	struct timeval tv;

	heartbeat_start("one tick a second");
	for (;;) {
		gettimeofday(&tv, NULL);
		/* clang-format off */
		DTRACE_PROBE1(clock-app, bigprobe, tv.tv_sec);
		/* clang-format on */
		heartbeat("ticks", ++ticks);
		sleep(1);
	}
}
