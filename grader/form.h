/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An answer, or a part of one, compared with the truth as its form has it. */
#ifndef BPFHOL_GRADER_FORM_H
#define BPFHOL_GRADER_FORM_H

#include "grader/truth.h"

enum fit {
	FIT_RIGHT,
	FIT_WRONG,
	FIT_SHAPELESS, /* not even of that form: *WORDS says what it should be */
};

/* form_is_file - is PATH meant by an answer that is a whole path, or the end of one? */
bool form_is_file(const char *answer, const char *path);

/* form_is_other_unit - is the answer a time that would be right with another unit? */
bool form_is_other_unit(const char *answer, const struct true_value *truth);

/*
 * form_fit - compare. *WORDS, to be freed, or NULL: of a shapeless answer what it should
 * be ("a number"), or if it is a full name what lacks, a sentence; of a wrong one what
 * more can be said, a sentence.
 */
enum fit form_fit(const struct asked *asked, enum answer_form form, const char *answer,
		  const struct true_value *truth, char **words);

#endif
