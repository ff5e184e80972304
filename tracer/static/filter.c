// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads a filter by recursive descent:
 *
 *	either := both { "||" both }		both := unary { "&&" unary }
 *	unary := "!" unary | "(" either ")" | comparison
 *	comparison := subject operator literal
 *
 * into a tree of nodes, whose leaves are the comparisons in the order of the text. A
 * subtree is entered at its leftmost comparison, so one walk down the tree, with the two
 * places where the subtree leads, gives every comparison its two jumps.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/filter.h"

#define DEPTH_MAX 32

enum node_kind { NODE_TEST, NODE_NOT, NODE_AND, NODE_OR };

struct node {
	enum node_kind kind;
	int left, right; /* nodes; of a TEST: left is the test's number */
	int entry;	 /* the leftmost test below */
};

struct parser {
	const char *text, *p;
	struct filter *filter;
	struct node nodes[4 * FILTER_TESTS_MAX];
	int nnodes, depth;
	struct filter_error *error;
};

__attribute__((format(printf, 3, 4))) static int fail(struct parser *s, const char *at,
						      const char *format, ...)
{
	va_list ap;

	s->error->at = at - s->text;
	va_start(ap, format);
	vsnprintf(s->error->message, sizeof(s->error->message), format, ap);
	va_end(ap);
	return -EINVAL;
}

static void skip_blanks(struct parser *s)
{
	s->p += strspn(s->p, " \t\n");
}

static bool take(struct parser *s, const char *word)
{
	size_t len = strlen(word);

	skip_blanks(s);
	if (strncmp(s->p, word, len))
		return false;
	s->p += len;
	return true;
}

static int add_node(struct parser *s, struct node node)
{
	if (s->nnodes == sizeof(s->nodes) / sizeof(*s->nodes))
		return fail(s, s->p, "this filter is too long");
	s->nodes[s->nnodes] = node;
	return s->nnodes++;
}

static const struct {
	const char *word;
	unsigned int accepted;
	bool is_prefix;
} operators[] = {
	{"==", FILTER_EQUAL, false},
	{"!=", FILTER_LESS | FILTER_GREATER | FILTER_UNORDERED, false},
	{"<=", FILTER_LESS | FILTER_EQUAL, false},
	{">=", FILTER_GREATER | FILTER_EQUAL, false},
	{"^=", FILTER_EQUAL, true},
	{"<", FILTER_LESS, false},
	{">", FILTER_GREATER, false},
};

static int parse_operator(struct parser *s, struct filter_test *test)
{
	size_t i;

	skip_blanks(s);
	for (i = 0; i < sizeof(operators) / sizeof(*operators); i++)
		if (take(s, operators[i].word)) {
			test->accepted = operators[i].accepted;
			test->is_prefix = operators[i].is_prefix;
			return 0;
		}
	if (*s->p == '=')
		return fail(s, s->p, "to compare, write ==");
	return fail(s, s->p, "a comparison is missing: ==, !=, <, <=, >, >= or ^=");
}

static int parse_subject(struct parser *s, struct filter_test *test)
{
	const char *word;
	size_t len;

	skip_blanks(s);
	word = s->p;
	for (len = 0; isalnum((unsigned char)word[len]); len++)
		;
	s->p += len;
	if (len == 3 && !strncmp(word, "pid", 3)) {
		test->subject = FILTER_PID;
	} else if (len == 3 && !strncmp(word, "tid", 3)) {
		test->subject = FILTER_TID;
	} else if (len == 4 && !strncmp(word, "comm", 4)) {
		test->subject = FILTER_COMM;
	} else if (len > 3 && len < 6 && !strncmp(word, "arg", 3) &&
		   strspn(word + 3, "0123456789") == len - 3) {
		test->subject = FILTER_ARG;
		test->arg = atoi(word + 3);
		if (test->arg >= OPERANDS_MAX)
			return fail(s, word, "arguments are arg0 to arg%d",
				    OPERANDS_MAX - 1);
	} else if (!len) {
		return fail(s, word, "a comparison is missing here, such as arg0 > 10");
	} else {
		return fail(s, word,
			    "there is no '%.*s': compare arg0 to arg%d, pid, tid or comm",
			    (int)len, word, OPERANDS_MAX - 1);
	}
	return 0;
}

/* A byte behind a backslash at S->p. Returns it, or -1. */
static int parse_escape(struct parser *s)
{
	static const char letters[] = "nrt0\"\\", bytes[] = "\n\r\t\0\"\\";
	const char *found = *s->p ? strchr(letters, *s->p) : NULL;
	unsigned int byte;

	if (found) {
		s->p++;
		return bytes[found - letters];
	}
	if (*s->p == 'x' && isxdigit((unsigned char)s->p[1]) &&
	    isxdigit((unsigned char)s->p[2]) && sscanf(s->p + 1, "%2x", &byte) == 1) {
		s->p += 3;
		return (int)byte;
	}
	return -1;
}

static int parse_text(struct parser *s, struct filter_test *test)
{
	const char *quote = s->p++;

	for (; *s->p != '"'; test->len++) {
		int byte = (unsigned char)*s->p;

		if (!byte)
			return fail(s, quote, "this string has no closing quote");
		if (test->len == FILTER_TEXT_MAX)
			return fail(s, quote, "a string may have %d bytes here",
				    FILTER_TEXT_MAX);
		s->p++;
		if (byte == '\\')
			byte = parse_escape(s);
		if (byte <= 0)
			return fail(s, s->p - 1, "behind \\ come n, r, t, \", \\ or xHH");
		test->text[test->len] = (char)byte;
	}
	s->p++;
	test->literal = FILTER_TEXT;
	return 0;
}

