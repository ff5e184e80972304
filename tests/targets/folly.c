// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The macros of folly_sdt.h with none to twelve arguments, of both kinds, beside one of
 * sys/sdt.h; as C and as C++. Waits for a byte, says which probes are enabled, fires all.
 * With -DOTHER: the other file, which only declares a semaphore.
 */
#include <stdio.h>

#include "folly_sdt.h"

#ifdef __cplusplus
extern "C" void other_file(int number);
#else
void other_file(int number);
#endif

#ifdef OTHER
FOLLY_SDT_DECLARE_SEMAPHORE(folly, with2);

void other_file(int number)
{
	printf("%d\n", FOLLY_SDT_IS_ENABLED(folly, with2));
	FOLLY_SDT_WITH_SEMAPHORE(folly, with2, number, "there");
}
#else
FOLLY_SDT_DEFINE_SEMAPHORE(folly, with0);
FOLLY_SDT_DEFINE_SEMAPHORE(folly, with2);
FOLLY_SDT_DEFINE_SEMAPHORE(folly, with12);

/* A wrapper of a wrapper. */
#define WITH2(...) FOLLY_SDT_WITH_SEMAPHORE(folly, with2, __VA_ARGS__)
#define TWELVE(x) \
	x, x + 1, x + 2, x + 3, x + 4, x + 5, x + 6, x + 7, x + 8, x + 9, x + 10, x + 11

int main(int argc, char *argv[])
{
	int n = argc, byte = getchar();

	if (byte == EOF)
		return 1;
	printf("%d", FOLLY_SDT_IS_ENABLED(folly, with0));
	printf("%d", FOLLY_SDT_IS_ENABLED(folly, with2));
	printf("%d ", FOLLY_SDT_IS_ENABLED(folly, with12));
	DTRACE_PROBE1(folly, plain, n);
	FOLLY_SDT(folly, without0);
	FOLLY_SDT(folly, without1, n);
	FOLLY_SDT(folly, without3, n, argv[1], (short)-n);
	FOLLY_SDT(folly, without12, TWELVE(n));
	FOLLY_SDT_WITH_SEMAPHORE(folly, with0);
	WITH2(n, "here");
	FOLLY_SDT_WITH_SEMAPHORE(folly, with12, TWELVE(n));
	other_file(n);
	DTRACE_PROBE(folly, plain_too);
	return 0;
}
#endif
