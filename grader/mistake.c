// SPDX-License-Identifier: GPL-2.0-or-later
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/kit.h"
#include "common/num.h"
#include "grader/answer.h"
#include "grader/form.h"
#include "grader/mistake.h"
#include "grader/process.h"
#include "tracer/live/process.h"

#define LINES_MAX 100000 /* a hole of any size can be sealed, too */

/* What a wrong answer is looked at against. */
struct mistake_facts {
	const struct asked *asked;
	const struct part *part;
	const struct target *target;
	const struct probe *probe; /* the probe asked about, may be NULL */
	const struct watch *watch; /* its firings, NULL for a static question */
};

static bool is_provider(const struct mistake *mistake, const char *answer,
			const struct mistake_facts *facts)
{
	struct probe_answer parts;
	bool is = false;
	size_t i;

	if (probe_answer_parse(answer, &parts))
		return false;
	for (i = 0; i < facts->target->probes.count && !is; i++) {
		const char *provider = facts->target->probes.probes[i].provider;

		is = !strcmp(parts.name, provider) ||
		     (!*parts.name && !strcmp(parts.provider, provider));
	}
	probe_answer_fini(&parts);
	return is;
}

static bool is_binary(const struct mistake *mistake, const char *answer,
		      const struct mistake_facts *facts)
{
	struct probe_answer parts;
	const char *slash;
	bool is;

	if (probe_answer_parse(answer, &parts))
		return false;
	slash = strrchr(parts.name, '/');
	is = !strcmp(parts.provider, facts->target->program) ||
	     !strcmp(slash ? slash + 1 : parts.name, facts->target->program);
	probe_answer_fini(&parts);
	return is;
}

/* A number that could be an address: hex, or decimal and too large for a count. */
static bool is_pointer(const struct mistake *mistake, const char *answer,
		       const struct mistake_facts *facts)
{
	uint64_t number;

	return !parse_u64(answer, 1, UINT64_MAX, &number) &&
	       (number >= 65536 || !strncmp(answer, "0x", 2));
}

static bool is_other_arg(const struct mistake *mistake, const char *answer,
			 const struct mistake_facts *facts)
{
	const struct datum *datum;
	uint64_t number;

	if (!facts->watch || !facts->watch->count ||
	    mistake->arg >= facts->watch->firings[0].nargs)
		return false;
	datum = &facts->watch->firings[0].data[mistake->arg];
	if (datum->kind == VALUE_STRING)
		return !strcmp(datum->text, answer);
	return datum->kind != VALUE_ERROR && !parse_u64(answer, 0, UINT64_MAX, &number) &&
	       number == datum->number;
}

static bool is_locations(const struct mistake *mistake, const char *answer,
			 const struct mistake_facts *facts)
{
	uint64_t number;

	return facts->probe && !parse_u64(answer, 0, UINT64_MAX, &number) &&
	       number == facts->probe->nlocations;
}

/* Field N, from 1, of a line "a:b:c". */
static bool field_is(const char *line, unsigned int n, const char *text)
{
	size_t len = strlen(text);

	while (--n && line)
		line = (line = strchr(line, ':')) ? line + 1 : NULL;
	return line && !strncmp(line, text, len) && strchr(":\n", line[len]);
}

static bool is_listed(const struct mistake *mistake, const char *answer,
		      const struct mistake_facts *facts)
{
	int fd = facts->target->running && *answer
			 ? process_memfd(facts->target->pid, mistake->file,
					 facts->asked->learner)
			 : -1;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	bool found = false;
	size_t lines = 0;
	char line[512];

	if (fd >= 0 && !file)
		close(fd);
	while (file && !found && lines++ < LINES_MAX && fgets(line, sizeof(line), file))
		found = field_is(line, mistake->field, answer);
	if (file)
		fclose(file);
	return found;
}

static bool is_shaped(const struct mistake *mistake, const char *answer,
		      const struct mistake_facts *facts)
{
	regex_t regex;
	bool is;

	if (regcomp(&regex, mistake->pattern, REG_EXTENDED | REG_NOSUB))
		return false;
	is = regexec(&regex, answer, 0, NULL, 0) == 0;
	regfree(&regex);
	return is;
}

static bool is_equal(const struct mistake *mistake, const char *answer,
		     const struct mistake_facts *facts)
{
	return !strcmp(answer, mistake->pattern);
}

static bool is_other_truth(const struct mistake *mistake, const char *answer,
			   const struct mistake_facts *facts)
{
	struct judgement unsaid = {};
	struct true_value truth;
	char *words = NULL;
	bool is;

	is = truth_find(facts->asked, mistake->truth, &truth, &unsaid) &&
	     form_fit(facts->asked, facts->part->form, answer, &truth, &words) ==
		     FIT_RIGHT;
	free(words);
	true_value_fini(&truth);
	judgement_fini(&unsaid);
	return is;
}

static bool is_other_unit(const struct mistake *mistake, const char *answer,
			  const struct mistake_facts *facts)
{
	struct judgement unsaid = {};
	struct true_value truth;
	bool is;

	is = truth_find(facts->asked, mistake->truth, &truth, &unsaid) &&
	     form_is_other_unit(answer, &truth);
	true_value_fini(&truth);
	judgement_fini(&unsaid);
	return is;
}

/* The last word of a path, that of "/home/ada/" too; sets its length. */
static const char *last_word(const char *path, size_t *len)
{
	const char *end = path + strlen(path), *begin;

	while (end > path && end[-1] == '/')
		end--;
	for (begin = end; begin > path && begin[-1] != '/'; begin--)
		;
	*len = end - begin;
	return begin;
}

