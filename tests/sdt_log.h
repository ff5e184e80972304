/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A second witness: compiled into a target with `-include tests/sdt_log.h`, every probe
 * also writes its name and arguments to the file that $SDT_LOG names, by printf and not
 * by any tracer. One line a firing, in one write:
 *
 *	NAME ["string",-1,2] PROVIDER LINE TID NANOSECONDS
 *
 * LINE is that of the macro in the source, the time that of CLOCK_MONOTONIC. Copies of a
 * macro in an inlined function share the line; with SDT_LOG_ADDRESS defined, the address
 * of the macro's code in this very file follows, which addr2line tells apart. With
 * SDT_LOG_SPENT, what the thread has spent on the log before follows, in nanoseconds: it
 * is no part of the time between two firings.
 */
#ifndef SDT_LOG_H
#define SDT_LOG_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sdt.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct sdt_log {
	char text[8192];
	size_t len;
	long long begun; /* nanoseconds */
};

static inline long long sdt_log_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ll + now.tv_nsec;
}

#define SDT_LOG_PUT(log, ...) \
	((log)->len += snprintf((log)->text + (log)->len, 200, __VA_ARGS__))

static inline void sdt_log_string(struct sdt_log *log, const char *text)
{
	SDT_LOG_PUT(log, "\"%.150s\",", text);
}

static inline void sdt_log_signed(struct sdt_log *log, long long number)
{
	SDT_LOG_PUT(log, "%lld,", number);
}

static inline void sdt_log_unsigned(struct sdt_log *log, unsigned long long number)
{
	SDT_LOG_PUT(log, "%llu,", number);
}

static inline void sdt_log_double(struct sdt_log *log, double number)
{
	SDT_LOG_PUT(log, "%.17g,", number);
}

static inline void sdt_log_pointer(struct sdt_log *log, const volatile void *pointer)
{
	SDT_LOG_PUT(log, "%lu,", (unsigned long)pointer);
}

#ifdef SDT_LOG_ADDRESS
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
#define SDT_LOG_HERE(here) __asm__ volatile("lea 0(%%rip), %0" : "=r"(here))
#define SDT_LOG_PUT_HERE(log, here) SDT_LOG_PUT(log, " %#lx", here - (long)__ehdr_start)
#else
#define SDT_LOG_HERE(here) (here = 0)
#define SDT_LOG_PUT_HERE(log, here) ((void)(here))
#endif

#ifdef SDT_LOG_SPENT
#define SDT_LOG_PUT_SPENT(log, spent) SDT_LOG_PUT(log, " %lld", spent)
#else
#define SDT_LOG_PUT_SPENT(log, spent) ((void)(spent))
#endif

