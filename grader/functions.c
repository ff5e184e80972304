// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "grader/functions.h"
#include "tracer/static/elf_file.h"

/* No program of the kit has as many; whoever puts another in its place cannot have all
 * the memory there is. */
#define FUNCTIONS_MAX 1000
#define TABLE_MAX (64 << 20) /* bytes; a sparse file may claim gigabytes */

/* Called for each function that is in the file; non-zero ends the walk. */
typedef int (*symbol_fn)(const char *name, const GElf_Sym *symbol, void *data);

static int walk(const struct elf_file *file, symbol_fn fn, void *data)
{
	GElf_Shdr header;
	Elf_Scn *section = elf_file_section(file, ".symtab", &header);
	bool fits = section && header.sh_size <= TABLE_MAX;
	Elf_Data *table = fits ? elf_getdata(section, NULL) : NULL;
	GElf_Sym symbol;
	int err = 0, i;

	for (i = 0; table && !err && gelf_getsym(table, i, &symbol); i++) {
		const char *name =
			elf_strptr(elf_file_elf(file), header.sh_link, symbol.st_name);

		if (name && GELF_ST_TYPE(symbol.st_info) == STT_FUNC &&
		    symbol.st_shndx != SHN_UNDEF)
			err = fn(name, &symbol, data);
	}
	return err;
}

struct reading {
	const struct elf_file *file;
	const struct lab_function *wanted;
	size_t count;
	struct probe_list *out;
};

/* By the calling convention, as the lab has them: "-4@%esi". */
static int set_args(struct location *location, int machine, const char *text)
{
	location->args_text = strdup(text ?: "");
	location->args = calloc(OPERANDS_MAX, sizeof(*location->args));
	if (!location->args_text || !location->args)
		return -ENOMEM;
	return operands_parse(machine, location->args_text, location->args,
			      &location->nargs);
}

static int add(struct reading *r, const char *name, uint64_t address, const char *args)
{
	struct location *location;
	struct probe *probe;

	if (r->out->count >= FUNCTIONS_MAX)
		return -E2BIG;
	probe = array_add(r->out->probes, r->out->count);
	if (!probe)
		return -ENOMEM;
	*probe = (struct probe){.path = r->out->path,
				.provider = strdup(FUNCTIONS_PROVIDER),
				.name = strdup(name)};
	location = array_add(probe->locations, probe->nlocations);
	if (!probe->provider || !probe->name || !location)
		return -ENOMEM;
	*location = (struct location){.address = address};
	if (!elf_file_offset(r->file, address, &location->offset, NULL))
		location->problem = strdup("its address lies in no part of the file");
	else
		elf_file_read(r->file, location->offset, &location->first_byte, 1);
	return set_args(location, r->out->machine, args);
}

static int add_wanted(const char *name, const GElf_Sym *symbol, void *data)
{
	struct reading *r = data;
	size_t i;

	for (i = 0; i < r->count; i++) {
		if (!fnmatch(r->wanted[i].symbol, name, 0))
			return add(r, name, symbol->st_value, r->wanted[i].args);
	}
	return 0;
}

int functions_read(const struct probe_list *program, const struct lab_function *wanted,
		   size_t count, struct probe_list *out)
{
	struct reading r = {.wanted = wanted, .count = count, .out = out};
	struct elf_file *file = NULL;
	int err;

	*out = (struct probe_list){.path = strdup(program->path),
				   .open_path = strdup(program->open_path),
				   .fd = -1,
				   .machine = program->machine,
				   .is_64bit = program->is_64bit,
				   .has_sections = true};
	err = out->path && out->open_path
		      ? elf_file_open(out->path, out->open_path, &file, NULL)
		      : -ENOMEM;
	r.file = file;
	if (!err)
		err = walk(file, add_wanted, &r);
	if (!err && out->count)
		out->fd = elf_file_take_fd(file);
	elf_file_close(file);
	if (err)
		probes_fini(out);
	return err;
}

struct sizing {
	const char *symbol;
	uint64_t size;
};

static int take_size(const char *name, const GElf_Sym *symbol, void *data)
{
	struct sizing *sizing = data;

	if (strcmp(name, sizing->symbol))
		return 0;
	sizing->size = symbol->st_size;
	return 1;
}

int function_size(const struct probe_list *program, const char *symbol, uint64_t *size)
{
	struct sizing sizing = {.symbol = symbol};
	struct elf_file *file;
	int err = elf_file_open(program->path, program->open_path, &file, NULL);

	if (err)
		return err;
	err = walk(file, take_size, &sizing) ? 0 : -ENOENT;
	*size = sizing.size;
	elf_file_close(file);
	return err;
}
