// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <regex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/compile.h"
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

#define FORM(form) (1u << FORM_##form)

/* What a truth must have beside its type. */
enum {
	NEEDS_PROBE = 1,
	NEEDS_LIKE = 2,
	NEEDS_LOCATIONS = 4,
	NEEDS_THEN = 8,
	NEEDS_UNIT = 16,
	NEEDS_TRACERS = 32,
	NEEDS_KIND = 64,
	NEEDS_FILE = 128,
	NEEDS_BY = 256,
	NEEDS_GIVE = 512,
	NEEDS_FUNCTION = 1024,
};

/* Which answer forms go with a truth, and which members it must have. */
static const struct truth_rule {
	const char *name;
	unsigned int forms, needs;
} truth_rules[] = {
	[TRUTH_PROBE] = {"probe", FORM(PROBE), 0},
	[TRUTH_NARGS] = {"nargs", FORM(NUMBER), NEEDS_PROBE},
	[TRUTH_PROBES] = {"probes", FORM(NUMBER), 0},
	[TRUTH_PROVIDERS] = {"providers", FORM(NUMBER), 0},
	[TRUTH_NLOCATIONS] = {"nlocations", FORM(NUMBER), 0},
	[TRUTH_ADDRESSES] = {"addresses", FORM(ADDRESSES) | FORM(HEX), NEEDS_PROBE},
	[TRUTH_LIBRARY] = {"library", FORM(PATH), 0},
	[TRUTH_FULL] = {"full", FORM(FULL), NEEDS_PROBE},
	[TRUTH_DEAD_SEMAPHORE] = {"dead-semaphore", FORM(PROBE), 0},
	[TRUTH_OPERAND] = {"operand", FORM(NUMBER), NEEDS_PROBE | NEEDS_FILE},
	[TRUTH_SIZE] = {"size", FORM(NUMBER), NEEDS_FUNCTION},
	[TRUTH_NOTE] = {"note", FORM(NUMBER), NEEDS_PROBE},
	[TRUTH_ARG] = {"arg", FORM(NUMBER) | FORM(STRING), NEEDS_PROBE},
	[TRUTH_WHICH] = {"which", FORM(ARG), NEEDS_PROBE | NEEDS_KIND},
	[TRUTH_FIRES] = {"fires", FORM(PROBE) | FORM(FULL) | FORM(STRING), NEEDS_PROBE},
	[TRUTH_TALLY] = {"tally", FORM(NUMBER) | FORM(STRING) | FORM(ADDRESSES),
			 NEEDS_PROBE},
	[TRUTH_LATENCY] = {"latency", FORM(TIME) | FORM(NUMBER) | FORM(STRING),
			   NEEDS_PROBE | NEEDS_THEN | NEEDS_UNIT},
	[TRUTH_SITE] = {"site", FORM(HEX) | FORM(NUMBER), NEEDS_PROBE | NEEDS_GIVE},
	[TRUTH_SEMAPHORE] = {"semaphore", FORM(NUMBER), NEEDS_PROBE | NEEDS_TRACERS},
	[TRUTH_SILENT] = {"silent", FORM(PROBE) | FORM(NUMBER),
			  NEEDS_PROBE | NEEDS_THEN | NEEDS_BY},
	[TRUTH_MAPPING] = {"mapping", FORM(ADDRESSES), NEEDS_PROBE},
	[TRUTH_EDIT] = {"edit", FORM(SOURCE), NEEDS_PROBE | NEEDS_LIKE},
	[TRUTH_LOCATIONS] = {"locations", FORM(ADDRESSES),
			     NEEDS_PROBE | NEEDS_LIKE | NEEDS_LOCATIONS},
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

#define GROUPS (1u << -KEY_BY_LOCATION | 1u << -KEY_BY_PID | 1u << -KEY_BY_PROBE)

static int check_names(const char *where, const struct truth *truth, char **why)
{
	const char *const names[] = {truth->probe, truth->then, truth->per, truth->keeps};
	const bool latency = truth->type == TRUTH_LATENCY;
	const struct {
		const char *text;
		unsigned int others; /* than argN, by bits */
		const char *words;
	} keys[] = {
		{truth->by, latency ? 0 : GROUPS,
		 latency ? "argN" : "argN, location, pid or probe"},
		{truth->then_by, GROUPS & ~(1u << -KEY_BY_PROBE),
		 "argN, location or pid"},
		{truth->match, 1u << -KEY_BY_TID, "argN or tid"},
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i] && !strchr(names[i], ':'))
			return refuse(why, "%s: '%s' is not PROVIDER:NAME", where,
				      names[i]);
	}
	for (i = 0; i < truth->traced_count; i++) {
		if (!strchr(truth->traced[i], ':'))
			return refuse(why, "%s: '%s' is not PROVIDER:NAME", where,
				      truth->traced[i]);
	}
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		int key = truth_key(keys[i].text);

		if (keys[i].text && key < 0 && !(keys[i].others & 1u << -key))
			return refuse(why, "%s: '%s' is not %s", where, keys[i].text,
				      keys[i].words);
	}
	return 0;
}

