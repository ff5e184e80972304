// SPDX-License-Identifier: GPL-2.0-or-later
/* Notes made by hand: whole, cut at every byte, and broken between good ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/note.h"

static unsigned char bytes[4096];
static size_t size;

static void put(uint64_t value, int width)
{
	while (width--) {
		bytes[size++] = (unsigned char)value;
		value >>= 8;
	}
}

static void put_text(const char *text)
{
	memcpy(bytes + size, text, strlen(text) + 1);
	size += strlen(text) + 1;
}

static void align(void)
{
	while (size % 4)
		bytes[size++] = 0;
}

static void put_note(const char *owner, int width, uint64_t location, const char *name,
		     const char *args)
{
	size_t desc_size = 3 * width + strlen("prov") + strlen(name) + strlen(args) + 3;

	put(strlen(owner) + 1, 4);
	put(desc_size, 4);
	put(3, 4);
	put_text(owner);
	align();
	put(location, width);
	put(0x2000, width);
	put(0x3000, width);
	put_text("prov");
	put_text(name);
	put_text(args);
	align();
}

static int seen;
static char last_name[64];

static int on_note(const struct note *note, void *data)
{
	seen++;
	snprintf(last_name, sizeof(last_name), "%s", note->name);
	if (note->base != 0x2000 || note->semaphore != 0x3000 ||
	    strcmp(note->provider, "prov"))
		exit(1);
	return 0;
}

static void expect(const char *what, struct note_format format, size_t length, int want,
		   size_t want_broken)
{
	/* A block of its own, so that a sanitizer sees a step beyond its end. */
	unsigned char *copy = malloc(length ? length : 1);
	size_t broken = 0;

	memcpy(copy, bytes, length);
	seen = 0;
	notes_read(copy, length, format, on_note, NULL, &broken);
	free(copy);
	if (seen != want || (want_broken != (size_t)-1 && broken != want_broken)) {
		printf("%s: %d notes, %zu broken\n", what, seen, broken);
		exit(1);
	}
}

int main(void)
{
	const struct note_format wide = {.is_64bit = true}, narrow = {0};
	size_t first, whole, cut;

	put_note("stapsdt", 8, 0x1000, "one", "-4@%edi");
	first = size;
	put_note("GNU", 8, 0, "foreign", "");
	put_note("stapsdt", 8, 0x1001, "\"quoted\"", "");
	whole = size;
	expect("two and a foreign one", wide, whole, 2, 0);
	if (strcmp(last_name, "\"quoted\""))
		return 1;
	for (cut = 0; cut + 3 < first; cut++) /* up to three bytes of padding may go */
		expect("cut", wide, cut, 0, (size_t)-1);
	bytes[first + 12 + 4 + 24] =
		0; /* of another owner: its content is nobody's business */
	expect("foreign content", wide, whole, 2, 0);
	bytes[12 + 8 + 24 + 4] = 'x'; /* the provider's NUL: one text too few */
	expect("a text too few", wide, whole, 1, 1);
	memset(bytes + 4, 0xff, 4); /* the first one's size is beyond all */
	expect("a size beyond all", wide, whole, 1, 1);
	size = 0;
	put_note("stapsdt", 4, 0x1000, "small", "4@%eax");
	expect("32 bits", narrow, size, 1, 0);
	return 0;
}
