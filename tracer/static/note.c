// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <string.h>

#include "tracer/static/note.h"

#define OWNER "stapsdt" /* with its NUL: 8 bytes, so what follows is aligned */
#define NOTE_TYPE 3
#define HEADER_SIZE 12 /* three 32-bit words: owner's size, descriptor's size, type */

static uint32_t read_u32(const char *p, struct note_format format)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return format.is_big_endian ? be32toh(value) : le32toh(value);
}

static uint64_t read_address(const char *p, struct note_format format)
{
	uint64_t value;

	if (!format.is_64bit)
		return read_u32(p, format);
	memcpy(&value, p, sizeof(value));
	return format.is_big_endian ? be64toh(value) : le64toh(value);
}

/* The text at *P, and *P behind its NUL; NULL if it does not end within the descriptor.
 */
static const char *take_text(const char **p, const char *end)
{
	const char *text = *p;
	const char *nul = memchr(text, '\0', end - text);

	if (!nul)
		return NULL;
	*p = nul + 1;
	return text;
}

static bool parse_descriptor(const char *p, size_t size, struct note_format format,
			     struct note *out)
{
	const char *end = p + size;
	size_t word = format.is_64bit ? 8 : 4;

	if (size < 3 * word)
		return false;
	out->location = read_address(p, format);
	out->base = read_address(p + word, format);
	out->semaphore = read_address(p + 2 * word, format);
	p += 3 * word;
	out->provider = take_text(&p, end);
	out->name = out->provider ? take_text(&p, end) : NULL;
	out->args = out->name ? take_text(&p, end) : NULL;
	return out->args && *out->provider && *out->name;
}

static size_t align4(uint64_t n)
{
	return (n + 3) & ~3ULL;
}

/* Offset of the next place at or after FROM where a stapsdt note's head may stand. */
static size_t next_head(const char *bytes, size_t from, size_t size,
			struct note_format format)
{
	for (from = align4(from); from + HEADER_SIZE + sizeof(OWNER) <= size; from += 4)
		if (read_u32(bytes + from, format) == sizeof(OWNER) &&
		    read_u32(bytes + from + 8, format) == NOTE_TYPE &&
		    !memcmp(bytes + from + HEADER_SIZE, OWNER, sizeof(OWNER)))
			return from;
	return size;
}

int notes_read(const void *section, size_t size, struct note_format format, note_fn fn,
	       void *data, size_t *broken)
{
	const char *bytes = section;
	size_t at = 0;
	int err;

	while (at + HEADER_SIZE <= size) {
		uint64_t owner_size = read_u32(bytes + at, format);
		uint64_t desc_size = read_u32(bytes + at + 4, format);
		uint32_t type = read_u32(bytes + at + 8, format);
		uint64_t desc = at + HEADER_SIZE + align4(owner_size);
		struct note note;

		if (desc + desc_size > size) {
			++*broken;
			at = next_head(bytes, at + 4, size, format);
			continue;
		}
		if (type == NOTE_TYPE && owner_size == sizeof(OWNER) &&
		    !memcmp(bytes + at + HEADER_SIZE, OWNER, sizeof(OWNER))) {
			if (!parse_descriptor(bytes + desc, desc_size, format, &note)) {
				++*broken;
			} else {
				err = fn(&note, data);
				if (err)
					return err;
			}
		}
		at = desc + align4(desc_size);
	}
	if (at < size)
		++*broken;
	return 0;
}
