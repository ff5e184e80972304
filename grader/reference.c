// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kit.h"
#include "common/utf8.h"
#include "grader/reference.h"

#define SOURCE_MAX (1 << 20)

char *reference_text(const char *folder, const char *name)
{
	const struct learner ourselves = {};
	char *path, *text;
	int err;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return NULL;
	err = learner_read(&ourselves, path, SOURCE_MAX, &text);
	free(path);
	return err ? NULL : text;
}

const char *target_source(const struct lab *lab, const struct question *question)
{
	return lab_target(lab, question->target)->source;
}

/* Not with these flags; is it they that are to blame? */
static void explain_failure(const struct build *build, const struct lab *lab,
			    const struct question *question, const char *text,
			    const char *name, const char *flags,
			    const struct learner *learner, struct judgement *j)
{
	char *why = NULL,
	     *words = lab_source_words(lab, lab_target(lab, question->target));
	struct build plain = {};
	int err = flags ? build_make(&plain, learner, text, target_source(lab, question),
				     NULL, &why)
			: -EILSEQ;

	if (!err) {
		judge_evidence(j, "%.*s", utf8_head(build->words, 300), build->words);
		judge_unchecked(j,
				"you built your copy last with '%.*s', and with that not "
				"even the kit's own source compiles, which does without; "
				"try: CC= CFLAGS= %s build %s",
				utf8_head(flags, 200), flags, kit_bpfhol(),
				words ?: lab->name);
	} else {
		judge_broken(j, "the kit's own source %s does not compile here: %.*s",
			     name, utf8_head(build->words, 300), build->words);
	}
	free(words);
	build_fini(&plain);
	free(why);
}

bool reference_build(struct build *build, const struct lab *lab,
		     const struct question *question, const char *name, const char *flags,
		     const struct learner *learner, struct judgement *j)
{
	char *text = reference_text(lab->folder, name), *why = NULL;
	int err = text ? build_make(build, learner, text, target_source(lab, question),
				    flags, &why)
		       : -errno;

	if (err == -ENOENT && text)
		judge_unchecked(j, "%s; try: apt install build-essential", why);
	else if (err == -EINTR && text)
		judge_unchecked(j, "%s", why);
	else if (err == -EILSEQ)
		explain_failure(build, lab, question, text, name, flags, learner, j);
	else if (err)
		judge_broken(j, "cannot compile the kit's own source %s: %s", name,
			     why ?: strerror(-err));
	free(why);
	free(text);
	return !err;
}

static bool find_probes(struct reference *reference, const struct truth *truth,
			struct judgement *j)
{
	const char *const names[] = {truth->probe, truth->keeps};
	size_t i;

	for (i = 0; i < 2 && names[i]; i++) {
		reference->probes[i] = probe_by_name(&reference->build.probes, names[i]);
		if (!reference->probes[i]) {
			judge_broken(
				j,
				"the kit's own source %s lacks a probe of its question",
				truth->like);
			return false;
		}
		reference->nprobes++;
	}
	return true;
}

/* What is run, and by whose wish. */
struct wanted {
	const struct lab *lab;
	const struct question *question;
	const char *flags;
	const struct learner *learner;
};

/* Programs with a sanitizer want more memory than a learner's may have. */
static void blame_flags(const struct wanted *wanted, struct judgement *j)
{
	char *words = lab_source_words(wanted->lab,
				       lab_target(wanted->lab, wanted->question->target));

	judge_unchecked(j,
			"you built your copy last with '%.*s', and so built even the "
			"kit's own solution comes to an end before it fires its probe; "
			"try: CC= CFLAGS= %s build %s",
			utf8_head(wanted->flags, 200), wanted->flags, kit_bpfhol(),
			words ?: wanted->lab->name);
	free(words);
}

/* Did each of its probes fire twice at least? */
static bool fired(const struct run *run, const struct capture *capture,
		  const struct wanted *wanted, struct judgement *j)
{
	size_t i;

	for (i = 0; i < capture->count && capture->watches[i].count >= 2; i++)
		;
	if (capture->count && i == capture->count)
		return true;
	if (run->ended && wanted->flags)
		blame_flags(wanted, j);
	else if (run->ended)
		judge_broken(j, "the kit's own solution comes to an end before it fires "
				"its probe");
	else
		judge_unchecked(j, "the kit's own solution did not come to its probe in "
				   "time: this machine is too busy; answer again when it "
				   "is less so");
	return false;
}

static bool trace_run(struct run *run, const struct run_order *order,
		      const struct wanted *wanted, struct judgement *j)
{
	char *why;
	int err = run_traced(run, order, &why);

	if (err == -EPERM || err == -EACCES)
		judge_unchecked(j,
				"your source compiles; to trace it the grader needs "
				"root: %s",
				why ?: "run it with sudo");
	else if (err)
		judge_unchecked(
			j,
			"your source compiles; to judge it the kit's own solution "
			"is run too, and that went wrong: %s",
			why ?: "no memory");
	free(why);
	return !err && fired(run, &run->capture, wanted, j) &&
	       (!order->alone || fired(run, &run->late, wanted, j));
}

static bool trace(struct reference *reference, const struct wanted *wanted,
		  const uint64_t seeds[RUNS], struct judgement *j)
{
	struct run_order order = {.build = &reference->build,
				  .learner = wanted->learner,
				  .probes = reference->probes,
				  .count = reference->nprobes,
				  .plan = {.least_ms = WATCH_MS}};
	size_t run;

	for (run = 0; run < RUNS; run++) {
		order.seed = seeds[run];
		if (!trace_run(&reference->runs[run], &order, wanted, j))
			return false;
	}
	order.alone = wanted->question->parts[0].truth->alone;
	return !order.alone || trace_run(&reference->alone, &order, wanted, j);
}

char *reference_key(const struct lab *lab, const struct question *question,
		    const char *flags)
{
	char *key;

	return asprintf(&key, "%s.%s %s", lab->name, question->id, flags ?: "") < 0 ? NULL
										    : key;
}

struct reference *reference_make(const struct lab *lab, const struct question *question,
				 const char *flags, const uint64_t seeds[RUNS],
				 const struct learner *learner, struct judgement *j)
{
	const struct truth *truth = question->parts[0].truth;
	const struct wanted wanted = {lab, question, flags, learner};
	struct reference *reference = calloc(1, sizeof(*reference));
	char *start = NULL;
	bool made = false;

	if (!reference)
		return NULL;
	reference->key = reference_key(lab, question, flags);
	if (!reference->key ||
	    asprintf(&start, "start/%s", target_source(lab, question)) < 0)
		goto out;
	made = reference_build(&reference->build, lab, question, truth->like, flags,
			       learner, j) &&
	       (truth->type != TRUTH_LOCATIONS ||
		reference_build(&reference->start, lab, question, start, flags, learner,
				j)) &&
	       find_probes(reference, truth, j) && trace(reference, &wanted, seeds, j);
out:
	free(start);
	if (made)
		return reference;
	reference_free(reference);
	return NULL;
}

void reference_free(struct reference *reference)
{
	size_t run;

	if (!reference)
		return;
	for (run = 0; run < RUNS; run++)
		run_fini(&reference->runs[run]);
	run_fini(&reference->alone);
	build_fini(&reference->build);
	build_fini(&reference->start);
	free(reference->key);
	free(reference);
}
