// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fires a:hit(text) with six texts that the tracer's hash (tracer/live/aggregate.bpf.h)
 * does not tell apart: the first once, the second twice and so on. Prints "HITS TEXT".
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/sdt.h>

/* What becomes of the hash of the first eight bytes before the next eight come in. */
static uint64_t hash_of(uint64_t word)
{
	word *= 0x9e3779b97f4a7c15ULL;
	return word ^ word >> 32;
}

static bool is_plain(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] < '0' || text[i] > 'z' || text[i] == '\\')
			return false;
	return true;
}

int main(void)
{
	uint64_t words[3] = {0}, same;
	char *text = (char *)words;
	unsigned int number;
	int found = 0, i;

	memcpy(&same, "the same", sizeof(same));
	for (number = 0; found < 6; number++) {
		char first[9];

		snprintf(first, sizeof(first), "%08x", number * 0x9e3779b1U);
		memcpy(words, first, sizeof(*words));
		words[1] = hash_of(words[0]) ^ same;
		if (!is_plain(text, 16))
			continue;
		for (i = 0; i <= found; i++)
			STAP_PROBE1(a, hit, text);
		printf("%d %s\n", ++found, text);
	}
	return 0;
}
