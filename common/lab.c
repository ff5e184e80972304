// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/kit.h"
#include "common/lab.h"
#include "common/lab_load.h"
#include "common/num.h"

/* "02-passwd" -> "passwd"; NULL for a folder that is no lab's. */
static const char *lab_name_of(const char *folder)
{
	size_t digits = strspn(folder, "0123456789");

	return digits && folder[digits] == '-' && folder[digits + 1] ? folder + digits + 1
								     : NULL;
}

static int is_lab(const struct dirent *entry)
{
	return lab_name_of(entry->d_name) != NULL;
}

/* Like alphasort(), but not by locale: "02-" before "10-" everywhere. */
static int by_number(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int lab_folders(struct dirent ***entries)
{
	char *labs = kit_path("labs");
	int count = labs ? scandir(labs, entries, is_lab, by_number) : -1;

	free(labs);
	return count;
}

static void folders_free(struct dirent **entries, int count)
{
	while (count-- > 0)
		free(entries[count]);
	free(entries);
}

char **labs_names(void)
{
	struct dirent **entries;
	int count = lab_folders(&entries), i;
	size_t bytes = 0;
	char **names, *room;

	if (count < 0)
		return NULL;
	for (i = 0; i < count; i++)
		bytes += strlen(lab_name_of(entries[i]->d_name)) + 1;
	names = malloc((count + 1) * sizeof(*names) + bytes);
	if (names) {
		room = (char *)(names + count + 1);
		for (i = 0; i < count; i++) {
			names[i] = room;
			room = stpcpy(room, lab_name_of(entries[i]->d_name)) + 1;
		}
		names[count] = NULL;
	}
	folders_free(entries, count);
	return names;
}

/* "labs/02-passwd", to be freed; NULL with errno. */
static char *find_folder(const char *name)
{
	struct dirent **entries;
	int count = lab_folders(&entries), i;
	char *found = NULL;

	if (count < 0)
		return NULL;
	errno = ENOENT;
	for (i = 0; i < count && !found; i++) {
		if (strcmp(lab_name_of(entries[i]->d_name), name))
			continue;
		if (asprintf(&found, "labs/%s", entries[i]->d_name) < 0) {
			found = NULL;
			errno = ENOMEM;
			break;
		}
	}
	folders_free(entries, count);
	return found;
}

static int load(const char *name, const char *relative, struct lab **out, char **why)
{
	char *folder = kit_path(relative), *file = NULL;
	struct lab *lab = NULL;
	int err;

	if (!folder) {
		err = -errno;
		goto out;
	}
	if (asprintf(&file, "%s/lab.yaml", folder) < 0) {
		file = NULL;
		err = -ENOMEM;
		goto out;
	}
	err = lab_parse(file, &lab, why);
	if (err)
		goto out;
	lab->folder = folder;
	folder = NULL;
	lab->name = strdup(name);
	err = lab->name ? lab_check(lab, why) : -ENOMEM;
out:
	free(folder);
	free(file);
	if (err)
		lab_free(lab);
	else
		*out = lab;
	return err;
}

int lab_load(const char *name, struct lab **out, char **error)
{
	char *folder = find_folder(name), *why = NULL;
	int err = folder ? load(name, folder, out, &why) : -errno;

	*error = NULL;
	if (err == -EINVAL &&
	    asprintf(error, "%s/lab.yaml: %s", folder, why ?: "broken") < 0)
		*error = NULL;
	else if (err == -ENOENT && asprintf(error, "no lab named '%s'", name) < 0)
		*error = NULL;
	free(folder);
	free(why);
	return err;
}

void lab_free(struct lab *lab)
{
	if (!lab)
		return;
	free(lab->name);
	free(lab->folder);
	lab_parsed_free(lab);
}

const struct question *lab_question(const struct lab *lab, const char *id)
{
	unsigned int i;

	for (i = 0; i < lab->questions_count; i++) {
		if (!strcmp(lab->questions[i].id, id))
			return &lab->questions[i];
	}
	return NULL;
}

const struct lab_target *lab_target(const struct lab *lab, const char *program)
{
	unsigned int i;

	for (i = 0; i < lab->targets_count; i++) {
		if (!strcmp(lab->targets[i].program, program))
			return &lab->targets[i];
	}
	return NULL;
}

const struct lab_target *lab_source(const struct lab *lab, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < lab->targets_count; i++) {
		if (lab->targets[i].source && !n--)
			return &lab->targets[i];
	}
	return NULL;
}

char *lab_source_words(const struct lab *lab, const struct lab_target *target)
{
	bool several = lab_source(lab, 1);
	char *words;

	if (asprintf(&words, "%s%s%s", lab->name, several ? " " : "",
		     several ? target->program : "") < 0)
		return NULL;
	return words;
}

char *need_option(const char *need, unsigned int n)
{
	static const char or [] = " or ";
	const char *end;

	for (; n; n--) {
		need = strstr(need, or);
		if (!need)
			return NULL;
		need += strlen(or);
	}
	end = strstr(need, or);
	return strndup(need, end ? (size_t)(end - need) : strlen(need));
}

bool truth_is_pattern(const char *probe)
{
	return strpbrk(probe, "*?[");
}

bool truth_is_live(const struct truth *truth)
{
	return truth->type >= TRUTH_ARG && truth->type <= TRUTH_MAPPING;
}

bool truth_is_apart(const struct truth *truth)
{
	return truth->type == TRUTH_LATENCY ||
	       (truth->type == TRUTH_ARG && (truth->alone || truth->traced_count));
}

static bool needs_process(const struct truth *truth)
{
	return truth_is_live(truth) || truth->type == TRUTH_LIBRARY ||
	       truth->type == TRUTH_OPERAND;
}

bool question_is_live(const struct question *question)
{
	unsigned int i;

	for (i = 0; i < question->parts_count; i++) {
		if (needs_process(question->parts[i].truth))
			return true;
	}
	return false;
}

bool question_moves(const struct question *question)
{
	unsigned int i;

	for (i = 0; i < question->parts_count && !question_edits(question); i++) {
		const struct part *part = &question->parts[i];

		/* What is changed by tracing others, a tracer's call has left there. */
		if (part->form == FORM_ADDRESSES || part->form == FORM_HEX ||
		    part->truth->give == GIVE_ADDRESS ||
		    (part->truth->type == TRUTH_ARG && part->truth->traced_count))
			return true;
	}
	return false;
}

bool question_is_typed(const struct question *question)
{
	return question->parts[0].form != FORM_SOURCE;
}

bool question_edits(const struct question *question)
{
	return question->parts[0].truth->type >= TRUTH_EDIT;
}

int truth_key(const char *text)
{
	uint64_t number;

	if (!text)
		return KEY_BY_NOTHING;
	if (!strcmp(text, "location"))
		return KEY_BY_LOCATION;
	if (!strcmp(text, "tid"))
		return KEY_BY_TID;
	if (!strcmp(text, "pid"))
		return KEY_BY_PID;
	if (!strcmp(text, "probe"))
		return KEY_BY_PROBE;
	return !strncmp(text, "arg", 3) && !parse_u64(text + 3, 0, 11, &number)
		       ? (int)number
		       : KEY_INVALID;
}
