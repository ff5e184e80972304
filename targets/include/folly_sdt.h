/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One macro for any number of arguments: probes as Folly, Facebook's C++ library, writes
 * them, for C and C++. The names are Folly's, and so is what they mean; the rest is ours
 * and stands on sys/sdt.h.
 *
 *     FOLLY_SDT(provider, name, ...)                   none to twelve arguments
 *
 * With a semaphore, so that the program can ask whether anybody traces the probe:
 *
 *     FOLLY_SDT_DEFINE_SEMAPHORE(provider, name)       once, outside of functions
 *     FOLLY_SDT_DECLARE_SEMAPHORE(provider, name)      in other files that use it
 *     FOLLY_SDT_IS_ENABLED(provider, name)             does anybody?
 *     FOLLY_SDT_WITH_SEMAPHORE(provider, name, ...)    the probe
 *
 * Both kinds may stand in one file, and the macros of sys/sdt.h beside them.
 */
#ifndef FOLLY_SDT_H
#define FOLLY_SDT_H

#include <sys/sdt.h>

#ifdef _SDT_HAS_SEMAPHORES
#error "folly_sdt.h: each probe says for itself whether it has a semaphore; leave _SDT_HAS_SEMAPHORES out"
#endif

/* The number of arguments goes behind STAP_PROBE; for none, nothing does. */
#define FOLLY_SDT(...)                                                                   \
	FOLLY_SDT_PASTE_(STAP_PROBE, FOLLY_SDT_NUMBER_(__VA_ARGS__, 12, 11, 10, 9, 8, 7, \
						       6, 5, 4, 3, 2, 1, , ))            \
	(__VA_ARGS__)
#define FOLLY_SDT_NUMBER_(provider, name, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, \
			  a12, number, ...)                                             \
	number

#define FOLLY_SDT_PASTE_(a, b) FOLLY_SDT_PASTE_NOW_(a, b)
#define FOLLY_SDT_PASTE_NOW_(a, b) a##b

/* In the file's data, not in .bss: a tracer raises it by its place in the file. Volatile:
 * no line of the program ever changes it. */
#define FOLLY_SDT_SEMAPHORE_(provider, name) provider##_##name##_semaphore
#ifdef __cplusplus
#define FOLLY_SDT_DECLARE_SEMAPHORE(provider, name) \
	extern "C" volatile unsigned short FOLLY_SDT_SEMAPHORE_(provider, name)
#else
#define FOLLY_SDT_DECLARE_SEMAPHORE(provider, name) \
	extern volatile unsigned short FOLLY_SDT_SEMAPHORE_(provider, name)
#endif
#define FOLLY_SDT_DEFINE_SEMAPHORE(provider, name)                   \
	FOLLY_SDT_DECLARE_SEMAPHORE(provider, name);                 \
	volatile unsigned short FOLLY_SDT_SEMAPHORE_(provider, name) \
		__attribute__((section(".probes"), used)) = 0
#define FOLLY_SDT_IS_ENABLED(provider, name) \
	__builtin_expect(FOLLY_SDT_SEMAPHORE_(provider, name) > 0, 0)

#define FOLLY_SDT_WITH_SEMAPHORE(...) FOLLY_SDT_INSIDE_(FOLLY_SDT, __VA_ARGS__)

/*
 * To sys/sdt.h, either all probes of a file have semaphores or none. But the line of a
 * note that has the semaphore's address is _SDT_SEMAPHORE()'s, and that is looked up
 * wherever a probe is written. So here is one that asks: was the probe written by
 * FOLLY_SDT_WITH_SEMAPHORE()?
 *
 * The preprocessor has no way to ask. But it never expands a macro inside of its own
 * expansion. In a probe with a semaphore, which comes out of FOLLY_SDT_INSIDE_(), that
 * name is left as it is and can be pasted; in any other it makes way for the word NO.
 */
#define FOLLY_SDT_INSIDE_(macro, ...) macro(__VA_ARGS__)
#define FOLLY_SDT_SAY_NO_() NO

#undef _SDT_SEMAPHORE
#define _SDT_SEMAPHORE(provider, name)                                            \
	FOLLY_SDT_PASTE_(FOLLY_SDT_LINE_, FOLLY_SDT_INSIDE_(FOLLY_SDT_SAY_NO_, )) \
	(provider, name)
#define FOLLY_SDT_LINE_NO(provider, name) _SDT_ASM_1(_SDT_ASM_ADDR 0)
#define FOLLY_SDT_LINE_FOLLY_SDT_INSIDE_(...) FOLLY_SDT_LINE_YES
#define FOLLY_SDT_LINE_YES(provider, name) \
	_SDT_ASM_1(_SDT_ASM_ADDR FOLLY_SDT_SEMAPHORE_(provider, name))

#endif
