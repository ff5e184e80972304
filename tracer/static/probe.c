// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a file's notes to its probes: each note becomes a location, its addresses are
 * put right (prelink, file offsets), and locations of one name are gathered.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/array.h"
#include "tracer/static/debug_file.h"
#include "tracer/static/elf_file.h"
#include "tracer/static/note.h"
#include "tracer/static/probe.h"
#include "tracer/static/resolve.h"
#include "tracer/static/symbols.h"

#define NOTES_MAX (64 << 20) /* bytes of a section; a sparse file may claim gigabytes */

/* A location on its way into its probe. */
struct found {
	char *provider, *name;
	struct location location;
};

struct reader {
	const struct elf_file *file;
	const struct elf_file *debug; /* has the symbols of a stripped one; or NULL */
	uint64_t base; /* where .stapsdt.base is now; 0 if the file has none */
	enum probe_detail detail;
	struct resolver *resolver; /* unless PROBE_NAMES */
	struct found *found;
	size_t count;
};

static void location_fini(struct location *location)
{
	operands_fini(location->args, location->nargs);
	free(location->args);
	free(location->args_text);
	free(location->symbol);
	free(location->source);
	variables_free(location->variables, location->nargs);
	free(location->problem);
}

static int parse_args(struct location *location, const struct reader *r)
{
	struct operand operands[OPERANDS_MAX];
	int err = operands_parse(elf_file_machine(r->file), location->args_text, operands,
				 &location->nargs);
	size_t i;

	if (err != -ENOMEM && location->nargs) {
		location->args = calloc(location->nargs, sizeof(*operands));
		if (!location->args)
			err = -ENOMEM;
	}
	if (err == -ENOMEM) {
		operands_fini(operands, location->nargs);
		location->nargs = 0;
		return err;
	}
	if (location->nargs)
		memcpy(location->args, operands, location->nargs * sizeof(*operands));
	for (i = 0; i < location->nargs; i++)
		if (operand_resolve(&location->args[i], r->resolver))
			return -ENOMEM;
	return 0; /* a thirteenth argument is one too many, but no reason to lose twelve
		   */
}

/*
 * prelink(8) moves a library's addresses but not those in notes; .stapsdt.base moves
 * with it, so the difference tells by how much. The semaphore moves the same way.
 */
static int place(struct reader *r, const struct note *note, struct location *out)
{
	uint64_t moved = r->base && note->base ? r->base - note->base : 0;
	bool executable = false;

	out->address = note->location + moved;
	out->base = note->base;
	out->semaphore = note->semaphore ? note->semaphore + moved : 0;
	if (!elf_file_offset(r->file, out->address, &out->offset, &executable))
		out->problem = strdup("its address lies in no loaded part of the file");
	else if (!executable)
		out->problem =
			strdup("its address lies in a part of the file that is not code");
	else
		out->problem = NULL;
	if (out->semaphore &&
	    !elf_file_offset(r->file, out->semaphore, &out->semaphore_offset, NULL))
		out->semaphore_offset = 0;
	return 0;
}

static void read_instruction(const struct elf_file *file, struct location *out)
{
	uint8_t bytes[INSTRUCTION_BYTES];
	size_t size = 0;

	if (!out->problem)
		size = elf_file_read(file, out->offset, bytes, sizeof(bytes));
	out->instruction = instruction_find(elf_file_machine(file), bytes, size);
	out->first_byte = size ? bytes[0] : 0;
}

/* Which function each of the locations is in. */
static int locate_functions(struct reader *r)
{
	struct place *places = calloc(r->count + 1, sizeof(*places));
	size_t i;
	int err;

	if (!places)
		return -ENOMEM;
	for (i = 0; i < r->count; i++)
		places[i] = (struct place){.address = r->found[i].location.address,
					   .number = i};
	err = symbols_locate(r->file, r->debug, places, r->count);
	for (i = 0; !err && i < r->count; i++) {
		r->found[places[i].number].location.symbol = places[i].function;
		r->found[places[i].number].location.symbol_offset = places[i].offset;
	}
	free(places);
	return err;
}

static int add_note(const struct note *note, void *data)
{
	struct reader *r = data;
	struct found *found = array_add(r->found, r->count);

	if (!found)
		return -ENOMEM;
	found->provider = strdup(note->provider);
	found->name = strdup(note->name);
	found->location.args_text = strdup(note->args);
	if (!found->provider || !found->name || !found->location.args_text)
		return -ENOMEM;
	place(r, note, &found->location);
	if (r->detail == PROBE_NAMES)
		return 0;
	read_instruction(r->file, &found->location);
	return parse_args(&found->location, r);
}

static int read_note_sections(struct reader *r, size_t *broken)
{
	Elf *elf = elf_file_elf(r->file);
	Elf_Scn *section = NULL;
	uint64_t left = elf_file_size(r->file);
	GElf_Shdr header;
	int err = 0;

	while (!err && (section = elf_nextscn(elf, section))) {
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_NOTE ||
		    !header.sh_size)
			continue;
		data = header.sh_size <= left && header.sh_size <= NOTES_MAX
			       ? elf_rawdata(section, NULL)
			       : NULL;
		if (!data || !data->d_buf) {
			++*broken; /* the section's bytes are not all there */
			continue;
		}
		left -= header.sh_size;
		err = notes_read(data->d_buf, data->d_size, elf_file_format(r->file),
				 add_note, r, broken);
	}
	return err;
}

/*
 * A file without section headers (some packers drop them): only what is loaded can be
 * found, by the program headers. The linker does not load sys/sdt.h's notes, so there are
 * some only where they were put into a loaded note section.
 */
