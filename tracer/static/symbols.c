// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A library may have a hundred thousand functions and a few hundred places to be found
 * among them. So it is the places that are sorted: one walk over the symbols notes for
 * each the nearest function that begins before it. Names are read for the winners alone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/symbols.h"

#define NAME_MAX_LENGTH 8192 /* as C++ may make them */

/* The function that begins nearest before a place, of those seen so far. */
struct nearest {
	bool found;
	uint64_t address, size;
	size_t name; /* in the table of names */
};

static int by_address(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

/* The first place at or behind an address. */
static size_t first_behind(const struct place *places, size_t count, uint64_t address)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (places[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* NEAREST[i] is only what begins behind place i - 1: hand_on() completes it. */
static void walk(Elf_Scn *section, const struct place *places, size_t count,
		 struct nearest *nearest)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym symbol;
	size_t at;
	int i;

	for (i = 0; data && gelf_getsym(data, i, &symbol); i++) {
		if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC ||
		    symbol.st_shndx == SHN_UNDEF || !symbol.st_name)
			continue;
		at = first_behind(places, count, symbol.st_value);
		if (at == count ||
		    (nearest[at].found && nearest[at].address >= symbol.st_value))
			continue;
		nearest[at] = (struct nearest){true, symbol.st_value, symbol.st_size,
					       symbol.st_name};
	}
}

static void hand_on(struct nearest *nearest, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++)
		if (!nearest[i].found)
			nearest[i] = nearest[i - 1];
}

static Elf_Scn *find_table(const struct elf_file *file, const char *name,
			   GElf_Shdr *header)
{
	Elf_Scn *section = file ? elf_file_section(file, name, header) : NULL;

	return section && header->sh_type != SHT_NOBITS ? section : NULL;
}

/* The name at an offset of a table of names; NULL with no memory, or if it has no end. */
static char *read_name(const struct elf_file *file, const GElf_Shdr *names, size_t at)
{
	size_t room = 128, got;
	char *name = NULL;

	for (; at < names->sh_size && room <= NAME_MAX_LENGTH; room *= 4) {
		char *more = realloc(name, room);

		if (!more)
			break;
		name = more;
		got = elf_file_read(file, names->sh_offset + at, name,
				    room < names->sh_size - at ? room
							       : names->sh_size - at);
		if (memchr(name, '\0', got))
			return name;
	}
	free(name);
	return NULL;
}

static void name_places(const struct elf_file *file, const GElf_Shdr *table,
			struct place *places, size_t count, const struct nearest *nearest)
{
	Elf_Scn *section = elf_getscn(elf_file_elf(file), table->sh_link);
	GElf_Shdr names;
	size_t i;

	if (!section || !gelf_getshdr(section, &names) || names.sh_type != SHT_STRTAB)
		return;
	for (i = 0; i < count; i++) {
		uint64_t offset = places[i].address - nearest[i].address;

		if (!nearest[i].found || (nearest[i].size && offset >= nearest[i].size))
			continue;
		places[i].function = read_name(file, &names, nearest[i].name);
		places[i].offset = offset;
	}
}

int symbols_locate(const struct elf_file *file, const struct elf_file *debug,
		   struct place *places, size_t count)
{
	struct nearest *nearest = calloc(count + 1, sizeof(*nearest));
	const struct elf_file *of = file;
	GElf_Shdr header;
	Elf_Scn *section;

	if (!nearest)
		return -ENOMEM;
	section = find_table(file, ".symtab", &header);
	if (!section) {
		section = find_table(debug, ".symtab", &header);
		of = section ? debug : file;
	}
	if (!section)
		section = find_table(file, ".dynsym", &header);
	if (section && count) {
		qsort(places, count, sizeof(*places), by_address);
		walk(section, places, count, nearest);
		hand_on(nearest, count);
		name_places(of, &header, places, count, nearest);
	}
	free(nearest);
	return 0;
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