static bool has_base_name(const struct mistake *mistake, const char *answer,
			  const struct mistake_facts *facts)
{
	const char *given, *ours;
	size_t given_length, length;
	const struct datum *datum;

	if (!facts->watch || !facts->watch->count ||
	    mistake->arg >= facts->watch->firings[0].nargs)
		return false;
	datum = &facts->watch->firings[0].data[mistake->arg];
	if (datum->kind != VALUE_STRING || strchr(answer, ' '))
		return false;
	ours = last_word(datum->text, &length);
	given = last_word(answer, &given_length);
	return length && length == given_length && !memcmp(ours, given, length);
}

static bool is_mapped(const struct mistake *mistake, const char *answer,
		      const struct mistake_facts *facts)
{
	struct process_files files;
	bool mapped = false;
	size_t i;

	if (!facts->target->running || process_files_read(facts->target->pid, &files))
		return false;
	for (i = 0; i < files.count && !mapped; i++)
		mapped = form_is_file(answer, files.files[i].path);
	process_files_fini(&files);
	return mapped;
}

/* The number that is right by the mistake's own truth; 0 if there is none. */
static uint64_t true_number(const struct mistake *mistake,
			    const struct mistake_facts *facts)
{
	struct judgement unsaid = {};
	struct true_value truth;
	uint64_t number = 0;

	if (truth_find(facts->asked, mistake->truth, &truth, &unsaid) &&
	    truth.kind == TRUE_NUMBER)
		number = truth.number;
	true_value_fini(&truth);
	judgement_fini(&unsaid);
	return number;
}

/* Of few, or any large number with many divisors would be one. */
static bool is_multiple(const struct mistake *mistake, const char *answer,
			const struct mistake_facts *facts)
{
	uint64_t number, truth;

	if (parse_u64(answer, 1, UINT64_MAX, &number))
		return false;
	truth = true_number(mistake, facts);
	return truth && number % truth == 0 && number / truth >= 2 && number / truth <= 5;
}

/* As printed by whoever takes a number for an int, or an unsigned one. */
static bool is_low_bits(const struct mistake *mistake, const char *answer,
			const struct mistake_facts *facts)
{
	uint64_t truth;
	int64_t number;

	if (parse_s64(answer, INT32_MIN, UINT32_MAX, &number))
		return false;
	truth = true_number(mistake, facts);
	return truth > UINT32_MAX && (uint32_t)number == (uint32_t)truth;
}

static bool has_address(const struct probe *probe, uint64_t address)
{
	size_t i;

	for (i = 0; i < probe->nlocations; i++) {
		if (probe->locations[i].address == address ||
		    probe->locations[i].offset == address)
			return true;
	}
	return false;
}

static bool has_any(const struct probe_list *list, const uint64_t *addresses,
		    size_t count)
{
	size_t i;

	while (count--) {
		for (i = 0; i < list->count; i++) {
			if (has_address(&list->probes[i], addresses[count]))
				return true;
		}
	}
	return false;
}

/* In the kit's PROGRAM? */
static bool is_in(const char *program, const uint64_t *addresses, size_t count)
{
	char *name = NULL, *path = NULL;
	struct probe_list list;
	bool found = false;

	if (asprintf(&name, "bin/%s", program) < 0)
		return false;
	path = kit_path(name);
	free(name);
	if (path && !probes_read(path, NULL, PROBE_NOTES, &list, NULL)) {
		found = has_any(&list, addresses, count);
		probes_fini(&list);
	}
	free(path);
	return found;
}

static bool is_elsewhere(const struct mistake *mistake, const char *answer,
			 const struct mistake_facts *facts)
{
	const struct lab *lab = facts->asked->lab;
	bool ours, found = false;
	uint64_t *addresses;
	unsigned int i;
	size_t count;
	char *bad;

	if (addresses_parse(answer, &addresses, &count, &bad)) {
		free(bad);
		return false;
	}
	/* It may be in both: then it is not for that that it is wrong. */
	ours = has_any(&facts->target->probes, addresses, count);
	for (i = 0; i < lab->targets_count && !ours && !found; i++)
		found = is_in(lab->targets[i].program, addresses, count);
	free(addresses);
	return found;
}

static bool (*const matchers[])(const struct mistake *mistake, const char *answer,
				const struct mistake_facts *facts) = {
	[MISTAKE_PROVIDER] = is_provider,   [MISTAKE_BINARY] = is_binary,
	[MISTAKE_POINTER] = is_pointer,	    [MISTAKE_OTHER_ARG] = is_other_arg,
	[MISTAKE_LOCATIONS] = is_locations, [MISTAKE_LISTED] = is_listed,
	[MISTAKE_SHAPED] = is_shaped,	    [MISTAKE_EQUALS] = is_equal,
	[MISTAKE_TRUTH] = is_other_truth,   [MISTAKE_BASE_NAME] = has_base_name,
	[MISTAKE_MAPPED] = is_mapped,	    [MISTAKE_MULTIPLE] = is_multiple,
	[MISTAKE_UNIT] = is_other_unit,	    [MISTAKE_LOW_BITS] = is_low_bits,
	[MISTAKE_ELSEWHERE] = is_elsewhere,
};

const struct mistake *mistake_find(const struct asked *asked, const struct part *part,
				   const char *answer)
{
	struct mistake_facts facts = {.asked = asked,
				      .part = part,
				      .target = asked->target};
	unsigned int i;

	if (part->truth->probe && part->truth->type != TRUTH_FIRES)
		facts.probe = target_find(asked->target, part->truth->probe).probe;
	if (facts.probe && truth_is_live(part->truth))
		facts.watch = capture_watch(&asked->target->capture, facts.probe);
	for (i = 0; i < part->mistakes_count; i++) {
		const struct mistake *mistake = &part->mistakes[i];

		if (matchers[mistake->match](mistake, answer, &facts))
			return mistake;
	}
	return NULL;
}