static bool gives_of_site(enum truth_give give)
{
	return give == GIVE_ADDRESS || give == GIVE_NEXT || give == GIVE_BYTE ||
	       give == GIVE_CALL;
}

/* What only some truths know what to do with. */
static int check_extras(const char *where, const struct truth *truth, char **why)
{
	bool arg = truth->type == TRUTH_ARG && !truth->then;

	if (truth->alone && !arg && (truth->type != TRUTH_EDIT || !truth->keeps))
		return refuse(why,
			      "%s: alone is for an edit that keeps a probe, or an arg "
			      "without then",
			      where);
	if (truth->traced_count && !arg && truth->type != TRUTH_LATENCY)
		return refuse(why, "%s: traced is for latency, or an arg without then",
			      where);
	if (truth->sizes && truth->type != TRUTH_EDIT)
		return refuse(why, "%s: sizes is for an edit", where);
	if (truth_key(truth->by) == KEY_BY_PROBE &&
	    (truth->type != TRUTH_TALLY || truth->sum_count || truth->where ||
	     truth->then))
		return refuse(why, "%s: by probe is for a tally of firings alone", where);
	if (truth->per && truth->type != TRUTH_LATENCY)
		return refuse(why, "%s: per is for latency", where);
	if (truth->hit && (truth->type != TRUTH_SITE || !truth->tracers))
		return refuse(why, "%s: hit is for a site with tracers", where);
	return 0;
}

static int check_needs(const char *where, const struct truth *truth, char **why)
{
	const struct truth_rule *rule = &truth_rules[truth->type];
	static const char *const units[] = {"ns", "us", "ms", "s"};
	size_t i;

	if ((rule->needs & NEEDS_PROBE) && !truth->probe)
		return refuse(why, "%s: truth %s needs a probe", where, rule->name);
	if ((rule->needs & NEEDS_FUNCTION) && !truth->function)
		return refuse(why, "%s: truth %s needs a function", where, rule->name);
	if ((rule->needs & NEEDS_LIKE) && !truth->like)
		return refuse(why, "%s: truth %s needs a source it is like", where,
			      rule->name);
	if ((rule->needs & NEEDS_LOCATIONS) && truth->locations < 2)
		return refuse(why, "%s: truth %s needs two or more", where, rule->name);
	if (((rule->needs & NEEDS_THEN) || truth->pick == PICK_ALWAYS) && !truth->then)
		return refuse(why, "%s: truth %s needs a probe that comes then", where,
			      rule->name);
	if ((rule->needs & NEEDS_TRACERS) && !truth->tracers)
		return refuse(why, "%s: truth %s needs a number of tracers", where,
			      rule->name);
	if ((rule->needs & NEEDS_KIND) && !truth->kind)
		return refuse(why, "%s: truth %s needs a kind", where, rule->name);
	if ((rule->needs & NEEDS_FILE) && !truth->file)
		return refuse(why, "%s: truth %s needs a file", where, rule->name);
	if ((rule->needs & NEEDS_BY || (truth->type == TRUTH_MAPPING && truth->then)) &&
	    truth_key(truth->by) < 0)
		return refuse(why, "%s: truth %s needs an argument that tells names",
			      where, rule->name);
	if ((rule->needs & NEEDS_GIVE) && !gives_of_site(truth->give))
		return refuse(why,
			      "%s: truth %s gives an address, next, a byte or a call",
			      where, rule->name);
	if (!(rule->needs & NEEDS_UNIT))
		return 0;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (truth->unit && truth->tolerance && !strcmp(truth->unit, units[i]))
			return 0;
	}
	return refuse(why, "%s: truth %s needs a unit (ns, us, ms, s) and a tolerance",
		      where, rule->name);
}

static int check_truth(const struct lab *lab, const struct lab_target *target,
		       const char *where, const struct truth *truth,
		       enum answer_form form, char **why)
{
	const struct truth_rule *rule;
	int err;