static int read_note_segments(struct reader *r, size_t *broken)
{
	Elf *elf = elf_file_elf(r->file);
	uint64_t left = elf_file_size(r->file);
	GElf_Phdr segment;
	size_t i, n;
	int err = 0;

	if (elf_getphdrnum(elf, &n))
		return 0;
	for (i = 0; !err && i < n; i++) {
		Elf_Data *data;

		if (!gelf_getphdr(elf, i, &segment) || segment.p_type != PT_NOTE)
			continue;
		data = segment.p_filesz <= left && segment.p_filesz <= NOTES_MAX
			       ? elf_getdata_rawchunk(elf, segment.p_offset,
						      segment.p_filesz, ELF_T_BYTE)
			       : NULL;
		if (!data || !data->d_buf) {
			++*broken;
			continue;
		}
		left -= segment.p_filesz;
		err = notes_read(data->d_buf, data->d_size, elf_file_format(r->file),
				 add_note, r, broken);
	}
	return err;
}

static int read_notes(struct reader *r, struct probe_list *out)
{
	size_t sections;

	if (elf_getshdrnum(elf_file_elf(r->file), &sections))
		sections = 0;
	out->has_sections = sections > 0;
	return sections ? read_note_sections(r, &out->broken)
			: read_note_segments(r, &out->broken);
}

static int by_name(const void *a, const void *b)
{
	const struct found *const *x = a, *const *y = b;
	int order = strcmp((*x)->provider, (*y)->provider);

	if (!order)
		order = strcmp((*x)->name, (*y)->name);
	return order ? order : (*x > *y) - (*x < *y); /* note order within a probe */
}

/* Moves what was found into the list's probes; what is left behind is zeroed. */
static int gather(struct reader *r, struct probe_list *out)
{
	struct found **order = calloc(r->count + 1, sizeof(*order));
	struct probe *probe = NULL;
	struct location *location;
	int err = order ? 0 : -ENOMEM;
	size_t i;

	for (i = 0; !err && i < r->count; i++)
		order[i] = &r->found[i];
	if (!err)
		qsort(order, r->count, sizeof(*order), by_name);
	for (i = 0; !err && i < r->count; i++) {
		struct found *f = order[i];

		if (!probe || strcmp(probe->provider, f->provider) ||
		    strcmp(probe->name, f->name)) {
			probe = array_add(out->probes, out->count);
			if (!probe) {
				err = -ENOMEM;
				break;
			}
			probe->path = out->path;
			probe->provider = f->provider;
			probe->name = f->name;
			f->provider = f->name = NULL;
		}
		location = array_add(probe->locations, probe->nlocations);
		if (!location) {
			err = -ENOMEM;
			break;
		}
		*location = f->location;
		f->location = (struct location){0};
	}
	free(order);
	return err;
}

static void reader_fini(struct reader *r)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		free(r->found[i].provider);
		free(r->found[i].name);
		location_fini(&r->found[i].location);
	}
	free(r->found);
	resolver_free(r->resolver);
}

static int read_file(const struct elf_file *file, enum probe_detail detail,
		     struct probe_list *out)
{
	struct debug_file *debug = NULL;
	struct reader r = {.file = file, .detail = detail};
	GElf_Shdr base, symtab;
	int err = 0;

	out->machine = elf_file_machine(file);
	out->is_64bit = elf_file_format(file).is_64bit;
	if (elf_file_section(file, ".stapsdt.base", &base))
		r.base = base.sh_addr;
	if (detail >= PROBE_NOTES && !elf_file_section(file, ".symtab", &symtab)) {
		debug = debug_file_open(file, out->path, out->open_path);
		r.debug = debug ? debug_file_elf(debug) : NULL;
	}
	if (detail != PROBE_NAMES) {
		r.resolver = resolver_new(file, r.debug);
		if (!r.resolver)
			err = -ENOMEM;
	}
	if (!err)
		err = read_notes(&r, out);
	if (!err && detail >= PROBE_SYMBOLS)
		err = locate_functions(&r);
	if (!err)
		err = gather(&r, out);
	reader_fini(&r);
	debug_file_close(debug);
	return err;
}

int probes_read(const char *path, const char *open_path, enum probe_detail detail,
		struct probe_list *out, char **error)
{
	struct elf_file *file = NULL;
	int err;

	*out = (struct probe_list){.fd = -1};
	if (error)
		*error = NULL;
	out->path = strdup(path);
	out->open_path = strdup(open_path ? open_path : path);
	if (!out->path || !out->open_path)
		err = -ENOMEM;
	else
		err = elf_file_open(path, out->open_path, &file, error);
	if (!err)
		err = read_file(file, detail, out);
	if (!err && out->count)
		out->fd = elf_file_take_fd(file);
	elf_file_close(file);
	if (!err && detail == PROBE_TYPES &&
	    probes_read_types(out, NULL, NULL) == -ENOMEM)
		err = -ENOMEM; /* else there is nothing to tell, which is no error */
	if (err)
		probes_fini(out);
	return err;
}

void probes_fini(struct probe_list *list)
{
	size_t i, j;

	for (i = 0; i < list->count; i++) {
		struct probe *probe = &list->probes[i];

		for (j = 0; j < probe->nlocations; j++)
			location_fini(&probe->locations[j]);
		free(probe->locations);
		free(probe->provider);
		free(probe->name);
	}
	free(list->probes);
	free(list->path);
	free(list->open_path);
	if (list->fd > 0)
		close(list->fd);
	*list = (struct probe_list){0};
}

char *probe_full_name(const struct probe *probe)
{
	char *name;

	if (asprintf(&name, "usdt:%s:%s:%s", probe->path, probe->provider, probe->name) <
	    0)
		return NULL;
	return name;
}
