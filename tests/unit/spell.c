// SPDX-License-Identifier: GPL-2.0-or-later
/* Figures, links, comments and wide tables of a chapter, in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "menu/spell.h"

static void same(char *got, const char *in, const char *out)
{
	if (strcmp(got, out)) {
		fprintf(stderr, "'%s' became '%s', not '%s'\n", in, got, out);
		exit(1);
	}
	free(got);
}

static void words(const char *in, const char *out)
{
	same(spell_out(in), in, out);
}

static void table(const char *in, unsigned int width, const char *out)
{
	same(spell_tables(in, width), in, out);
}

static void test_words(void)
{
	words("", "");
	words("a ![two\nboxes](figures/b.svg) b", "a (Figure: two\nboxes) b");
	words("![a[1] *p_q* `r` <s> &t;](f.svg)",
	      "(Figure: a[1] \\*p\\_q\\* \\`r\\` \\<s> \\&t;)");
	words("![one](a.svg \"title\"){width=50%}", "(Figure: one)");
	words("![one](a.svg)![two](b.svg)", "(Figure: one)(Figure: two)");
	words("![no end](a.svg", "![no end](a.svg");
	words("![no\n\nend](a.svg)", "![no\n\nend](a.svg)");
	words("[the names](names.md)", "the names (`bin/bpfhol read names`)");
	words("[stars](names.md#stars)", "stars (`bin/bpfhol read names`)");
	words("[`bin/bpfhol read names`](names.md)", "`bin/bpfhol read names`");
	words("[usdt(1)](man/usdt.1.md#trace)", "usdt(1)");
	words("a[1] [b] [c](d.md){e", "a[1] [b] c (`bin/bpfhol read d`){e");
	words("[below](#here)", "[below](#here)");
	words("[out](https://e.org/x.md)", "[out](https://e.org/x.md)");
	words("a[1] b [c] (d) !e <f>", "a[1] b [c] (d) !e <f>");
	words("a <!-- [b](c.md)\n\nd --> e", "a  e");
	words("a <!-- b", "a <!-- b");
}

static void test_code(void)
{
	words("`![a](b.svg)` ``[a`](b.md)`` c", "`![a](b.svg)` ``[a`](b.md)`` c");
	words("```\n![a](b.svg)\n\n<!-- c -->\n```\n![d](e.svg)",
	      "```\n![a](b.svg)\n\n<!-- c -->\n```\n(Figure: d)");
	words("a ` b ![c](d.svg)", "a ` b (Figure: c)");
	words("a ` b\n\n` ![c](d.svg)", "a ` b\n\n` (Figure: c)");
}

static void test_tables(void)
{
	static const char narrow[] = "a\n\n| b | c |\n|---|---|\n| d | e |\n\nf\n";

	table(narrow, 5, narrow);
	table(narrow, 4, "a\n\n- d: c e\n\nf\n");
	table("| a | b | c |\n|--|:-:|--|\n| d\\|e |   | - |\n|  | f | g |", 3,
	      "- d\\|e\n- : b f; c g\n");
	table("```\n| a | b |\n|---|---|\n```\n", 3, "```\n| a | b |\n|---|---|\n```\n");
	table("| a | b |\nno rule\n", 3, "| a | b |\nno rule\n");
	/* Columns, not bytes. */
	table("| ää | öö |\n|--|--|\n| é | e |", 7, "| ää | öö |\n|--|--|\n| é | e |");
	table("|\n|\n|", 0, "|\n|\n|");
	table("|", 0, "|");
}

int main(void)
{
	test_words();
	test_code();
	test_tables();
	return 0;
}
