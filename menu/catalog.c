// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "menu/catalog.h"
#include "menu/text.h"

const struct lab_set lab_sets[] = {
	{"usdt", {"passwd", "thrift"}},
	{NULL},
};

const struct lab_set *catalog_set(const char *name)
{
	const struct lab_set *set;

	for (set = lab_sets; set->name; set++) {
		if (!strcmp(set->name, name))
			return set;
	}
	return NULL;
}

#define WORD_MAX 64

/* Levenshtein's distance: how many letters to add, drop or change. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[WORD_MAX + 1], i, j;
	size_t width = strlen(b);

	if (strlen(a) > WORD_MAX || width > WORD_MAX)
		return WORD_MAX;
	for (j = 0; j <= width; j++)
		row[j] = j;
	for (i = 1; *a; a++, i++) {
		unsigned int diagonal = row[0];

		row[0] = i;
		for (j = 1; j <= width; j++) {
			unsigned int above = row[j];
			unsigned int best = diagonal + (*a != b[j - 1]);

			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			diagonal = above;
		}
	}
	return row[width];
}

const char *nearest(const char *word, char *const names[])
{
	unsigned int best = strlen(word) / 3 + 1;
	const char *found = NULL;

	for (; *names; names++) {
		unsigned int apart = distance(word, *names);

		if (*word && !strncmp(*names, word, strlen(word)))
			apart = 0;
		if (apart < best || (apart == best && !found)) {
			best = apart;
			found = *names;
		}
	}
	return found;
}

static char *unknown(const char *what, const char *word, char *const names[])
{
	const char *guess = nearest(word, names);
	struct text text, all;
	int i;

	text_begin(&all);
	if (guess)
		fprintf(all.stream, "try: %s (there are: ", guess);
	else
		fputs("try: ", all.stream);
	for (i = 0; names[i]; i++)
		fprintf(all.stream, "%s%s", i ? ", " : "", names[i]);
	fputs(guess ? ")" : "", all.stream);
	text_done(&all);
	text_begin(&text);
	fprintf(text.stream, "there is no %s '%.64s'\n", what, word);
	text_wrap(text.stream, all.data, 78, "  ");
	free(all.data);
	text_done(&text);
	text.data[strlen(text.data) - 1] = '\0'; /* the newline */
	return text.data;
}

int catalog_lab(const char *name, struct lab **lab, char **error)
{
	int err = lab_load(name, lab, error);
	char **names;

	if (err == -ENOENT) {
		free(*error);
		names = labs_names();
		*error = names ? unknown("lab", name, names)
			       : text_format("cannot list the labs: %s", strerror(errno));
		free(names);
	} else if (err && !*error) {
		*error = text_format("cannot load lab '%s': %s", name, strerror(-err));
	}
	return err;
}

int catalog_question(const char *id, struct lab **lab, const struct question **question,
		     char **error)
{
	char *name = text_copy(id), *dot = strchr(name, '.');
	char **ids;
	unsigned int i;
	int err;

	if (dot)
		*dot = '\0';
	err = catalog_lab(name, lab, error);
	if (err == -ENOENT && !dot)
		text_replace(error, "a question is named LAB.QUESTION, e.g. passwd.user\n"
				    "  try: bpfhol list, which has them all");
	if (err)
		goto out;
	*question = dot ? lab_question(*lab, dot + 1) : NULL;
	if (*question)
		goto out;
	ids = calloc((*lab)->questions_count + 1, sizeof(*ids));
	for (i = 0; ids && i < (*lab)->questions_count; i++)
		ids[i] = question_id(*lab, &(*lab)->questions[i]);
	*error = ids ? unknown("question", id, ids) : text_copy("out of memory");
	for (i = 0; ids && ids[i]; i++)
		free(ids[i]);
	free(ids);
	lab_free(*lab);
	*lab = NULL;
	err = -ENOENT;
out:
	free(name);
	return err;
}

struct lab **catalog_all(const char *name, char **error)
{
	char **names = name ? NULL : labs_names();
	struct lab **labs;
	size_t count = 0, i;
	int err;

	if (!name && !names) {
		*error = text_format("cannot list the labs: %s", strerror(errno));
		return NULL;
	}
	while (names && names[count])
		count++;
	labs = calloc((name ? 1 : count) + 1, sizeof(*labs));
	if (!labs) {
		*error = text_copy("out of memory");
		err = -ENOMEM;
		goto out;
	}
	err = name ? catalog_lab(name, &labs[0], error) : 0;
	for (i = 0; !err && i < count; i++)
		err = catalog_lab(names[i], &labs[i], error);
out:
	free(names);
	if (!err)
		return labs;
	catalog_free(labs);
	errno = -err;
	return NULL;
}

void catalog_free(struct lab **labs)
{
	struct lab **lab;

	for (lab = labs; lab && *lab; lab++)
		lab_free(*lab);
	free(labs);
}

char *question_id(const struct lab *lab, const struct question *question)
{
	return text_format("%s.%s", lab->name, question->id);
}

int question_privileged(const struct question *question)
{
	return question_is_live(question) || question_edits(question);
}
