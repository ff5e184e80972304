// SPDX-License-Identifier: GPL-2.0-or-later
/* Notes made by hand: whole, cut at every byte, and broken between good ones. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/static/note.h"

static unsigned char bytes[4096];
static size_t size;
static size_t bare_size; /* less the padding of the last note */
static bool big_endian;

static void put(uint64_t value, int width)
{
	int i;

	for (i = 0; i < width; i++)
		bytes[size++] = value >> 8 * (big_endian ? width - 1 - i : i);
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
	bare_size = size;
	align();
}

static int seen;
static char last_name[64], last_args[64];
static uint64_t last_location;

static int on_note(const struct note *note, void *data)
{
	seen++;
	snprintf(last_name, sizeof(last_name), "%s", note->name);
	snprintf(last_args, sizeof(last_args), "%s", note->args);
	last_location = note->location;
	if (note->base != 0x2000 || note->semaphore != 0x3000 ||
	    strcmp(note->provider, "prov")) {
		printf("%s: base %#llx, semaphore %#llx, provider %s\n", note->name,
		       (unsigned long long)note->base,
		       (unsigned long long)note->semaphore, note->provider);
		exit(1);
	}
	return 0;
}

static int any_note(const struct note *note, void *data)
{
	/* Their texts end within the section: the sanitizers see it if not. */
	return strlen(note->provider) + strlen(note->name) + strlen(note->args) > 4096;
}

static void expect_last(uint64_t location, const char *name, const char *args)
{
	if (last_location == location && !strcmp(last_name, name) &&
	    !strcmp(last_args, args))
		return;
	printf("not %s: %#llx %s %s\n", name, (unsigned long long)last_location,
	       last_name, last_args);
	exit(1);
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
		printf("%s, %zu bytes: %d notes, %zu broken\n", what, length, seen,
		       broken);
		exit(1);
	}
}

/* All four ways to write numbers; an address above 4 GiB where there is room for one. */
static void each_format(void)
{
	int way;

	for (way = 0; way < 4; way++) {
		struct note_format format = {.is_64bit = way & 1,
					     .is_big_endian = way & 2};
		uint64_t location = format.is_64bit ? 0x123456789abcdef0 : 0x12345678;

		size = 0;
		big_endian = format.is_big_endian;
		put_note("stapsdt", format.is_64bit ? 8 : 4, location, "one", "-4@%edi");
		expect("one of its format", format, size, 1, 0);
		expect_last(location, "one", "-4@%edi");
		format.is_big_endian = !format.is_big_endian;
		expect("the other end first", format, size, 0, (size_t)-1);
	}
	big_endian = false;
}

/* Bytes at random places of good notes turned over: nothing is read beyond the end. */
static void bend(struct note_format format)
{
	unsigned char kept[sizeof(bytes)];
	uint32_t state = 1; /* the same every time */
	int round, n;

	memcpy(kept, bytes, size);
	for (round = 0; round < 20000; round++) {
		size_t broken = 0, length;
		unsigned char *copy;

		state = state * 1664525 + 1013904223;
		length = size - (state >> 8) % 40;
		copy = malloc(length);
		memcpy(copy, kept, length);
		for (n = round % 6; n >= 0; n--) {
			state = state * 1664525 + 1013904223;
			copy[(state >> 8) % length] =
				n % 2 ? 0xff : (unsigned char)(state >> 24);
		}
		notes_read(copy, length, format, any_note, NULL, &broken);
		free(copy);
	}
}

static int stop(const struct note *note, void *data)
{
	return ++*(int *)data == 2 ? -42 : 0;
}

int main(void)
{
	const struct note_format wide = {.is_64bit = true};
	size_t first, bare_first, second, whole, cut, broken = 0;
	int count = 0;

	expect("nothing", wide, 0, 0, 0);
	each_format();

	size = 0;
	put_note("stapsdt", 8, 0x1000, "one", "-4@%edi");
	first = size;
	bare_first = bare_size;
	put_note("GNU", 8, 0, "foreign", "");
	put_note("stapsdt", 8, 0x1001, "\"quoted\"", "");
	whole = size;
	expect("two and a foreign one", wide, whole, 2, 0);
	expect_last(0x1001, "\"quoted\"", "");
	for (cut = 0; cut < whole; cut++) /* its padding a note may lack */
		expect("cut", wide, cut, (cut >= bare_first) + (cut >= bare_size),
		       (size_t)-1);
	bytes[first + 12 + 4 + 24] = 0; /* another owner's content is nobody's business */
	expect("foreign content", wide, whole, 2, 0);

	size = 0;
	put_note("stapsdt", 8, 0x1000, "one", "-4@%edi");
	first = size;
	put_note("stapsdt", 8, 0x1001, "broken", "8@%rax");
	second = size;
	put_note("stapsdt", 8, 0x1002, "three", "8@%rdx");
	bend(wide);
	bytes[second - 4] = bytes[second - 3] = bytes[second - 2] = bytes[second - 1] =
		'x';
	expect("its last NUL is missing", wide, size, 2, 1);
	expect_last(0x1002, "three", "8@%rdx");
	bytes[first + 12 + 8 + 24] = 0; /* no provider */
	expect("a name is missing", wide, size, 2, 1);
	memset(bytes + first + 4, 0xff, 4);
	expect("a size beyond all", wide, size, 2, 1);
	expect_last(0x1002, "three", "8@%rdx");
	memset(bytes + first, 0xff, 4);
	expect("an owner beyond all", wide, size, 2, 1);
	memset(bytes + 4, 0, 4);
	expect("no room for addresses", wide, size, 1, (size_t)-1);

	size = 0;
	put_note("stapsdt", 8, 1, "one", "");
	put_note("stapsdt", 8, 2, "two", "");
	put_note("stapsdt", 8, 3, "three", "");
	if (notes_read(bytes, size, wide, stop, &count, &broken) != -42 || count != 2) {
		printf("goes on although told to stop: %d\n", count);
		return 1;
	}
	return 0;
}
