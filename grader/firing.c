// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/firing.h"

void firing_fini(struct firing *firing)
{
	size_t i;

	for (i = 0; i < firing->nargs; i++)
		free(firing->data[i].text);
	free(firing->data);
}

bool datum_equal(const struct datum *a, const struct datum *b)
{
	bool text = a->kind == VALUE_STRING;

	if (a->kind == VALUE_ERROR || b->kind == VALUE_ERROR ||
	    text != (b->kind == VALUE_STRING))
		return false;
	return text ? !strcmp(a->text, b->text) : a->number == b->number;
}

bool firing_equal(const struct firing *a, const struct firing *b)
{
	size_t i;

	if (a->nargs != b->nargs)
		return false;
	for (i = 0; i < a->nargs; i++) {
		if (!datum_equal(&a->data[i], &b->data[i]))
			return false;
	}
	return true;
}

char *firing_text(const struct firing *firing)
{
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (i = 0; i < firing->nargs; i++) {
		const struct datum *datum = &firing->data[i];

		fputs(i ? ", " : "(", out);
		if (datum->kind == VALUE_STRING)
			fprintf(out, "\"%s\"", datum->text);
		else if (datum->kind == VALUE_ERROR)
			fprintf(out, "<%s>", datum->text);
		else if (datum->kind == VALUE_SIGNED)
			fprintf(out, "%lld", (long long)datum->number);
		else
			fprintf(out, "%llu", (unsigned long long)datum->number);
	}
	fputs(firing->nargs ? ")" : "()", out);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
