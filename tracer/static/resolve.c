// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "tracer/static/resolve.h"

/* What a symbol table says about a name. */
struct lookup {
	const char *name;
	GElf_Sym symbol;
	size_t found; /* at different addresses */
};

static void look_into(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
		      struct lookup *l)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t i, n = data && header->sh_entsize ? data->d_size / header->sh_entsize : 0;

	for (i = 0; i < n; i++) {
		GElf_Sym symbol;
		const char *name;

		if (!gelf_getsym(data, i, &symbol) || symbol.st_shndx == SHN_UNDEF)
			continue;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (!name || strcmp(name, l->name) ||
		    (l->found && symbol.st_value == l->symbol.st_value))
			continue;
		l->symbol = symbol;
		l->found++;
	}
}

static void look_up(const struct elf_file *file, struct lookup *l)
{
	Elf *elf = elf_file_elf(file);
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) &&
		    (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM))
			look_into(elf, section, &header, l);
}

/*
 * x86-64 has a thread's variables below its pointer, in the size of PT_TLS rounded up
 * (Drepper, "ELF Handling For Thread-Local Storage", variant II).
 */
static bool thread_block_size(const struct elf_file *file, uint64_t *size)
{
	size_t i, n;
	GElf_Phdr segment;

	if (elf_getphdrnum(elf_file_elf(file), &n))
		return false;
	for (i = 0; i < n; i++)
		if (gelf_getphdr(elf_file_elf(file), i, &segment) &&
		    segment.p_type == PT_TLS) {
			uint64_t align = segment.p_align ? segment.p_align : 1;

			*size = (segment.p_memsz + align - 1) / align * align;
			return true;
		}
	return false;
}

/* The GOT slot that the loader fills with the symbol's address (R_X86_64_GLOB_DAT). */
static bool find_got_slot(const struct elf_file *file, const char *name, uint64_t *slot)
{
	Elf *elf = elf_file_elf(file);
	Elf_Scn *section = NULL;
	GElf_Shdr header, table;
	GElf_Rela rela;
	GElf_Sym symbol;
	size_t i;

	while ((section = elf_nextscn(elf, section))) {
		Elf_Scn *symbols;
		Elf_Data *data, *names;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_RELA)
			continue;
		symbols = elf_getscn(elf, header.sh_link);
		data = elf_getdata(section, NULL);
		names = symbols ? elf_getdata(symbols, NULL) : NULL;
		if (!data || !names || !gelf_getshdr(symbols, &table))
			continue;
		for (i = 0; gelf_getrela(data, i, &rela); i++) {
			const char *found;

			if (GELF_R_TYPE(rela.r_info) != R_X86_64_GLOB_DAT ||
			    !gelf_getsym(names, GELF_R_SYM(rela.r_info), &symbol))
				continue;
			found = elf_strptr(elf, table.sh_link, symbol.st_name);
			if (found && !strcmp(found, name)) {
				*slot = rela.r_offset;
				return true;
			}
		}
	}
	return false;
}

/* Wraps around, as addresses do. */
static void add(struct operand *op, uint64_t address)
{
	op->constant = (int64_t)((uint64_t)op->constant + address);
}

static int resolve_got(struct operand *op, const struct elf_file *file,
		       const struct lookup *l)
{
	uint64_t slot;

	if (find_got_slot(file, op->symbol, &slot)) {
		add(op, slot);
		return 0;
	}
	if (l->found != 1)
		return operand_set_unreadable(op, "the file has no slot for '%s'",
					      op->symbol);
	/* The linker knew the address and left no slot to be filled: the address it is.
	 */
	op->kind = OPERAND_ADDRESS;
	add(op, l->symbol.st_value);
	return 0;
}

int operand_resolve(struct operand *op, const struct elf_file *file,
		    const struct elf_file *debug)
{
	struct lookup l = {.name = op->symbol};
	uint64_t block;

	if (!op->symbol || op->kind == OPERAND_UNREADABLE)
		return 0;
	look_up(file, &l);
	if (!l.found && debug)
		look_up(debug, &l);
	if (op->symbol_use == SYMBOL_GOT)
		return resolve_got(op, file, &l);
	if (!l.found)
		return operand_set_unreadable(
			op,
			!strncmp(op->symbol, ".L", 2)
				? "'%s' is a label of the compiler's that is in no "
				  "symbol table"
				: "no symbol table of the file has '%s'",
			op->symbol);
	if (l.found > 1)
		return operand_set_unreadable(op, "several variables are called '%s'",
					      op->symbol);
	if (op->symbol_use == SYMBOL_THREAD) {
		if (!thread_block_size(file, &block))
			return operand_set_unreadable(op, "'%s' is in no thread's block",
						      op->symbol);
		add(op, l.symbol.st_value - block);
	} else {
		add(op, l.symbol.st_value);
	}
	return 0;
}
