// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers as people type them, at the edges of 64 bits. */
#include <errno.h>
#include <stdio.h>

#include "common/num.h"

#define UNTOUCHED 12345

static const struct {
	const char *text;
	uint64_t min, max;
	int err;
	uint64_t value;
} unsigneds[] = {
	{"0", 0, UINT64_MAX, 0, 0},
	{"7", 0, UINT64_MAX, 0, 7},
	{"08", 0, UINT64_MAX, 0, 8}, /* not octal */
	{"0x1F", 0, UINT64_MAX, 0, 31},
	{"0X1f", 0, UINT64_MAX, 0, 31},
	{"18446744073709551615", 0, UINT64_MAX, 0, UINT64_MAX},
	{"0xffffffffffffffff", 0, UINT64_MAX, 0, UINT64_MAX},
	{"18446744073709551616", 0, UINT64_MAX, -ERANGE, 0},
	{"0x10000000000000000", 0, UINT64_MAX, -ERANGE, 0},
	{"1", 1, 1, 0, 1},
	{"0", 1, 5, -ERANGE, 0},
	{"6", 1, 5, -ERANGE, 0},
	{"", 0, UINT64_MAX, -EINVAL, 0},
	{"0x", 0, UINT64_MAX, -EINVAL, 0},
	{"0x1g", 0, UINT64_MAX, -EINVAL, 0},
	{"-1", 0, UINT64_MAX, -EINVAL, 0},
	{"+1", 0, UINT64_MAX, -EINVAL, 0},
	{" 1", 0, UINT64_MAX, -EINVAL, 0},
	{"1 ", 0, UINT64_MAX, -EINVAL, 0},
	{"1\n", 0, UINT64_MAX, -EINVAL, 0},
	{"1e3", 0, UINT64_MAX, -EINVAL, 0},
	{"1.0", 0, UINT64_MAX, -EINVAL, 0},
	{"ff", 0, UINT64_MAX, -EINVAL, 0},
	{"18446744073709551616x", 0, UINT64_MAX, -EINVAL, 0},
};

static const struct {
	const char *text;
	int64_t min, max;
	int err;
	int64_t value;
} signeds[] = {
	{"0", INT64_MIN, INT64_MAX, 0, 0},
	{"-1", INT64_MIN, INT64_MAX, 0, -1},
	{"-0x10", INT64_MIN, INT64_MAX, 0, -16},
	{"9223372036854775807", INT64_MIN, INT64_MAX, 0, INT64_MAX},
	{"9223372036854775808", INT64_MIN, INT64_MAX, -ERANGE, 0},
	{"-9223372036854775808", INT64_MIN, INT64_MAX, 0, INT64_MIN},
	{"-9223372036854775809", INT64_MIN, INT64_MAX, -ERANGE, 0},
	{"-3", -2, 2, -ERANGE, 0},
	{"3", -2, 2, -ERANGE, 0},
	{"", INT64_MIN, INT64_MAX, -EINVAL, 0},
	{"-", INT64_MIN, INT64_MAX, -EINVAL, 0},
	{"--1", INT64_MIN, INT64_MAX, -EINVAL, 0},
	{"-+1", INT64_MIN, INT64_MAX, -EINVAL, 0},
	{"- 1", INT64_MIN, INT64_MAX, -EINVAL, 0},
	{"-0x", INT64_MIN, INT64_MAX, -EINVAL, 0},
};

int main(void)
{
	int failures = 0, err;
	size_t i;

	for (i = 0; i < sizeof(unsigneds) / sizeof(*unsigneds); i++) {
		uint64_t want = unsigneds[i].err ? UNTOUCHED : unsigneds[i].value;
		uint64_t got = UNTOUCHED;

		err = parse_u64(unsigneds[i].text, unsigneds[i].min, unsigneds[i].max,
				&got);
		if (err == unsigneds[i].err && got == want)
			continue;
		printf("unsigned '%s': %d, %llu\n", unsigneds[i].text, err,
		       (unsigned long long)got);
		failures++;
	}
	for (i = 0; i < sizeof(signeds) / sizeof(*signeds); i++) {
		int64_t want = signeds[i].err ? UNTOUCHED : signeds[i].value;
		int64_t got = UNTOUCHED;

		err = parse_s64(signeds[i].text, signeds[i].min, signeds[i].max, &got);
		if (err == signeds[i].err && got == want)
			continue;
		printf("signed '%s': %d, %lld\n", signeds[i].text, err, (long long)got);
		failures++;
	}
	return failures != 0;
}
