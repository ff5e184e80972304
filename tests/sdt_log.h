/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A second witness: compiled into a target with `-include tests/sdt_log.h`, every probe
 * also writes its name and arguments to the file that $SDT_LOG names, by printf and not
 * by any tracer. One line a firing: NAME ["string",number].
 */
#ifndef SDT_LOG_H
#define SDT_LOG_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sdt.h>

static inline int sdt_log_fd(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open(getenv("SDT_LOG") ?: "/dev/null", O_WRONLY | O_CREAT | O_APPEND,
			  0666);
	return fd;
}

#define SDT_LOG_FORMAT(x) \
	_Generic((x), char *: "\"%s\"", const char *: "\"%s\"", long: "%ld", \
				   default: "%u")
#define SDT_LOG_ARG(x)                                         \
	do {                                                   \
		dprintf(sdt_log_fd(), SDT_LOG_FORMAT(x), (x)); \
	} while (0)

#undef DTRACE_PROBE2
#define DTRACE_PROBE2(provider, name, a, b)        \
	do {                                       \
		dprintf(sdt_log_fd(), #name " ["); \
		SDT_LOG_ARG(a);                    \
		dprintf(sdt_log_fd(), ",");        \
		SDT_LOG_ARG(b);                    \
		dprintf(sdt_log_fd(), "]\n");      \
		STAP_PROBE2(provider, name, a, b); \
	} while (0)

#endif
