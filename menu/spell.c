// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "menu/spell.h"
#include "menu/text.h"

/* "[text](target)": the parts point into the source. */
struct link {
	const char *text, *target;
	int text_length, target_length;
	const char *end;
};

/* The bracket that closes the one AT; the end of the text if none does. */
static const char *closing(const char *at)
{
	int depth = 0;

	for (; *at; at++) {
		depth += (*at == '[') - (*at == ']');
		if (!depth)
			break;
	}
	return at;
}

/* The link that begins AT its bracket, in one paragraph, with its attributes if any. */
static bool find_link(const char *at, struct link *link)
{
	const char *paragraph = strstr(at, "\n\n"), *middle = closing(at);
	const char *end = strncmp(middle, "](", 2) ? NULL : strchr(middle, ')');

	if (!end || (paragraph && paragraph < end))
		return false;
	*link = (struct link){.text = at + 1, .target = middle + 2, .end = end + 1};
	if (*link->end == '{' && strchr(link->end, '}'))
		link->end = strchr(link->end, '}') + 1;
	link->text_length = middle - link->text;
	link->target_length = strcspn(link->target, ") \n");
	return true;
}

/* A description is no Markdown, and must not become some. */
static void put_description(FILE *out, const struct link *link)
{
	int i;

	fputs("(Figure: ", out);
	for (i = 0; i < link->text_length; i++) {
		if (strchr("\\`*_<&~^", link->text[i]))
			fputc('\\', out);
		fputc(link->text[i], out);
	}
	fputc(')', out);
}

/* Is it to a page of the handbook, such as "names.md" or "man/usdt.1.md#trace"? */
static bool leads_to_page(const struct link *link)
{
	const char *dot = memmem(link->target, link->target_length, ".md", 3);

	return dot && (dot + 3 == link->target + link->target_length || dot[3] == '#') &&
	       !memmem(link->target, link->target_length, ":", 1);
}

/* Only a chapter can be read here; a text that tells so itself need not be told. */
static void put_link(FILE *out, const struct link *link)
{
	int name = strcspn(link->target, "./#");

	fprintf(out, "%.*s", link->text_length, link->text);
	if (!strncmp(link->target + name, ".md", 3) &&
	    !memmem(link->text, link->text_length, "bpfhol read", 11))
		fprintf(out, " (`bin/bpfhol read %.*s`)", name, link->target);
}

/* A span of code, or a fenced block: to the next run of as many backticks. A run without
 * such another, in its paragraph if it is a span, is text. */
static size_t code_length(const char *at)
{
	size_t ticks = strspn(at, "`"), length = ticks, run;
	const char *paragraph = ticks < 3 ? strstr(at, "\n\n") : NULL;

	while (at[length]) {
		length += strcspn(at + length, "`");
		if (!at[length] || (paragraph && at + length > paragraph))
			break;
		run = strspn(at + length, "`");
		length += run;
		if (run == ticks)
			return length;
	}
	return ticks;
}

char *spell_out(const char *source)
{
	const char *at = source, *end;
	struct text text;
	struct link link;

	text_begin(&text);
	while (*at) {
		size_t plain = strcspn(at, "`![<");

		fwrite(at, 1, plain, text.stream);
		at += plain;
		if (*at == '`') {
			plain = code_length(at);
			fwrite(at, 1, plain, text.stream);
			at += plain;
		} else if (!strncmp(at, "![", 2) && find_link(at + 1, &link)) {
			put_description(text.stream, &link);
			at = link.end;
		} else if (*at == '[' && find_link(at, &link) && leads_to_page(&link)) {
			put_link(text.stream, &link);
			at = link.end;
		} else if (!strncmp(at, "<!--", 4) && (end = strstr(at, "-->"))) {
			at = end + 3;
		} else if (*at) {
			fputc(*at++, text.stream);
		}
	}
	return text_done(&text);
}
