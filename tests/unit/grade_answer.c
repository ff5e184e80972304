// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables for grader/answer.c: how people spell probes and addresses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/answer.h"

static int failed;

static void check(int right, const char *what, const char *input)
{
	if (right)
		return;
	printf("not right: %s of '%s'\n", what, input);
	failed = 1;
}

static const struct {
	const char *text, *path, *provider, *name; /* name NULL: refused */
} probes[] = {
	{"found", "", "", "found"},
	{" 'found' ", "", "", "found"},
	{"p:found", "", "p", "found"},
	{"usdt:p:found", "", "p", "found"},
	{"usdt:/bin/x:p:found", "/bin/x", "p", "found"},
	{"x:p:found", "x", "p", "found"},
	{"/bin/x:found", "/bin/x", "", "found"},
	{"usdt:./x:found", "./x", "", "found"},
	{"p:", "", "p", ""},
	{":", "", "", ""},
	{"", "", "", ""},
	{"a:b:c:d", "", "", NULL},
	{"usdt:a:b:c:d", "", "", NULL},
};

static const struct {
	const char *text;
	int count; /* -1: refused */
	uint64_t first, last;
} addresses[] = {
	{"", 0, 0, 0},
	{" , ; ", 0, 0, 0},
	{"0x10", 1, 0x10, 0x10},
	{"10", 1, 0x10, 0x10},
	{"0X1F,1e", 2, 0x1e, 0x1f},
	{"2 1 2", 2, 1, 2},
	{"ffffffffffffffff", 1, UINT64_MAX, UINT64_MAX},
	{"0x00000000000000001", -1, 0, 0},
	/* bpftrace's maps have decimal numbers. */
	{"94188270802412", 1, 0x55a9ea6c55ec, 0x55a9ea6c55ec},
	{"140737488355327", 1, 0x7fffffffffff, 0x7fffffffffff},
	{"0x94188270802412", 1, 0x94188270802412, 0x94188270802412},
	{"0094188270802412", 1, 0x94188270802412, 0x94188270802412},
	{"9418827080241a", 1, 0x9418827080241a, 0x9418827080241a},
	{"555555555189", 1, 0x555555555189, 0x555555555189},
	{"0x", -1, 0, 0},
	{"12g", -1, 0, 0},
	{"-1", -1, 0, 0},
	{"1 main+4", -1, 0, 0},
};

static const struct {
	uint64_t a[3], b[3];
	size_t na, nb, common;
} moved[] = {
	{{0x1010, 0x1020}, {0x1010, 0x1020}, 2, 2, 2},
	{{0x1010, 0x1020}, {0x555000001010, 0x555000001020}, 2, 2, 2},
	{{0x401010, 0x401020}, {0x1010, 0x1020}, 2, 2, 2},
	{{0x1010, 0x1020}, {0x1011, 0x1021}, 2, 2, 0},
	{{0x1010, 0x2020}, {0x1010, 0x1020}, 2, 2, 1},
	{{0x1010}, {0x1010, 0x1020}, 1, 2, 1},
	{{0x1010, 0x1020, 0x1030}, {0x1010, 0x1020}, 3, 2, 2},
	{{0}, {0x1010}, 0, 1, 0},
	{{0x1010}, {0}, 1, 0, 0},
};

static void check_trim(void)
{
	static const char *const texts[][2] = {
		{" a b\n", "a b"}, {"'a b'", "a b"},
		{"\"a\"", "a"},	   {"'a' 'b'", "'a' 'b'"},
		{"'a\"", "'a\""},  {"'", "'"},
		{"''", ""},	   {"\"it's\"", "it's"},
		{"", ""},
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *got = answer_trim(texts[i][0]);

		check(!strcmp(got, texts[i][1]), "the trimmed text", texts[i][0]);
		free(got);
	}
}

static void check_probes(void)
{
	struct probe_answer got;
	size_t i;

	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		int err = probe_answer_parse(probes[i].text, &got);

		check(!err == !!probes[i].name, "status", probes[i].text);
		if (err)
			continue;
		check(!strcmp(got.path, probes[i].path), "path", probes[i].text);
		check(!strcmp(got.provider, probes[i].provider), "provider",
		      probes[i].text);
		check(!strcmp(got.name, probes[i].name ?: ""), "name", probes[i].text);
		probe_answer_fini(&got);
	}
}

/* What is shown of a long word ends with a whole character. */
static void check_bad_word(void)
{
	const char *word = "aaaaaaaaaa"
			   "aaaaaaaaaa"
			   "aaaaaaaaaa"
			   "aaaaaaaaa\xc3\xa9z";
	uint64_t *list;
	size_t count;
	char *bad;

	addresses_parse(word, &list, &count, &bad);
	check(bad && strlen(bad) == 39, "the cut", word);
	free(bad);
}

static void check_addresses(void)
{
	uint64_t *list;
	size_t i, count;
	char *bad;

	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		int err = addresses_parse(addresses[i].text, &list, &count, &bad);

		check(!err == (addresses[i].count >= 0), "status", addresses[i].text);
		check(!err == !bad, "the bad word", addresses[i].text);
		if (!err) {
			check((int)count == addresses[i].count, "count",
			      addresses[i].text);
			check(!count || (list[0] == addresses[i].first &&
					 list[count - 1] == addresses[i].last),
			      "values", addresses[i].text);
		}
		free(list);
		free(bad);
	}
}

static void check_address(void)
{
	static const struct {
		const char *text;
		bool right;
		uint64_t number;
	} words[] = {
		{"cc", true, 0xcc},
		{"0f", true, 0xf},
		{"0xCC", true, 0xcc},
		{"90", true, 0x90},
		{"0x55d0c3a1b2e0", true, 0x55d0c3a1b2e0},
		{"94356723184352", true,
		 94356723184352}, /* decimal, as bpftrace has it */
		{"", false, 0},
		{"0x", false, 0},
		{"cc cc", false, 0},
		{"-1", false, 0},
		{"xyz", false, 0},
		{"11112222333344445", false, 0},
	};
	uint64_t got;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		bool right = !address_parse(words[i].text, &got);

		check(right == words[i].right, "status of one", words[i].text);
		check(!right || got == words[i].number, "value of one", words[i].text);
	}
}

int main(void)
{
	check_trim();
	size_t i;

	check_probes();
	check_addresses();
	check_bad_word();
	check_address();
	for (i = 0; i < sizeof(moved) / sizeof(moved[0]); i++) {
		char row[16];

		snprintf(row, sizeof(row), "row %zu", i);
		check(addresses_common(moved[i].a, moved[i].na, moved[i].b,
				       moved[i].nb) == moved[i].common,
		      "common addresses", row);
	}
	return failed;
}
