// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <sys/resource.h>

#include "tracer/commands/file_limit.h"

static struct rlimit before;
static bool raised;

void file_limit_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &before))
		return;
	limit = before;
	limit.rlim_cur = limit.rlim_max;
	raised = !setrlimit(RLIMIT_NOFILE, &limit);
}

void file_limit_restore(void)
{
	if (raised)
		setrlimit(RLIMIT_NOFILE, &before);
}
