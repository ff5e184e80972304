// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What DWARF tells of a file's locations. Debug information may have hundreds of MiB, so
 * it is read for what was asked for alone, and in the order of addresses: what belongs to
 * one compile unit is then read together.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tracer/static/debug_file.h"
#include "tracer/static/probe.h"
#include "tracer/static/symbols.h"

static int by_address(const void *a, const void *b)
{
	const struct location *const *x = a, *const *y = b;

	return ((*x)->address > (*y)->address) - ((*x)->address < (*y)->address);
}

/* The wanted locations that were not read yet, sorted; to be freed. */
static struct location **sort_locations(struct probe_list *list,
					const unsigned char *wanted, size_t *count)
{
	struct location **all;
	size_t i, j, n = 0;

	for (i = 0; i < list->count; i++)
		n += list->probes[i].nlocations;
	all = calloc(n + 1, sizeof(struct location *));
	*count = 0;
	for (i = 0; all && i < list->count; i++)
		for (j = 0; j < list->probes[i].nlocations; j++)
			if ((!wanted || wanted[i]) &&
			    !list->probes[i].locations[j].variables)
				all[(*count)++] = &list->probes[i].locations[j];
	if (*count)
		qsort(all, *count, sizeof(*all), by_address);
	return all;
}

static int read_all(struct location **locations, size_t count, Elf *elf, Dwarf *dwarf)
{
	struct variables *reader = variables_open(elf, dwarf);
	int err = reader ? 0 : -ENOMEM;
	size_t i;

	for (i = 0; !err && i < count; i++) {
		struct location *l = locations[i];
		Dwarf_Die unit;

		if (!l->source && variables_unit(reader, l->address, &unit))
			l->source = symbols_line(&unit, l->address);
		err = variables_read(reader, l->address, l->args, l->nargs,
				     &l->variables);
	}
	variables_close(reader);
	return err;
}

static int fail(int err, char **why, const char *format, const char *path)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (why && asprintf(why, format, path) < 0)
		*why = NULL;
#pragma GCC diagnostic pop
	return err;
}

static int read_types(struct probe_list *list, struct location **locations, size_t count,
		      const struct elf_file *file, char **why)
{
	struct debug_file *debug = debug_file_open(file, list->path, list->open_path);
	Dwarf *dwarf;
	int err;

	if (!debug)
		return errno == ENOMEM
			       ? -ENOMEM
			       : fail(-ENODATA, why,
				      "'%s' has no debug information, and none was found "
				      "for it",
				      list->path);
	dwarf = debug_file_dwarf(debug);
	if (dwarf)
		err = read_all(locations, count, elf_file_elf(file), dwarf);
	else
		err = fail(-EBADMSG, why, "the debug information of '%s' is broken",
			   list->path);
	debug_file_close(debug);
	return err;
}

/* The very file that was read before, whatever stands under its name now. */
static int open_again(const struct probe_list *list, struct elf_file **out, char **why)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", list->fd);
	return elf_file_open(list->path, path, out, why);
}

int probes_read_types(struct probe_list *list, const unsigned char *wanted, char **why)
{
	struct elf_file *file = NULL;
	struct location **locations;
	size_t count;
	int err = 0;

	if (why)
		*why = NULL;
	locations = sort_locations(list, wanted, &count);
	if (!locations)
		return -ENOMEM;
	if (count)
		err = open_again(list, &file, why);
	if (!err && count)
		err = read_types(list, locations, count, file, why);
	elf_file_close(file);
	free(locations);
	return err;
}
