// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "tracer/static/symbols.h"

struct function {
	uint64_t address, size;
	const char *name;
};

struct symbols {
	struct function *functions; /* sorted by address */
	size_t count;
};

static int by_address(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

static int read_functions(struct symbols *symbols, Elf *elf, Elf_Scn *section,
			  const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t i, n = data && header->sh_entsize ? data->d_size / header->sh_entsize : 0;

	for (i = 0; i < n; i++) {
		struct function *function;
		GElf_Sym symbol;
		const char *name;

		if (!gelf_getsym(data, i, &symbol) ||
		    GELF_ST_TYPE(symbol.st_info) != STT_FUNC ||
		    symbol.st_shndx == SHN_UNDEF)
			continue;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (!name || !*name)
			continue;
		function = array_add(symbols->functions, symbols->count);
		if (!function)
			return -ENOMEM;
		*function = (struct function){symbol.st_value, symbol.st_size, name};
	}
	return 0;
}

static Elf_Scn *find_table(const struct elf_file *file, const char *name,
			   GElf_Shdr *header)
{
	Elf_Scn *section = file ? elf_file_section(file, name, header) : NULL;

	return section && header->sh_type != SHT_NOBITS ? section : NULL;
}

struct symbols *symbols_new(const struct elf_file *file, const struct elf_file *debug)
{
	struct symbols *symbols = calloc(1, sizeof(*symbols));
	const struct elf_file *of = file;
	GElf_Shdr header;
	Elf_Scn *section;
	int err = 0;

	if (!symbols)
		return NULL;
	section = find_table(file, ".symtab", &header);
	if (!section) {
		section = find_table(debug, ".symtab", &header);
		of = section ? debug : file;
	}
	if (!section)
		section = find_table(file, ".dynsym", &header);
	if (section)
		err = read_functions(symbols, elf_file_elf(of), section, &header);
	if (err) {
		symbols_free(symbols);
		errno = -err;
		return NULL;
	}
	if (symbols->count)
		qsort(symbols->functions, symbols->count, sizeof(*symbols->functions),
		      by_address);
	return symbols;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	free(symbols->functions);
	free(symbols);
}

const char *symbols_function(const struct symbols *symbols, uint64_t address,
			     uint64_t *offset)
{
	size_t low = 0, high = symbols->count;
	const struct function *f;

	while (low < high) { /* the last function that begins at or before the address */
		size_t middle = low + (high - low) / 2;

		if (symbols->functions[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	f = &symbols->functions[low - 1];
	if (f->size && address - f->address >= f->size)
		return NULL;
	*offset = address - f->address;
	return f->name;
}

char *symbols_line(Dwarf_Die *unit, uint64_t address)
{
	Dwarf_Line *line = dwarf_getsrc_die(unit, address);
	const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	char *text;
	int number;

	if (!file || dwarf_lineno(line, &number))
		return NULL;
	file = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	return asprintf(&text, "%s:%d", file, number) < 0 ? NULL : text;
}