static inline void sdt_log_write(struct sdt_log *log, const char *provider, int line,
				 long here)
{
	static __thread long long spent;
	static int fd = -1;
	long long now;
	int file = __atomic_load_n(&fd, __ATOMIC_RELAXED);

	if (file < 0) {
		file = open(getenv("SDT_LOG") ?: "/dev/null",
			    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
		__atomic_store_n(&fd, file, __ATOMIC_RELAXED);
	}
	if (log->text[log->len - 1] == ',')
		log->len--;
	now = sdt_log_now();
	SDT_LOG_PUT(log, "] %s %d %ld %lld", provider, line, syscall(SYS_gettid), now);
	SDT_LOG_PUT_HERE(log, here);
	SDT_LOG_PUT_SPENT(log, spent + now - log->begun);
	SDT_LOG_PUT(log, "\n");
	if (write(file, log->text, log->len) < 0)
		abort();
	spent += sdt_log_now() - log->begun;
}

#define SDT_LOG_ARG(x) \
	_Generic((x), char *                                                             \
		 : sdt_log_string, const char *                                          \
		 : sdt_log_string, float                                                 \
		 : sdt_log_double, double                                                \
		 : sdt_log_double, char                                                  \
		 : sdt_log_signed, signed char                                           \
		 : sdt_log_signed, short                                                 \
		 : sdt_log_signed, int                                                   \
		 : sdt_log_signed, long                                                  \
		 : sdt_log_signed, long long                                             \
		 : sdt_log_signed, bool                                                  \
		 : sdt_log_unsigned, unsigned char                                       \
		 : sdt_log_unsigned, unsigned short                                      \
		 : sdt_log_unsigned, unsigned int                                        \
		 : sdt_log_unsigned, unsigned long                                       \
		 : sdt_log_unsigned, unsigned long long                                  \
		 : sdt_log_unsigned, default                                             \
		 : sdt_log_pointer)(&sdt_log_, (x));

#define SDT_LOG_0()
#define SDT_LOG_1(a) SDT_LOG_ARG(a)
#define SDT_LOG_2(a, ...) SDT_LOG_ARG(a) SDT_LOG_1(__VA_ARGS__)
#define SDT_LOG_3(a, ...) SDT_LOG_ARG(a) SDT_LOG_2(__VA_ARGS__)
#define SDT_LOG_4(a, ...) SDT_LOG_ARG(a) SDT_LOG_3(__VA_ARGS__)
#define SDT_LOG_5(a, ...) SDT_LOG_ARG(a) SDT_LOG_4(__VA_ARGS__)
#define SDT_LOG_6(a, ...) SDT_LOG_ARG(a) SDT_LOG_5(__VA_ARGS__)
#define SDT_LOG_7(a, ...) SDT_LOG_ARG(a) SDT_LOG_6(__VA_ARGS__)
#define SDT_LOG_8(a, ...) SDT_LOG_ARG(a) SDT_LOG_7(__VA_ARGS__)
#define SDT_LOG_9(a, ...) SDT_LOG_ARG(a) SDT_LOG_8(__VA_ARGS__)
#define SDT_LOG_10(a, ...) SDT_LOG_ARG(a) SDT_LOG_9(__VA_ARGS__)
#define SDT_LOG_11(a, ...) SDT_LOG_ARG(a) SDT_LOG_10(__VA_ARGS__)
#define SDT_LOG_12(a, ...) SDT_LOG_ARG(a) SDT_LOG_11(__VA_ARGS__)

/* First the log, then the probe itself. */
#define SDT_LOG_PROBE(provider, name, n, ...)                                 \
	do {                                                                  \
		struct sdt_log sdt_log_;                                      \
		long sdt_log_here_;                                           \
                                                                              \
		SDT_LOG_HERE(sdt_log_here_);                                  \
		sdt_log_.len = 0;                                             \
		sdt_log_.begun = sdt_log_now();                               \
		SDT_LOG_PUT(&sdt_log_, "%s [", #name);                        \
		SDT_LOG_##n(__VA_ARGS__);                                     \
		sdt_log_write(&sdt_log_, #provider, __LINE__, sdt_log_here_); \
		_SDT_PROBE(provider, name, n, (__VA_ARGS__));                 \
	} while (0)

#undef STAP_PROBE
#undef STAP_PROBE1
#undef STAP_PROBE2
#undef STAP_PROBE3
#undef STAP_PROBE4
#undef STAP_PROBE5
#undef STAP_PROBE6
#undef STAP_PROBE7
#undef STAP_PROBE8
#undef STAP_PROBE9
#undef STAP_PROBE10
#undef STAP_PROBE11
#undef STAP_PROBE12
#define STAP_PROBE(provider, name) SDT_LOG_PROBE(provider, name, 0)
#define STAP_PROBE1(provider, name, ...) SDT_LOG_PROBE(provider, name, 1, __VA_ARGS__)
#define STAP_PROBE2(provider, name, ...) SDT_LOG_PROBE(provider, name, 2, __VA_ARGS__)
#define STAP_PROBE3(provider, name, ...) SDT_LOG_PROBE(provider, name, 3, __VA_ARGS__)
#define STAP_PROBE4(provider, name, ...) SDT_LOG_PROBE(provider, name, 4, __VA_ARGS__)
#define STAP_PROBE5(provider, name, ...) SDT_LOG_PROBE(provider, name, 5, __VA_ARGS__)
#define STAP_PROBE6(provider, name, ...) SDT_LOG_PROBE(provider, name, 6, __VA_ARGS__)
#define STAP_PROBE7(provider, name, ...) SDT_LOG_PROBE(provider, name, 7, __VA_ARGS__)
#define STAP_PROBE8(provider, name, ...) SDT_LOG_PROBE(provider, name, 8, __VA_ARGS__)
#define STAP_PROBE9(provider, name, ...) SDT_LOG_PROBE(provider, name, 9, __VA_ARGS__)
#define STAP_PROBE10(provider, name, ...) SDT_LOG_PROBE(provider, name, 10, __VA_ARGS__)
#define STAP_PROBE11(provider, name, ...) SDT_LOG_PROBE(provider, name, 11, __VA_ARGS__)
#define STAP_PROBE12(provider, name, ...) SDT_LOG_PROBE(provider, name, 12, __VA_ARGS__)

#endif
