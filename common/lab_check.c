// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <regex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/lab_load.h"

static int refuse(char **why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(char **why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vasprintf(why, format, args) < 0)
		*why = NULL;
	va_end(args);
	return -EINVAL;
}

/* Which answer form goes with a truth, and which members it must have. */
static const struct truth_rule {
	const char *name;
	bool forms[FORM_SOURCE + 1];
	bool probe, like, locations;
} truth_rules[] = {
	[TRUTH_PROBE] = {"probe", {[FORM_PROBE] = true}},
	[TRUTH_NARGS] = {"nargs", {[FORM_NUMBER] = true}, .probe = true},
	[TRUTH_ARG] = {"arg",
		       {[FORM_NUMBER] = true, [FORM_STRING] = true},
		       .probe = true},
	[TRUTH_EDIT] = {"edit", {[FORM_SOURCE] = true}, .probe = true, .like = true},
	[TRUTH_LOCATIONS] = {"locations", {[FORM_ADDRESSES] = true}, true, true, true},
};

static bool id_is_fine(const char *id)
{
	return *id && *id != '-' &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id);
}

static bool is_blank(const char *text)
{
	return strspn(text, " \t\n") == strlen(text);
}

static bool is_there(const struct lab *lab, const char *folder, const char *name)
{
	char *path;
	bool there;

	if (strstr(name, "..") ||
	    asprintf(&path, "%s/%s%s", lab->folder, folder, name) < 0)
		return false;
	there = access(path, R_OK) == 0;
	free(path);
	return there;
}

static int check_truth(const struct lab *lab, const struct question *q, char **why)
{
	const struct truth *truth = &q->truth;
	const struct truth_rule *rule = &truth_rules[truth->type];
	const char *const names[] = {truth->probe, truth->keeps};
	size_t i;

	if (!rule->forms[q->form])
		return refuse(why,
			      "question %s: this answer form does not go with truth %s",
			      q->id, rule->name);
	if (rule->probe && !truth->probe)
		return refuse(why, "question %s: truth %s needs a probe", q->id,
			      rule->name);
	if (rule->like && !truth->like)
		return refuse(why, "question %s: truth %s needs a source it is like",
			      q->id, rule->name);
	if (truth->like && !is_there(lab, "", truth->like))
		return refuse(why, "question %s: no file %s in the lab", q->id,
			      truth->like);
	if (rule->locations && truth->locations < 2)
		return refuse(why, "question %s: truth locations needs two or more",
			      q->id);
	for (i = 0; i < 2; i++) {
		if (names[i] && !strchr(names[i], ':'))
			return refuse(why, "question %s: '%s' is not PROVIDER:NAME",
				      q->id, names[i]);
	}
	return 0;
}

static int check_mistake(const struct question *q, const struct mistake *m, char **why)
{
	regex_t regex;

	if (is_blank(m->say))
		return refuse(why, "question %s: a mistake without words", q->id);
	if (m->match == MISTAKE_LISTED && (!m->file || !m->field))
		return refuse(why, "question %s: mistake listed needs file and field",
			      q->id);
	if (m->match != MISTAKE_SHAPED && m->match != MISTAKE_EQUALS)
		return 0;
	if (!m->pattern)
		return refuse(why, "question %s: a mistake needs its pattern", q->id);
	if (m->match == MISTAKE_SHAPED) {
		if (regcomp(&regex, m->pattern, REG_EXTENDED | REG_NOSUB))
			return refuse(why,
				      "question %s: '%s' is not a regular expression",
				      q->id, m->pattern);
		regfree(&regex);
	}
	return 0;
}

static const struct lab_target *target_of(const struct lab *lab, const char *program)
{
	unsigned int i;

	for (i = 0; i < lab->targets_count; i++) {
		if (!strcmp(lab->targets[i].program, program))
			return &lab->targets[i];
	}
	return NULL;
}

static int check_question(const struct lab *lab, struct question *q, char **why)
{
	const char *const texts[] = {q->ask, q->answer, q->explanation, q->reveal};
	const struct lab_target *target;
	unsigned int i;
	int err;

	if (!id_is_fine(q->id))
		return refuse(why, "question id '%s': small letters, digits and '-' only",
			      q->id);
	if (lab_question(lab, q->id) != q)
		return refuse(why, "question %s is there twice", q->id);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (is_blank(texts[i]))
			return refuse(why, "question %s: an empty text", q->id);
	}
	for (i = 0; i < q->hints_count; i++) {
		if (is_blank(q->hints[i]))
			return refuse(why, "question %s: an empty hint", q->id);
	}
	if (!q->target && !(q->target = strdup(lab->targets[0].program)))
		return -ENOMEM;
	target = target_of(lab, q->target);
	if (!target)
		return refuse(why, "question %s: no target %s in the lab", q->id,
			      q->target);
	if (q->truth.like && !target->source)
		return refuse(why, "question %s: target %s has no source to edit", q->id,
			      q->target);
	for (i = 0; i < q->mistakes_count; i++) {
		err = check_mistake(q, &q->mistakes[i], why);
		if (err)
			return err;
	}
	return check_truth(lab, q, why);
}

int lab_check(struct lab *lab, char **why)
{
	unsigned int i;
	int err;

	for (i = 0; i < lab->targets_count; i++) {
		const struct lab_target *target = &lab->targets[i];

		if (!id_is_fine(target->program))
			return refuse(why, "target '%s': not a program's name",
				      target->program);
		if (target->source && !is_there(lab, "start/", target->source))
			return refuse(why, "no file start/%s in the lab", target->source);
	}
	for (i = 0; i < lab->questions_count; i++) {
		err = check_question(lab, &lab->questions[i], why);
		if (err)
			return err;
	}
	return 0;
}
