// SPDX-License-Identifier: GPL-2.0-or-later
/* What a probe adds to a program's file: bytes of code, and bytes of note. */
#include <string.h>

#include "grader/functions.h"
#include "grader/truth.h"

static bool size_of(const struct asked *asked, const char *function, uint64_t *size,
		    struct judgement *j)
{
	const struct probe_list *program = &asked->target->probes;

	if (!function_size(program, function, size))
		return true;
	judge_broken(j, "%s has no symbol for a function of this question; try: make",
		     program->path);
	return false;
}

bool truth_size(const struct asked *asked, const struct truth *truth,
		struct true_value *out, struct judgement *j)
{
	uint64_t size, than = 0;

	if (!size_of(asked, truth->function, &size, j) ||
	    (truth->than && !size_of(asked, truth->than, &than, j)))
		return false;
	out->kind = TRUE_NUMBER;
	out->number = size - than;
	out->is_count = true;
	return true;
}

/* Notes and what is in them begin at multiples of four. */
static uint64_t padded(uint64_t size)
{
	return (size + 3) & ~3ull;
}

/*
 * As sys/sdt.h writes it: a head of three words of four bytes; the owner; three
 * addresses, provider, name and operands, each text with the zero at its end.
 */
bool truth_note(const struct asked *asked, const struct truth *truth,
		struct true_value *out, struct judgement *j)
{
	struct subject subject = truth_subject(asked, truth->probe, j);
	uint64_t address, body;

	if (!subject.probe)
		return false;
	if (subject.probe->nlocations != 1)
		return truth_not_one(j);
	address = subject.list->is_64bit ? 8 : 4;
	body = 3 * address + strlen(subject.probe->provider) + 1 +
	       strlen(subject.probe->name) + 1 +
	       strlen(subject.probe->locations[0].args_text) + 1;
	out->kind = TRUE_NUMBER;
	out->number = 3 * 4 + padded(sizeof("stapsdt")) + padded(body);
	out->is_count = true;
	return true;
}
