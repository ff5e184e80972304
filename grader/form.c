// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/num.h"
#include "grader/answer.h"
#include "grader/form.h"
#include "tracer/live/process.h"

#define DELETED " (deleted)"

static enum fit shapeless(char **words, const char *what)
{
	*words = strdup(what);
	return FIT_SHAPELESS;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Is that PATH? A file that was replaced while the program runs, by make perhaps, has
 * " (deleted)" behind it. */
static bool is_named(const char *answer, const char *path)
{
	size_t len = strlen(answer);

	return !strncmp(answer, path, len) &&
	       (!path[len] || !strcmp(path + len, DELETED));
}

static bool same_file(const char *path, const struct probe_list *list)
{
	struct stat given, ours;

	if (is_named(path, list->path))
		return true;
	return *path == '/' && !stat(path, &given) && !fstat(list->fd, &ours) &&
	       given.st_dev == ours.st_dev && given.st_ino == ours.st_ino;
}

/* As it was handed over; a folder may be given with the slash that shells add. */
static bool is_text(const char *answer, const char *text)
{
	size_t len = strlen(text);

	return !strncmp(answer, text, len) &&
	       (!answer[len] ||
		(len > 1 && text[0] == '/' && !strcmp(answer + len, "/")));
}

/* Like ff or 5571fa8c2213, but not 12 */
static bool is_bare_hex(const char *answer)
{
	return strspn(answer, "0123456789abcdefABCDEF") == strlen(answer) &&
	       strpbrk(answer, "0123456789") && strpbrk(answer, "abcdefABCDEF");
}

static enum fit fit_number(const char *answer, const struct true_value *truth,
			   char **words)
{
	uint64_t number;
	int64_t negative;

	if (!parse_u64(answer, 0, UINT64_MAX, &number))
		return truth->kind == TRUE_NUMBER && !truth->is_negative &&
				       number == truth->number
			       ? FIT_RIGHT
			       : FIT_WRONG;
	if (truth->is_count || parse_s64(answer, INT64_MIN, INT64_MAX, &negative))
		return shapeless(words,
				 is_bare_hex(answer)
					 ? "a number, with 0x in front if it is hex"
					 : "a number");
	return truth->kind == TRUE_NUMBER && (uint64_t)negative == truth->number
		       ? FIT_RIGHT
		       : FIT_WRONG;
}

/* A key may be a number where the question has texts: then it is compared as one. */
static enum fit fit_string(const char *answer, const struct true_value *truth,
			   char **words)
{
	if (truth->kind == TRUE_NUMBER)
		return fit_number(answer, truth, words);
	return truth->kind == TRUE_TEXT && is_text(answer, truth->text) ? FIT_RIGHT
									: FIT_WRONG;
}

static enum fit fit_arg(const char *answer, const struct true_value *truth, char **words)
{
	uint64_t number;

	if (parse_u64(strncmp(answer, "arg", 3) ? answer : answer + 3, 0, 1000, &number))
		return shapeless(words, "an argument, such as arg0");
	return number == truth->number ? FIT_RIGHT : FIT_WRONG;
}

static enum fit fit_hex(const char *answer, const struct true_value *truth, char **words)
{
	uint64_t number;

	if (address_parse(answer, &number))
		return shapeless(words, "a hex number, such as 0x1189");
	return number == truth->number ? FIT_RIGHT : FIT_WRONG;
}

static const struct {
	const char *name;
	double ns;
} units[] = {{"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}};

/* "12.5 ms", "12.5ms", "12.5" in UNIT; -1 if it is none. */
static double parse_time(const char *answer, const char *unit)
{
	double number;
	char *end;
	size_t i;

	if (*answer < '0' || *answer > '9')
		return -1;
	number = strtod(answer, &end);
	end += strspn(end, " \t");
	if (*end)
		unit = end;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!strcmp(unit, units[i].name))
			return number * units[i].ns;
	}
	return -1;
}

static bool is_about(double ns, const struct true_value *truth)
{
	double room = truth->number * (truth->tolerance / 100.0);

	return ns >= truth->number - room && ns <= truth->number + room;
}

/* The example has no blank: in front of another word, one would end the time. */
static enum fit fit_time(const char *answer, const struct true_value *truth, char **words)
{
	double given = parse_time(answer, truth->unit);

	if (given < 0)
		return shapeless(words, "a time, such as 12.5ms, with no blank in it");
	return is_about(given, truth) ? FIT_RIGHT : FIT_WRONG;
}

bool form_is_other_unit(const char *answer, const struct true_value *truth)
{
	size_t i;

	if (truth->kind != TRUE_TIME || parse_time(answer, truth->unit) < 0)
		return false;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (is_about(strtod(answer, NULL) * units[i].ns, truth))
			return true;
	}
	return false;
}

/* Is a name alone not enough, as several providers have it? */
static bool is_shared(const char *name, const struct probe_list *list)
{
	size_t count = 0, i;

	for (i = 0; i < list->count; i++)
		count += !strcmp(list->probes[i].name, name);
	return count > 1;
}

