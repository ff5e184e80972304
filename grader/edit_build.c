// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/kit.h"
#include "common/utf8.h"
#include "grader/edit.h"
#include "grader/scratch.h"
#include "grader/source.h"

#define SOURCE_MAX (1 << 20)
#define WORDS_SHOWN 6

/* "usdt_samp1:passwdmiss" -> "passwdmiss" */
static const char *name_of(const char *full)
{
	return strchr(full, ':') + 1;
}

static bool explain_unread(int err, const char *path, const char *words,
			   struct judgement *j)
{
	if (err == -ENOENT)
		judge_unchecked(j, "there is no edited source yet; try: %s edit %s",
				kit_bpfhol(), words);
	else if (err == -EISDIR)
		judge_unchecked(j,
				"%s is no file but a folder, a pipe or the like; move it "
				"away and try: %s edit %s",
				path, kit_bpfhol(), words);
	else if (err == -EFBIG || err == -EINVAL)
		judge_wrong(j, "%s is no source: %s.", path,
			    err == -EFBIG ? "it is larger than a megabyte"
					  : "it is not text");
	else if (err)
		judge_unchecked(j, "cannot open %s: %s", path, strerror(-err));
	return err;
}

/* Is it still the one that the learner got? */
static bool is_untouched(const struct edit *edit)
{
	char *start = NULL, *name;
	bool same;

	if (asprintf(&name, "start/%s", target_source(edit->lab, edit->question)) >= 0) {
		start = reference_text(edit->lab->folder, name);
		free(name);
	}
	same = start && !strcmp(start, edit->text);
	free(start);
	return same;
}

static bool read_source(struct edit *edit, struct judgement *j)
{
	const char *path = edit->request->source;
	char *words = lab_source_words(edit->lab,
				       lab_target(edit->lab, edit->question->target));
	int err = -ENOENT;

	if (!words)
		return false;
	if (path)
		err = learner_read(edit->learner, path, SOURCE_MAX, &edit->text);
	if (!explain_unread(err, path, words, j) && is_untouched(edit))
		judge_wrong(j,
			    "Your copy is still as it was when you got it; try: bpfhol "
			    "edit %s",
			    words);
	free(words);
	return !judged(j);
}

/* Only if the untouched source compiles is it the learner's edit that does not. */
static bool start_compiles(const struct edit *edit, struct judgement *j)
{
	struct build build = {};
	char *name = NULL;
	bool compiles = false;

	if (asprintf(&name, "start/%s", target_source(edit->lab, edit->question)) < 0)
		return false;
	compiles = reference_build(&build, edit->lab, edit->question, name,
				   edit->request->build, edit->learner, j);
	build_fini(&build);
	free(name);
	return compiles;
}

/* An undeclared macro is a warning in C, and the errors that follow do not name it. */
static bool names_error(const char *line)
{
	return strstr(line, "error") || strstr(line, "undefined") ||
	       strstr(line, "implicit declaration");
}

/* "   24 | #error ...", which shows again what the line above was about */
static bool is_excerpt(const char *line)
{
	return line[strspn(line, " 0123456789")] == '|';
}

/* "/tmp/grade.X/work/parcels.c:79: ..." -> "parcels.c:79: ...": a linker's full paths. */
static void shorten(char *line, const char *folder)
{
	size_t len = strlen(folder);
	char *at = line;

	while ((at = strstr(at, folder))) {
		size_t more = strspn(at + len, "/");

		memmove(at, at + len + more, strlen(at + len + more) + 1);
	}
}

/* The lines that name errors, the first few; without such the first few lines. */
static void show_words(const struct build *build, struct judgement *j)
{
	const char *words = build->words;
	bool named = names_error(words);
	size_t shown = 0, len;

	for (; *words && shown < WORDS_SHOWN; words += words[len] ? len + 1 : len) {
		char line[300];

		len = strcspn(words, "\n");
		snprintf(line, sizeof(line), "%.*s",
			 len < sizeof(line) ? (int)len
					    : utf8_head(words, sizeof(line) - 1),
			 words);
		if (!len || is_excerpt(line) || (named && !names_error(line)))
			continue;
		shorten(line, scratch_work(build->scratch));
		judge_evidence(j, "%s", line);
		shown++;
	}
}