static int parse_number(struct parser *s, struct filter_test *test)
{
	const char *start = s->p, *digits = start + (*start == '-');
	bool is_hex = digits[0] == '0' && (digits[1] | 32) == 'x';
	char *end;

	if (!isdigit((unsigned char)*digits))
		return fail(s, start, "a number or a \"string\" is missing");
	errno = 0;
	test->number = strtoull(digits, &end, is_hex ? 16 : 10);
	test->real = (double)test->number;
	if (!is_hex && (*end == '.' || (*end | 32) == 'e')) {
		test->literal = FILTER_REAL;
		test->real = strtod(digits, &end);
	} else if (errno || (*start == '-' && test->number > 1ULL << 63)) {
		return fail(s, start, "this number has more than 64 bits");
	}
	if (isalnum((unsigned char)*end) || *end == '_' || *end == '.')
		return fail(s, start, "this is no number");
	if (*start == '-') {
		test->is_negative = test->number != 0;
		test->number = -test->number;
		test->real = 0 - test->real; /* there is but one zero */
	}
	s->p = end;
	return 0;
}

static int parse_literal(struct parser *s, struct filter_test *test)
{
	const char *start;
	int err;

	skip_blanks(s);
	start = s->p;
	err = *start == '"' ? parse_text(s, test) : parse_number(s, test);
	if (err)
		return err;
	if (test->literal == FILTER_TEXT) {
		if (test->subject == FILTER_PID || test->subject == FILTER_TID)
			return fail(s, start, "a process or thread id is a number");
		if (!(test->accepted & FILTER_LESS) != !(test->accepted & FILTER_GREATER))
			return fail(s, start, "strings are compared by ==, != and ^=");
		return 0;
	}
	if (test->subject == FILTER_COMM)
		return fail(s, start, "comm is a name: compare it with a \"string\"");
	if (test->is_prefix)
		return fail(s, start, "^= (begins with) wants a \"string\"");
	if (test->literal == FILTER_REAL && test->subject != FILTER_ARG)
		return fail(s, start, "a process or thread id is a whole number");
	return 0;
}

static int parse_comparison(struct parser *s)
{
	struct filter_test *test;
	int err;

	skip_blanks(s);
	if (s->filter->count == FILTER_TESTS_MAX)
		return fail(s, s->p, "a filter may have %d comparisons",
			    FILTER_TESTS_MAX);
	test = &s->filter->tests[s->filter->count];
	*test = (struct filter_test){.at = s->p - s->text};
	err = parse_subject(s, test);
	if (!err)
		err = parse_operator(s, test);
	if (!err)
		err = parse_literal(s, test);
	if (err)
		return err;
	test->end = s->p - s->text;
	return add_node(s, (struct node){.kind = NODE_TEST,
					 .left = (int)s->filter->count,
					 .entry = (int)s->filter->count++});
}

static int parse_either(struct parser *s);

static int parse_unary(struct parser *s)
{
	const char *open;
	int inner;

	if (++s->depth > DEPTH_MAX)
		return fail(s, s->p, "this is nested too deeply");
	skip_blanks(s);
	open = s->p;
	if (take(s, "(")) {
		inner = parse_either(s);
		if (inner >= 0 && !take(s, ")"))
			inner = *s->p ? fail(s, s->p,
					     "&&, || or a closing ) is missing here")
				      : fail(s, open, "this ( is not closed");
	} else if (*s->p == '!' && s->p[1] != '=') {
		s->p++;
		inner = parse_unary(s);
		if (inner >= 0)
			inner = add_node(s,
					 (struct node){.kind = NODE_NOT,
						       .left = inner,
						       .entry = s->nodes[inner].entry});
	} else {
		inner = parse_comparison(s);
	}
	s->depth--;
	return inner;
}

static int parse_chain(struct parser *s, const char *word, enum node_kind kind,
		       int (*next)(struct parser *))
{
	int left = next(s), right;

	while (left >= 0 && take(s, word)) {
		right = next(s);
		if (right < 0)
			return right;
		left = add_node(s,
				(struct node){kind, left, right, s->nodes[left].entry});
	}
	return left;
}

static int parse_both(struct parser *s)
{
	return parse_chain(s, "&&", NODE_AND, parse_unary);
}

static int parse_either(struct parser *s)
{
	return parse_chain(s, "||", NODE_OR, parse_both);
}

static void give_jumps(const struct parser *s, int at, int on_true, int on_false)
{
	const struct node *node = &s->nodes[at];
	int right = s->nodes[node->right].entry;

	switch (node->kind) {
	case NODE_TEST:
		s->filter->tests[node->left].on_true = on_true;
		s->filter->tests[node->left].on_false = on_false;
		break;
	case NODE_NOT:
		give_jumps(s, node->left, on_false, on_true);
		break;
	case NODE_AND:
		give_jumps(s, node->left, right, on_false);
		give_jumps(s, node->right, on_true, on_false);
		break;
	case NODE_OR:
		give_jumps(s, node->left, on_true, right);
		give_jumps(s, node->right, on_true, on_false);
		break;
	}
}

int filter_parse(const char *text, struct filter *out, struct filter_error *error)
{
	struct parser s = {.text = text, .p = text, .filter = out, .error = error};
	int root;

	out->count = 0;
	root = parse_either(&s);
	if (root < 0)
		return root;
	skip_blanks(&s);
	if (*s.p == '&' || *s.p == '|')
		return fail(&s, s.p, "and is &&, or is ||");
	if (*s.p)
		return fail(&s, s.p,
			    *s.p == ')' ? "this ) closes nothing"
					: "&& or || is missing here");
	give_jumps(&s, root, FILTER_PASS, FILTER_DROP);
	return 0;
}