	if (!truth)
		return refuse(why, "%s: no truth", where);
	rule = &truth_rules[truth->type];
	if (!(rule->forms & 1u << form))
		return refuse(why, "%s: this answer form does not go with truth %s",
			      where, rule->name);
	err = check_needs(where, truth, why);
	if (!err)
		err = check_extras(where, truth, why);
	if (err)
		return err;
	if (truth->like && !is_there(lab, "", truth->like))
		return refuse(why, "%s: no file %s in the lab", where, truth->like);
	if (truth->macros && truth->type != TRUTH_EDIT)
		return refuse(why, "%s: macros are for an edit", where);
	if (truth->like && !target->source)
		return refuse(why, "%s: target %s has no source to edit", where,
			      target->program);
	return check_names(where, truth, why);
}

static bool has_truth(enum mistake_match match)
{
	return match == MISTAKE_TRUTH || match == MISTAKE_MULTIPLE ||
	       match == MISTAKE_LOW_BITS || match == MISTAKE_UNIT;
}

static int check_mistake(const struct lab *lab, const struct lab_target *target,
			 const char *where, const struct mistake *m,
			 enum answer_form form, char **why)
{
	regex_t regex;

	if (is_blank(m->say))
		return refuse(why, "%s: a mistake without words", where);
	if (has_truth(m->match) && m->truth && m->truth->type >= TRUTH_EDIT)
		return refuse(why, "%s: a mistake cannot be an edit", where);
	if (has_truth(m->match))
		return check_truth(lab, target, where, m->truth, form, why);
	if (m->match == MISTAKE_LISTED && (!m->file || !m->field))
		return refuse(why, "%s: mistake listed needs file and field", where);
	if (m->match != MISTAKE_SHAPED && m->match != MISTAKE_EQUALS)
		return 0;
	if (!m->pattern)
		return refuse(why, "%s: a mistake needs its pattern", where);
	if (m->match == MISTAKE_SHAPED) {
		if (regcomp(&regex, m->pattern, REG_EXTENDED | REG_NOSUB))
			return refuse(why, "%s: '%s' is not a regular expression", where,
				      m->pattern);
		regfree(&regex);
	}
	return 0;
}

static int check_part(const struct lab *lab, const struct lab_target *target,
		      const struct question *q, const struct part *part, char **why)
{
	char where[200];
	unsigned int i;
	int err;

	if (part->name)
		snprintf(where, sizeof(where), "question %s, part %s", q->id, part->name);
	else
		snprintf(where, sizeof(where), "question %s", q->id);
	for (i = 0; i < part->mistakes_count; i++) {
		err = check_mistake(lab, target, where, &part->mistakes[i], part->form,
				    why);
		if (err)
			return err;
	}
	return check_truth(lab, target, where, part->truth, part->form, why);
}

/* What is written for a question of one part becomes that part. */
static int settle_parts(struct question *q, char **why)
{
	bool simple = q->form || q->truth || q->mistakes_count;

	if (q->parts_count && simple)
		return refuse(why,
			      "question %s: form, truth and mistakes belong to its parts",
			      q->id);
	if (q->parts_count)
		return 0;
	q->parts = calloc(1, sizeof(*q->parts));
	if (!q->parts)
		return -ENOMEM;
	q->parts_count = 1;
	*q->parts = (struct part){.form = q->form,
				  .truth = q->truth,
				  .mistakes = q->mistakes,
				  .mistakes_count = q->mistakes_count};
	q->truth = NULL;
	q->mistakes = NULL;
	q->mistakes_count = 0;
	return 0;
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
	target = lab_target(lab, q->target);
	if (!target)
		return refuse(why, "question %s: no target %s in the lab", q->id,
			      q->target);
	err = settle_parts(q, why);
	for (i = 0; i < q->parts_count && !err; i++)
		err = check_part(lab, target, q, &q->parts[i], why);
	for (i = 0; i < q->parts_count && !err && q->parts_count > 1; i++) {
		if (q->parts[i].truth->type >= TRUTH_EDIT)
			err = refuse(why,
				     "question %s: an edit is a question of one part",
				     q->id);
	}
	return err;
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
		if (target->source && !compile_stem(target->source))
			return refuse(why, "'%s' is no source: .c, .cc or .S",
				      target->source);
		if (target->round && !strchr(target->round, ':'))
			return refuse(why, "target %s: '%s' is not PROVIDER:NAME",
				      target->program, target->round);
	}
	for (i = 0; i < lab->questions_count; i++) {
		err = check_question(lab, &lab->questions[i], why);
		if (err)
			return err;
	}
	return 0;
}
