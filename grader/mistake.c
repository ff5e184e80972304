// SPDX-License-Identifier: GPL-2.0-or-later
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/num.h"
#include "grader/answer.h"
#include "grader/form.h"
#include "grader/mistake.h"
#include "grader/process.h"

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

static bool (*const matchers[])(const struct mistake *mistake, const char *answer,
				const struct mistake_facts *facts) = {
	[MISTAKE_PROVIDER] = is_provider,   [MISTAKE_BINARY] = is_binary,
	[MISTAKE_POINTER] = is_pointer,	    [MISTAKE_OTHER_ARG] = is_other_arg,
	[MISTAKE_LOCATIONS] = is_locations, [MISTAKE_LISTED] = is_listed,
	[MISTAKE_SHAPED] = is_shaped,	    [MISTAKE_EQUALS] = is_equal,
	[MISTAKE_TRUTH] = is_other_truth,
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
