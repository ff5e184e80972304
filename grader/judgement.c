// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/utf8.h"
#include "grader/judgement.h"

bool judged(const struct judgement *judgement)
{
	return judgement->feedback != NULL;
}

static void say(struct judgement *judgement, enum verdict verdict, const char *format,
		va_list args)
{
	if (judged(judgement))
		return;
	judgement->verdict = verdict;
	if (vasprintf(&judgement->feedback, format, args) < 0)
		judgement->feedback = NULL;
	else
		utf8_mend(judgement->feedback);
}

void judge_pass(struct judgement *judgement, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(judgement, VERDICT_PASS, format, args);
	va_end(args);
}

void judge_wrong(struct judgement *judgement, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(judgement, VERDICT_WRONG, format, args);
	va_end(args);
}

void judge_shapeless(struct judgement *judgement, const char *format, ...)
{
	va_list args;

	if (judged(judgement))
		return;
	judgement->shapeless = true;
	va_start(args, format);
	say(judgement, VERDICT_WRONG, format, args);
	va_end(args);
}

void judge_unchecked(struct judgement *judgement, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(judgement, VERDICT_UNCHECKED, format, args);
	va_end(args);
}

void judge_not_here(struct judgement *judgement, const char *format, ...)
{
	char *reason;
	va_list args;

	va_start(args, format);
	if (vasprintf(&reason, format, args) < 0)
		reason = NULL;
	va_end(args);
	if (!judged(judgement))
		judgement->not_here = true;
	judge_unchecked(judgement, "not here: %s The lab can be finished without it.",
			reason ?: "");
	free(reason);
}

void judge_broken(struct judgement *judgement, const char *format, ...)
{
	va_list args;

	if (judged(judgement))
		return;
	judgement->broken = true;
	va_start(args, format);
	say(judgement, VERDICT_UNCHECKED, format, args);
	va_end(args);
}

void judge_evidence(struct judgement *judgement, const char *format, ...)
{
	char *text, *byte, **slot;
	va_list args;
	size_t i;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		return;
	for (byte = text; *byte; byte++) {
		if ((unsigned char)*byte < ' ' || *byte == 0x7f)
			*byte = *byte == '\t' ? ' ' : '?';
	}
	utf8_mend(text);
	/* Two parts of an answer may look at the same. */
	for (i = 0; i < judgement->evidence_count; i++) {
		if (!strcmp(judgement->evidence[i], text))
			break;
	}
	slot = i < judgement->evidence_count
		       ? NULL
		       : array_add(judgement->evidence, judgement->evidence_count);
	if (slot)
		*slot = text;
	else
		free(text);
}

void judgement_fini(struct judgement *judgement)
{
	while (judgement->evidence_count > 0)
		free(judgement->evidence[--judgement->evidence_count]);
	free(judgement->evidence);
	free(judgement->feedback);
	*judgement = (struct judgement){};
}
