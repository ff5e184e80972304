// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables for grader/source.c: what counts as a macro that names p:n, and as a use of
 * the macro M for the probe a. */
#include <stdio.h>

#include "grader/source.h"

static const struct {
	const char *text;
	size_t count;
} sources[] = {
	{"", 0},
	{"DTRACE_PROBE(p, n);", 1},
	{"DTRACE_PROBE2(p, n, a, b);", 1},
	{"STAP_PROBE12(p,n,a);", 1},
	{"STAP_PROBEV(p, n, a);", 1},
	{"FOLLY_SDT(p, n, a); FOLLY_SDT_WITH_SEMAPHORE(p, n, a);", 2},
	{"FOLLY_SDT_DEFINE_SEMAPHORE(p, n); FOLLY_SDT_IS_ENABLED(p, n)", 0},
	{"DTRACE_PROBE2 ( p ,\n\t n , a, b) ; DTRACE_PROBE1(p, n, c)", 2},
	{"#define X(a) \\\n DTRACE_PROBE1(p, \\\n n, a)", 1},
	{"DTRACE_PROBE2(p, nn, a, b); DTRACE_PROBE2(pp, n, a, b);", 0},
	{"MY_DTRACE_PROBE2(p, n, a, b); DTRACE_PROBES(p, n);", 0},
	{"// DTRACE_PROBE(p, n);\n/* DTRACE_PROBE(p, n); */", 0},
	{"puts(\"DTRACE_PROBE(p, n);\");", 0},
	{"puts(\"\\\"\"); DTRACE_PROBE(p, n); c = '\"'; DTRACE_PROBE(p, n);", 2},
	{"DTRACE_PROBE/* here */(p, /* name */ n);", 1},
	{"/* never ends DTRACE_PROBE(p, n);", 0},
	{"\"never ends DTRACE_PROBE(p, n);", 0},
	{"x = \"ends in a backslash\\", 0},
	{"DTRACE_PROBE", 0},
	{"DTRACE_PROBE(", 0},
	{"DTRACE_PROBE(p,", 0},
	{"DTRACE_PROBE(p, n", 0},
};

static const struct {
	const char *text;
	bool used;
} uses[] = {
	{"", false},
	{"M(a);", true},
	{"\tM (a);", true},
	{"x; M\\\n(a)", true},
	{"M", false},
	{"M;", false},
	{"MM(a); M_(a); _M(a);", false},
	{"MM(M(a))", true},
	{"// M(a)\n/* M(a)\n */ puts(\"M(a)\");", false},
	{"#define M(a) x(a)\n", false},
	{"  #  define M(a) \\\n\tx(a) \\\n\tM(a)\n", false},
	{"#define M(a) x(a)\nM(a)", true},
	{"#define M(a) x(a) \\\n\ty(a)\n\tM(a);", true},
	{"#", false},
	{"#\\", false},
	{"\n#\nM(a)", true},
	{"M(p, a, 1); ", true},
	{"M(p, b, a);", false},
	{"M(p, b); N(a);", false},
	{"M(f(x), a);", false},
	{"M(aa);", false},
	{"M(", false},
	{"M(p,", false},
	{"M(a", true},
	{"#if 0\nM(a);\n#endif\n", false},
	{" # if (0)\r\nM(a);\n#endif\n", false},
	{"#if 0 /* not yet */\nM(a);\n#endif\n", false},
	{"#if 0\n#ifdef X\n#else\n#endif\nM(a);\n#endif\n", false},
	{"#if 0\n#elif 1\nM(a);\n#endif\n", true},
	{"#if 0\n#else\nM(a);\n#endif\n", true},
	{"#if 0\n#endif\nM(a);\n", true},
	{"#if 0 || X\nM(a);\n#endif\n", true},
	{"#if 01\nM(a);\n#endif\n", true},
	{"#ifdef X\nM(a);\n#endif\n", true},
	{"#if 0\nM(a);", false},
	{"#if 0", false},
	{"#endif\nM(a)", true},
};

int main(void)
{
	int failed = 0;
	size_t i;

	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		size_t count = source_macros(sources[i].text, "p", "n");

		if (count == sources[i].count)
			continue;
		printf("%zu and not %zu in: %s\n", count, sources[i].count,
		       sources[i].text);
		failed = 1;
	}
	for (i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		if (source_uses(uses[i].text, "M", "a") == uses[i].used)
			continue;
		printf("M is%s used in: %s\n", uses[i].used ? " not" : "", uses[i].text);
		failed = 1;
	}
	return failed;
}
