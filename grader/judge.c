// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "grader/answer.h"
#include "grader/form.h"
#include "grader/judge.h"
#include "grader/mistake.h"
#include "grader/truth.h"

#define ANSWER_SHOWN 200 /* bytes of it in the feedback */
#define LOOKS 3		 /* at most, at a time */

/* Says what was looked at, and trims the answer; NULL if there is none. */
static char *begin(const struct asked *asked, struct judgement *j)
{
	const struct target *target = asked->target;
	char *answer = answer_trim(asked->request->answer);

	if (target->running)
		judge_evidence(j, "looked at: %s, as process %d runs it",
			       target->probes.path, target->pid);
	else
		judge_evidence(j, "looked at: %s", target->probes.path);
	if (answer && *answer)
		return answer;
	judge_shapeless(j, "There is no answer. It should be %s.",
			asked->question->answer);
	free(answer);
	return NULL;
}

/* "You gave '...' and more" */
static void put_given(FILE *out, const struct part *part, const char *answer)
{
	int shown = utf8_head(answer, ANSWER_SHOWN);

	fprintf(out, "You gave '%.*s'%s", shown, answer,
		answer[shown] ? " and more" : "");
	if (part->name)
		fprintf(out, " for the %s", part->name);
}

/* A known mistake's own words, or else what is said of any wrong answer. */
static void put_wrong(FILE *out, const struct asked *asked, const struct part *part,
		      const char *answer, enum fit fit, const char *words)
{
	const struct mistake *mistake = mistake_find(asked, part, answer);

	put_given(out, part, answer);
	if (mistake)
		fprintf(out, ". %s", mistake->say);
	else if (fit == FIT_SHAPELESS && !part->name)
		fprintf(out, "; the answer should be %s.%s%s", asked->question->answer,
			part->form == FORM_FULL ? " " : "",
			part->form == FORM_FULL ? words ?: "" : "");
	else if (fit == FIT_SHAPELESS)
		fprintf(out, "; it should be %s.", words ?: "something else");
	else
		fprintf(out, ". %s", words ?: truth_doubt(part->truth));
}

/* Is the answer a time that is not far off, so that another look may settle it? */
static bool is_near(const struct asked *asked, const struct part *part,
		    const char *answer, const struct true_value *truth)
{
	struct true_value wide = *truth;
	char *words;
	bool near;

	if (truth->kind != TRUE_TIME)
		return false;
	wide.tolerance *= 3;
	near = form_fit(asked, part->form, answer, &wide, &words) == FIT_RIGHT;
	free(words);
	return near;
}

/*
 * The answer and the truth, compared. What else the machine does can make any one
 * measurement wrong, ours too: a time is refused only if several say the same.
 */
static bool look(const struct asked *asked, const struct part *part, const char *answer,
		 enum fit *fit, char **words, struct judgement *j)
{
	struct true_value truth;
	bool found, again = true;
	int looks;

	for (looks = 0; looks < LOOKS && again; looks++) {
		if (looks)
			target_forget(asked->target);
		found = truth_find(asked, part->truth, &truth, j);
		if (found) {
			free(*words);
			*fit = form_fit(asked, part->form, answer, &truth, words);
		}
		again = found && *fit == FIT_WRONG &&
			is_near(asked, part, answer, &truth);
		true_value_fini(&truth);
	}
	return found;
}

/* What is said of an answer part by part. Slips of form are no guesses, and cost no time:
 * so where there are any, nothing is said of the other parts. */
struct said {
	FILE *parts, *slips;
	char *parts_text, *slips_text;
	size_t parts_size, slips_size;
	unsigned int right;
};

/* One part of the answer. False: judged, not to be told. */
static bool judge_part(const struct asked *asked, const struct part *part,
		       const char *answer, struct said *said, struct judgement *j)
{
	char *words = NULL;
	enum fit fit = FIT_WRONG;
	bool found = look(asked, part, answer, &fit, &words, j);
	FILE *out = fit == FIT_SHAPELESS ? said->slips : said->parts;

	if (found) {
		if (ftell(out) > 0)
			fputc(' ', out);
		said->right += fit == FIT_RIGHT;
		if (fit != FIT_RIGHT)
			put_wrong(out, asked, part, answer, fit, words);
		else if (part->name)
			fprintf(out, "The %s is right.", part->name);
	}
	free(words);
	return found;
}

/* The Nth of COUNT words; the last takes the rest. Cuts TEXT. NULL if there is none. */
static char *take_word(char **text, bool last)
{
	char *word = *text + strspn(*text, " \t,"), *end;

	if (!*word)
		return NULL;
	if (last) {
		*text = word + strlen(word);
		return word;
	}
	end = word + strcspn(word, " \t,");
	*text = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

static void judge_parts(const struct asked *asked, char *answer, struct said *said,
			struct judgement *j)
{
	const struct question *q = asked->question;
	unsigned int i;

	for (i = 0; i < q->parts_count; i++) {
		bool last = i + 1 == q->parts_count;
		char *word = q->parts_count == 1 ? answer : take_word(&answer, last);
		char *trimmed = word ? answer_trim(word) : NULL;

		if (!word)
			judge_shapeless(j,
					"Something is missing: the answer should be %s.",
					q->answer);
		if (!trimmed || !judge_part(asked, &q->parts[i], trimmed, said, j)) {
			free(trimmed);
			return;
		}
		free(trimmed);
	}
}

void judge_answer(const struct asked *asked, struct judgement *j)
{
	const struct question *q = asked->question;
	char *answer = begin(asked, j);
	struct said said = {};
	bool whole = false;

	if (!answer)
		return;
	said.parts = open_memstream(&said.parts_text, &said.parts_size);
	said.slips = open_memstream(&said.slips_text, &said.slips_size);
	if (said.parts && said.slips) {
		judge_parts(asked, answer, &said, j);
		whole = true;
	}
	if (said.parts && fclose(said.parts))
		whole = false;
	if (said.slips && fclose(said.slips))
		whole = false;
	if (whole && said.slips_size)
		judge_shapeless(j, "%s", said.slips_text);
	else if (whole && said.right == q->parts_count)
		judge_pass(j, "Right: %s", truth_praise(q->parts[0].truth));
	else if (whole)
		judge_wrong(j, "%s", said.parts_text);
	free(said.parts_text);
	free(said.slips_text);
	free(answer);
}
