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

#define STRIPS 1024

/* So many symbols are read at a time, and so many bytes of them at most. */
#define PIECE 2048
#define TABLE_MAX (256 << 20)

union piece {
	Elf64_Sym wide[PIECE];
	Elf32_Sym narrow[PIECE];
};

/*
 * The range of places is cut into strips of one width. Most functions begin in one that
 * has no place, and so need no search.
 */
struct strips {
	const struct place *places;
	uint64_t begin, end; /* of the first and the last place */
	unsigned int shift;
	size_t first[STRIPS + 1]; /* place in each strip or behind it */
};

static int by_address(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

/* The first place from LOW up to HIGH at or behind an address. */
static size_t first_behind(const struct place *places, size_t low, size_t high,
			   uint64_t address)
{
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (places[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void cut_strips(struct strips *s, const struct place *places, size_t count)
{
	size_t i, strip = 0;

	s->places = places;
	s->begin = places[0].address;
	s->end = places[count - 1].address;
	while ((s->end - s->begin) >> s->shift >= STRIPS)
		s->shift++;
	for (i = 0; i < count; i++)
		while (strip <= (places[i].address - s->begin) >> s->shift)
			s->first[strip++] = i;
	while (strip <= STRIPS)
		s->first[strip++] = count - 1;
}

static size_t find_place(const struct strips *s, uint64_t address)
{
	size_t strip = address < s->begin ? 0 : (address - s->begin) >> s->shift;

	return first_behind(s->places, s->first[strip], s->first[strip + 1], address);
}

/* NEAREST[i] is only what begins behind place i - 1: hand_on() completes it. */
static void note_nearest(const GElf_Sym *symbol, const struct strips *strips,
			 struct nearest *nearest)
{
	size_t at;

	if (GELF_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_shndx == SHN_UNDEF ||
	    !symbol->st_name || symbol->st_value > strips->end)
		return;
	at = find_place(strips, symbol->st_value);
	if (!nearest[at].found || nearest[at].address < symbol->st_value)
		nearest[at] = (struct nearest){true, symbol->st_value, symbol->st_size,
					       symbol->st_name};
}

static GElf_Sym widen(const Elf32_Sym *symbol)
{
	return (GElf_Sym){
		.st_name = symbol->st_name,
		.st_info = symbol->st_info,
		.st_shndx = symbol->st_shndx,
		.st_value = symbol->st_value,
		.st_size = symbol->st_size,
	};
}

/* Some symbols more, in this machine's byte order. Returns how many. */
static size_t read_piece(const struct elf_file *file, uint64_t offset, uint64_t left,
			 union piece *out)
{
	struct note_format format = elf_file_format(file);
	size_t size = format.is_64bit ? sizeof(*out->wide) : sizeof(*out->narrow);
	Elf_Data data = {.d_buf = out, .d_type = ELF_T_SYM, .d_version = EV_CURRENT};

	left = left < PIECE * size ? left : PIECE * size;
	data.d_size = elf_file_read(file, offset, out, left) / size * size;
	if (!gelf_xlatetom(elf_file_elf(file), &data, &data,
			   format.is_big_endian ? ELFDATA2MSB : ELFDATA2LSB))
		return 0;
	return data.d_size / size;
}

/* libelf would read the whole table at once, which takes much fresh memory and so time.
 */
static int walk(const struct elf_file *file, const GElf_Shdr *table,
		const struct place *places, size_t count, struct nearest *nearest)
{
	bool is_64bit = elf_file_format(file).is_64bit;
	uint64_t size = table->sh_size < TABLE_MAX ? table->sh_size : TABLE_MAX, at = 0;
	union piece *piece = malloc(sizeof(*piece));
	struct strips strips = {0};
	GElf_Sym symbol;
	size_t n, i;

	if (!piece)
		return -ENOMEM;
	cut_strips(&strips, places, count);
	while (at < size &&
	       (n = read_piece(file, table->sh_offset + at, size - at, piece))) {
		for (i = 0; i < n; i++) {
			if (is_64bit) {
				note_nearest(&piece->wide[i], &strips, nearest);
				continue;
			}
			symbol = widen(&piece->narrow[i]);
			note_nearest(&symbol, &strips, nearest);
		}
		at += n * (is_64bit ? sizeof(*piece->wide) : sizeof(*piece->narrow));
	}
	free(piece);
	return 0;
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
	int err = 0;

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
		err = walk(of, &header, places, count, nearest);
		hand_on(nearest, count);
		name_places(of, &header, places, count, nearest);
	}
	free(nearest);
	return err;
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
