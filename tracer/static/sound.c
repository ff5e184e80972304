// SPDX-License-Identifier: GPL-2.0-or-later
#include <gelf.h>
#include <string.h>

#include "tracer/static/sound.h"

/* ".NAME" or, as it was once called when compressed, ".zNAME"; unpacked. NULL: none. */
static const Elf_Data *find_data(Elf *elf, const char *name)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t strings;

	if (elf_getshdrstrndx(elf, &strings))
		return NULL;
	while ((section = elf_nextscn(elf, section))) {
		const char *found = gelf_getshdr(section, &header)
					    ? elf_strptr(elf, strings, header.sh_name)
					    : NULL;
		if (!found || *found != '.' ||
		    strcmp(found + (found[1] == 'z' ? 2 : 1), name))
			continue;
		return elf_getdata(section, NULL);
	}
	return NULL;
}

/*
 * Do units end where their section ends, at the latest? libdw believes the length that a
 * unit says it has. @is_types: those of .debug_types, which DWARF 4 had.
 */
static bool units_fit(Dwarf *dwarf, bool is_types)
{
	const Elf_Data *data =
		find_data(dwarf_getelf(dwarf), is_types ? "debug_types" : "debug_info");
	uint64_t signature;
	Dwarf_Off offset = 0, next, type;
	size_t header;

	while (!dwarf_next_unit(dwarf, offset, &next, &header, NULL, NULL, NULL, NULL,
				is_types ? &signature : NULL, is_types ? &type : NULL)) {
		if (next <= offset || !data || next > data->d_size)
			return false;
		offset = next;
	}
	return true;
}

/* .debug_str, .debug_line_str, and those of split DWARF, of LTO and of old compression.
 */
static bool has_texts(const char *name)
{
	return strstr(name, "debug_") && strstr(name, "_str") &&
	       !strstr(name, "_str_offsets");
}

/* Are all texts of SECTION within it? A last one that has no NUL would not be. */
static bool texts_end(Elf_Scn *section)
{
	Elf_Data *data = elf_rawdata(section, NULL);
	const char *bytes = data ? data->d_buf : NULL;

	return !bytes || !data->d_size || !bytes[data->d_size - 1];
}

/* libdw takes texts to end somewhere, and reads on behind the section if they do not. */
static bool all_texts_end(Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return false;
	while ((section = elf_nextscn(elf, section))) {
		const char *name = gelf_getshdr(section, &header)
					   ? elf_strptr(elf, names, header.sh_name)
					   : NULL;

		if (name && has_texts(name) && !texts_end(section))
			return false;
	}
	return true;
}

bool dwarf_is_sound(Dwarf *dwarf)
{
	return units_fit(dwarf, false) && units_fit(dwarf, true) &&
	       all_texts_end(dwarf_getelf(dwarf));
}