static bool compile(struct edit *edit, struct judgement *j)
{
	char *why = NULL;
	int err = build_make(&edit->build, edit->learner, edit->text,
			     target_source(edit->lab, edit->question),
			     edit->request->build, &why);

	if (err == -EILSEQ && start_compiles(edit, j)) {
		show_words(&edit->build, j);
		judge_wrong(j, "Your source does not compile; the compiler's words are "
			       "below. Start "
			       "with the first of them: the others may follow from it.");
	} else if (err == -ENOENT) {
		judge_unchecked(j, "%s; try: apt install build-essential", why);
	} else if (err) {
		judge_unchecked(j, "your source could not be compiled: %s",
				why ?: strerror(-err));
	}
	free(why);
	return !err;
}

/* How many letters must be changed, added or left out; short names only. */
static size_t distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), row[64], i, k;

	if (la >= 64 || lb >= 64)
		return 64;
	for (k = 0; k <= lb; k++)
		row[k] = k;
	for (i = 1; i <= la; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (k = 1; k <= lb; k++) {
			size_t best = corner + (a[i - 1] != b[k - 1]);

			corner = row[k];
			if (row[k] + 1 < best)
				best = row[k] + 1;
			if (row[k - 1] + 1 < best)
				best = row[k - 1] + 1;
			row[k] = best;
		}
	}
	return row[lb];
}

/* Is it NAME, but for a slip or quotes? */
static bool resembles(const struct probe *probe, const char *name)
{
	return distance(probe->name, name) <= 2 || !strcasecmp(probe->name, name);
}

void edit_namesakes(const struct edit *edit, struct judgement *j)
{
	const struct probe_list *list = &edit->build.probes;
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct probe *probe = &list->probes[i];

		if (probe == edit->probes[0] || probe == edit->probes[1] ||
		    !resembles(probe, edit->probes[0]->name))
			continue;
		judge_evidence(j, "your program has %s:%s too, which is another probe",
			       probe->provider, probe->name);
	}
}

/* Why is it not there? Probes that the program came with are not told: their name may be
 * the answer to another question. */
static void explain_missing(const struct edit *edit, struct judgement *j)
{
	const struct truth *truth = edit->truth;
	const char *name = name_of(truth->probe);
	size_t i, others = 0;

	for (i = 0; i < edit->build.probes.count; i++) {
		const struct probe *probe = &edit->build.probes.probes[i];

		if (edit->probes[1] == probe)
			continue;
		others++;
		judge_evidence(j, "your program has %s:%s", probe->provider, probe->name);
		if (!strcmp(probe->name, name))
			judge_wrong(j,
				    "%s is there, but its provider is %s. It should be "
				    "of the same "
				    "provider as the probe that was there.",
				    name, probe->provider);
		else if (resembles(probe, name))
			judge_wrong(j, "Your program has no probe %s, but one named %s.",
				    name, probe->name);
	}
	if (edit->macros)
		judge_wrong(j,
			    "%s stands in your source, but not in the program: the "
			    "compiler left "
			    "it out. Is it in a part that is never reached, or never "
			    "compiled?",
			    name);
	else
		judge_wrong(j, "Your source compiles, but the program has no probe %s%s.",
			    name,
			    others ? "; the evidence shows what you added"
				   : " and no other that "
				     "it had not before");
}

static bool find_probes(struct edit *edit, struct judgement *j)
{
	const struct truth *truth = edit->truth;
	const struct probe_list *list = &edit->build.probes;

	if (truth->keeps)
		edit->probes[1] = probe_by_name(list, truth->keeps);
	edit->probes[0] = probe_by_name(list, truth->probe);
	if (!edit->probes[0] && truth->type == TRUTH_EDIT) {
		explain_missing(edit, j);
		return false;
	}
	if (!edit->probes[0] || (truth->keeps && !edit->probes[1])) {
		judge_wrong(j, "The probe that your program came with is gone. Leave it "
			       "as it was "
			       "and try again.");
		return false;
	}
	return true;
}

bool edit_build(struct edit *edit, struct judgement *j)
{
	const char *full = edit->truth->probe, *name = name_of(full);
	char *provider;

	if (!read_source(edit, j))
		return false;
	provider = strndup(full, name - 1 - full);
	if (!provider)
		return false;
	edit->macros = source_macros(edit->text, provider, name);
	free(provider);
	return compile(edit, j) && find_probes(edit, j);
}

void edit_fini(struct edit *edit)
{
	size_t run;

	for (run = 0; run < RUNS; run++)
		run_fini(&edit->runs[run]);
	run_fini(&edit->alone);
	build_fini(&edit->build);
	free(edit->text);
}