static enum fit fit_probe(const char *answer, enum answer_form form,
			  const struct subject *truth, char **words)
{
	struct probe_answer parts;
	enum fit fit = FIT_WRONG;

	if (form == FORM_FULL && strncmp(answer, "usdt:", 5))
		return shapeless(words, "The first of the four parts is missing: usdt.");
	if (probe_answer_parse(answer, &parts))
		return shapeless(words, form == FORM_FULL
						? "These are more than four parts."
						: "a probe's name: "
						  "usdt:PATH:PROVIDER:NAME");
	if (form == FORM_FULL && (!*parts.path || !*parts.provider || !*parts.name))
		fit = shapeless(words, "One of the four parts is missing: usdt, then the "
				       "path, the provider and the name.");
	else if (form == FORM_FULL && *parts.path != '/')
		fit = shapeless(words,
				"The second part, the path, is not whole: it begins "
				"with a slash.");
	else if (!*parts.provider && is_shared(parts.name, truth->list))
		fit = shapeless(words,
				"PROVIDER:NAME, as there is more than one probe of "
				"that name");
	else if (!strcmp(parts.name, truth->probe->name) &&
		 (!*parts.provider || !strcmp(parts.provider, truth->probe->provider)) &&
		 (form == FORM_FULL
			  ? same_file(parts.path, truth->list)
			  : !*parts.path || is_named(base_name(parts.path),
						     base_name(truth->list->path))))
		fit = FIT_RIGHT;
	probe_answer_fini(&parts);
	return fit;
}

/* "libx.so", "bin/libx.so", "../bin/libx.so": from which folder, nobody tells us. */
static bool is_end_of(const char *answer, const char *path)
{
	const char *slash;

	while (!strncmp(answer, "./", 2) || !strncmp(answer, "../", 3))
		answer += strcspn(answer, "/") + 1;
	for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		if (*answer && is_named(answer, slash + 1))
			return true;
	}
	return false;
}

bool form_is_file(const char *answer, const char *path)
{
	return *answer == '/' ? !strcmp(answer, path) : is_end_of(answer, path);
}

static enum fit fit_path(const char *answer, const struct probe_list *truth)
{
	bool same = *answer == '/' ? same_file(answer, truth)
				   : is_end_of(answer, truth->path);

	return same ? FIT_RIGHT : FIT_WRONG;
}

/* Addresses are told as the linker, the file or the running process has them. */
enum space { SPACE_LINK, SPACE_FILE, SPACE_PROCESS, SPACES };

static uint64_t in_space(const struct location *location, enum space space,
			 const struct mapped_file *file)
{
	uint64_t address = 0;

	if (space == SPACE_LINK)
		return location->address;
	if (space == SPACE_FILE)
		return location->offset;
	if (file && process_address(file, location->offset, &address))
		return 0;
	return address;
}

static size_t common(const uint64_t *answer, size_t count, const struct true_value *truth,
		     enum space space, const struct mapped_file *file)
{
	size_t found = 0, i, n;

	for (i = 0; i < truth->count; i++) {
		uint64_t address = in_space(truth->locations[i], space, file);

		for (n = 0; n < count && answer[n] != address; n++)
			;
		found += address && n < count;
	}
	return found;
}

/* The most of the answer that is right, in any of the spaces. */
static size_t most_common(const struct asked *asked, const uint64_t *answer, size_t count,
			  const struct true_value *truth)
{
	const char *path = truth->subject.list->path;
	struct process_files files = {};
	size_t best = 0, found;
	enum space space;

	if (asked->target->running && process_files_read(asked->target->pid, &files))
		files = (struct process_files){};
	for (space = 0; space < SPACES; space++) {
		found = common(answer, count, truth, space,
			       process_files_find(&files, path));
		best = found > best ? found : best;
	}
	process_files_fini(&files);
	return best;
}

static enum fit fit_addresses(const struct asked *asked, const char *answer,
			      const struct true_value *truth, char **words)
{
	size_t count, right;
	uint64_t *given;
	char *bad;

	if (addresses_parse(answer, &given, &count, &bad)) {
		free(bad);
		return shapeless(words, truth->count > 1 ? "addresses, such as 0x1189"
							 : "an address, such as 0x1189");
	}
	right = truth->kind == TRUE_ADDRESS ? count == 1 && given[0] == truth->number
					    : most_common(asked, given, count, truth);
	free(given);
	if (truth->kind == TRUE_ADDRESS)
		return right ? FIT_RIGHT : FIT_WRONG;
	if (right == count && right == truth->count)
		return FIT_RIGHT;
	if (truth->count < 2)
		return FIT_WRONG;
	if (right == count && right)
		*words = strdup("What you gave is right, but it is not all.");
	else if (asprintf(words, "%zu of the %zu addresses you gave fit.", right, count) <
		 0)
		*words = NULL;
	return FIT_WRONG;
}

enum fit form_fit(const struct asked *asked, enum answer_form form, const char *answer,
		  const struct true_value *truth, char **words)
{
	*words = NULL;
	switch (form) {
	case FORM_NUMBER:
		return fit_number(answer, truth, words);
	case FORM_STRING:
		return fit_string(answer, truth, words);
	case FORM_ARG:
		return fit_arg(answer, truth, words);
	case FORM_TIME:
		return fit_time(answer, truth, words);
	case FORM_PROBE:
	case FORM_FULL:
		return fit_probe(answer, form, &truth->subject, words);
	case FORM_PATH:
		return fit_path(answer, truth->subject.list);
	case FORM_HEX:
		if (truth->kind == TRUE_NUMBER)
			return fit_hex(answer, truth, words);
		return fit_addresses(asked, answer, truth, words);
	case FORM_ADDRESSES:
		return fit_addresses(asked, answer, truth, words);
	default:
		return FIT_WRONG;
	}
}
