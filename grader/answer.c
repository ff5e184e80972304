// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/utf8.h"
#include "grader/answer.h"

#define PAGE_MASK 4095ull
#define ADDRESSES_MAX 512
#define DECIMAL_MIN 13
#define BAD_SHOWN 40 /* bytes of a word that is no address */

char *answer_trim(const char *answer)
{
	size_t len;

	answer += strspn(answer, " \t\r\n");
	len = strlen(answer);
	while (len && strchr(" \t\r\n", answer[len - 1]))
		len--;
	/* 'a' 'b' are two words, each with its own pair. */
	if (len >= 2 && strchr("\"'`", answer[0]) && answer[len - 1] == answer[0] &&
	    !memchr(answer + 1, answer[0], len - 2)) {
		answer++;
		len -= 2;
	}
	return strndup(answer, len);
}

static char *cut_last(char *text)
{
	char *colon = strrchr(text, ':');

	if (!colon)
		return NULL;
	*colon = '\0';
	return colon + 1;
}

int probe_answer_parse(const char *answer, struct probe_answer *out)
{
	char *text = answer_trim(answer), *rest = text, *name, *provider;
	bool full;

	if (!text)
		return -ENOMEM;
	*out = (struct probe_answer){.text = text,
				     .path = "",
				     .provider = "",
				     .name = ""};
	full = !strncmp(text, "usdt:", 5);
	if (full)
		rest += 5;
	name = cut_last(rest);
	if (!name) { /* no colon: a name alone */
		out->name = rest;
		return 0;
	}
	out->name = name;
	provider = cut_last(rest);
	if (provider) {
		out->path = rest;
		out->provider = provider;
	} else if (strchr(rest, '/')) {
		out->path = rest;
	} else {
		out->provider = rest;
	}
	if (!strchr(out->path, ':'))
		return 0;
	probe_answer_fini(out);
	return -EINVAL;
}

void probe_answer_fini(struct probe_answer *answer)
{
	free(answer->text);
	*answer = (struct probe_answer){};
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

size_t addresses_sort(uint64_t *addresses, size_t count)
{
	size_t i, kept = 0;

	if (count)
		qsort(addresses, count, sizeof(*addresses), compare);
	for (i = 0; i < count; i++) {
		if (!kept || addresses[i] != addresses[kept - 1])
			addresses[kept++] = addresses[i];
	}
	return kept;
}

/* An address of a process as bpftrace's maps show it. With so many digits it could be no
 * hexadecimal one: that would be far above all that a program has. */
static bool is_decimal(const char *word, size_t len)
{
	return len >= DECIMAL_MIN && *word != '0' && strspn(word, "0123456789") >= len;
}

/* One word, e.g. "0x1189", "1189", or "94188270802412". */
static int parse_address(const char *word, size_t len, uint64_t *out)
{
	const unsigned int base = is_decimal(word, len) ? 10 : 16;
	size_t i = len > 2 && word[0] == '0' && (word[1] | 32) == 'x' ? 2 : 0;

	if (len - i > 16)
		return -EINVAL;
	for (*out = 0; i < len; i++) {
		const char *digits = "0123456789abcdef", *digit;
		char c = word[i] >= 'A' && word[i] <= 'F' ? word[i] | 32 : word[i];

		digit = strchr(digits, c);
		if (!digit)
			return -EINVAL;
		*out = *out * base + (digit - digits);
	}
	return 0;
}

int address_parse(const char *answer, uint64_t *out)
{
	return *answer ? parse_address(answer, strlen(answer), out) : -EINVAL;
}

int addresses_parse(const char *answer, uint64_t **out, size_t *count, char **bad)
{
	const char *gaps = " \t\r\n,;\"'";
	uint64_t *address;
	size_t len;

	*out = NULL;
	*bad = NULL;
	*count = 0;
	for (answer += strspn(answer, gaps); *answer; answer += strspn(answer, gaps)) {
		len = strcspn(answer, gaps);
		address = *count < ADDRESSES_MAX ? array_add(*out, *count) : NULL;
		if (!address || parse_address(answer, len, address)) {
			free(*out);
			*out = NULL;
			*bad = strndup(answer, len < BAD_SHOWN
						       ? len
						       : utf8_head(answer, BAD_SHOWN));
			return *bad ? -EINVAL : -ENOMEM;
		}
		answer += len;
	}
	*count = addresses_sort(*out, *count);
	return 0;
}

static bool holds(const uint64_t *sorted, size_t count, uint64_t address)
{
	return count && bsearch(&address, sorted, count, sizeof(address), compare);
}

size_t addresses_common(const uint64_t *a, size_t na, const uint64_t *b, size_t nb)
{
	size_t best = 0, found, i, j, k;

	for (i = 0; i < na; i++) {
		for (j = 0; j < nb; j++) {
			uint64_t shift = b[j] - a[i];

			if (shift & PAGE_MASK)
				continue;
			for (found = 0, k = 0; k < na; k++)
				found += holds(b, nb, a[k] + shift);
			if (found > best)
				best = found;
		}
	}
	return best;
}
