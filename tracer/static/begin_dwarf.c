// SPDX-License-Identifier: GPL-2.0-or-later
#include <gelf.h>
#include <stdbool.h>
#include <string.h>

#include "tracer/static/begin_dwarf.h"

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

Dwarf *begin_dwarf(Elf *elf)
{
	Dwarf *dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL); /* unpacks sections */

	if (!dwarf || all_texts_end(elf))
		return dwarf;
	dwarf_end(dwarf);
	return NULL;
}
