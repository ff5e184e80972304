// SPDX-License-Identifier: GPL-2.0-or-later
/* Any text as the operands of a location, on machines known and unknown. */
#include <elf.h>
#include <errno.h>

#include "tests/fuzz/check.h"

static const int machines[] = {EM_X86_64, EM_AARCH64, 0xfeed};

/* What was recorded is all there: the operands' texts, in order, less the blanks. */
static void check_texts(const char *text, const struct operand *operands, size_t count)
{
	size_t i, len;

	for (i = 0; i < count; i++) {
		text += strspn(text, " ");
		len = strlen(operands[i].text);
		check(!strncmp(text, operands[i].text, len));
		text += len;
	}
	check(count == OPERANDS_MAX || !text[strspn(text, " ")]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text = text_of(bytes, size);
	size_t m, i;

	for (m = 0; m < sizeof(machines) / sizeof(*machines); m++) {
		struct operand operands[OPERANDS_MAX];
		size_t count = OPERANDS_MAX + 1;
		int err = operands_parse(machines[m], text, operands, &count);

		check(count <= OPERANDS_MAX);
		check(err == 0 || (err == -E2BIG && count == OPERANDS_MAX));
		check_texts(text, operands, count);
		for (i = 0; i < count; i++)
			check_operand(machines[m], &operands[i]);
		operands_fini(operands, count);
	}
	free(text);
	return 0;
}
