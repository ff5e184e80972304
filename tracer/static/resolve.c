// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names and the addresses they stand for are read when the first operand wants one, and
 * sorted: a file may have many operands and many symbols.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "tracer/static/resolve.h"

struct name {
	const char *text; /* points into the file */
	uint64_t address;
};

struct names { /* sorted by text, then address */
	struct name *all;
	size_t count;
	bool are_read;
};

struct resolver {
	const struct elf_file *file, *debug; /* .debug may be NULL */
	struct names symbols, debug_symbols, slots;
	uint64_t block; /* size of a thread's variables */
	bool has_block;
};

/* Reads what a section has into NAMES. Returns 0 or -ENOMEM. */
typedef int (*read_fn)(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
		       struct names *names);

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

struct resolver *resolver_new(const struct elf_file *file, const struct elf_file *debug)
{
	struct resolver *resolver = calloc(1, sizeof(*resolver));

	if (!resolver)
		return NULL;
	resolver->file = file;
	resolver->debug = debug;
	resolver->has_block = thread_block_size(file, &resolver->block);
	return resolver;
}

void resolver_free(struct resolver *resolver)
{
	if (!resolver)
		return;
	free(resolver->symbols.all);
	free(resolver->debug_symbols.all);
	free(resolver->slots.all);
	free(resolver);
}

static int add_name(struct names *names, const char *text, uint64_t address)
{
	struct name *name;

	if (!text || !*text)
		return 0;
	name = array_add(names->all, names->count);
	if (!name)
		return -ENOMEM;
	*name = (struct name){text, address};
	return 0;
}

static int read_symbols(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
			struct names *names)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym symbol;
	int i, err = 0;

	for (i = 0; !err && data && gelf_getsym(data, i, &symbol); i++)
		if (symbol.st_shndx != SHN_UNDEF)
			err = add_name(names,
				       elf_strptr(elf, header->sh_link, symbol.st_name),
				       symbol.st_value);
	return err;
}

/* The GOT slots that the loader fills with a symbol's address (R_X86_64_GLOB_DAT). */
static int read_slots(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
		      struct names *names)
{
	Elf_Data *data = elf_getdata(section, NULL);
	Elf_Scn *table = elf_getscn(elf, header->sh_link);
	Elf_Data *symbols = table ? elf_getdata(table, NULL) : NULL;
	GElf_Shdr table_header;
	GElf_Rela rela;
	GElf_Sym symbol;
	int i, err = 0;

	if (!data || !symbols || !gelf_getshdr(table, &table_header))
		return 0;
	for (i = 0; !err && gelf_getrela(data, i, &rela); i++)
		if (GELF_R_TYPE(rela.r_info) == R_X86_64_GLOB_DAT &&
		    gelf_getsym(symbols, GELF_R_SYM(rela.r_info), &symbol))
			err = add_name(names,
				       elf_strptr(elf, table_header.sh_link,
						  symbol.st_name),
				       rela.r_offset);
	return err;
}

static int by_text(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ? order : (x->address > y->address) - (x->address < y->address);
}

static int read_names(const struct elf_file *file, uint32_t type, uint32_t other_type,
		      read_fn read, struct names *names)
{
	Elf *elf = elf_file_elf(file);
	Elf_Scn *section = NULL;
	uint64_t left = elf_file_size(file);
	GElf_Shdr header;
	int err = 0;

	if (names->are_read)
		return 0;
	while (!err && (section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) ||
		    (header.sh_type != type && header.sh_type != other_type) ||
		    header.sh_size > left)
			continue;
		left -= header.sh_size;
		err = read(elf, section, &header, names);
	}
	if (!err && names->count)
		qsort(names->all, names->count, sizeof(*names->all), by_text);
	names->are_read = !err;
	return err;
}

/* How many addresses TEXT stands for: 0, 1 or more. The lowest of them is *ADDRESS. */
static size_t look_up(const struct names *names, const char *text, uint64_t *address)
{
	size_t low = 0, high = names->count, found = 0, i;

	while (low < high) { /* the first that is not before TEXT */
		size_t middle = low + (high - low) / 2;

		if (strcmp(names->all[middle].text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (i = low; found < 2 && i < names->count && !strcmp(names->all[i].text, text);
	     i++)
		if (i == low || names->all[i].address != names->all[i - 1].address)
			found++;
	if (found)
		*address = names->all[low].address;
	return found;
}

/* Wraps around, as addresses do. */
static void add(struct operand *op, uint64_t address)
{
	op->constant = (int64_t)((uint64_t)op->constant + address);
}

static int resolve_got(struct operand *op, struct resolver *r)
{
	uint64_t address;
	int err = read_names(r->file, SHT_RELA, SHT_RELA, read_slots, &r->slots);

	if (err)
		return err;
	if (look_up(&r->slots, op->symbol, &address)) {
		add(op, address);
		return 0;
	}
	if (look_up(&r->symbols, op->symbol, &address) != 1)
		return operand_set_unreadable(op, "the file has no slot for '%s'",
					      op->symbol);
	/* The linker knew the address and left no slot to be filled: the address it is.
	 */
	op->kind = OPERAND_ADDRESS;
	add(op, address);
	return 0;
}

int operand_resolve(struct operand *op, struct resolver *r)
{
	uint64_t address = 0;
	size_t found;
	int err;

	if (!op->symbol || op->kind == OPERAND_UNREADABLE)
		return 0;
	err = read_names(r->file, SHT_SYMTAB, SHT_DYNSYM, read_symbols, &r->symbols);
	if (err)
		return err;
	if (op->symbol_use == SYMBOL_GOT)
		return resolve_got(op, r);
	found = look_up(&r->symbols, op->symbol, &address);
	if (!found && r->debug) {
		err = read_names(r->debug, SHT_SYMTAB, SHT_DYNSYM, read_symbols,
				 &r->debug_symbols);
		if (err)
			return err;
		found = look_up(&r->debug_symbols, op->symbol, &address);
	}
	if (!found)
		return operand_set_unreadable(
			op,
			!strncmp(op->symbol, ".L", 2)
				? "'%s' is a label of the compiler's that is in no "
				  "symbol table"
				: "no symbol table of the file has '%s'",
			op->symbol);
	if (found > 1)
		return operand_set_unreadable(op, "several variables are called '%s'",
					      op->symbol);
	if (op->symbol_use == SYMBOL_THREAD) {
		if (!r->has_block)
			return operand_set_unreadable(op, "'%s' is in no thread's block",
						      op->symbol);
		address -= r->block;
	}
	add(op, address);
	if (op->symbol_use == SYMBOL_LOW12)
		op->constant &= 0xfff;
	return 0;
}
