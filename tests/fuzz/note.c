// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a section of notes, in all four ways to write numbers. */
#include "tests/fuzz/check.h"
#include "tracer/static/note.h"

struct section {
	const char *bytes, *end;
	struct note_format format;
	const char *last; /* where the note before this one ended */
	size_t count, stop_at;
};

static void check_text(const struct section *s, const char *text, const char *from)
{
	check(text >= from && text < s->end);
	check(memchr(text, '\0', s->end - text));
}

static int on_note(const struct note *note, void *data)
{
	struct section *s = data;

	check_text(s, note->provider, s->last);
	check(*note->provider);
	check_text(s, note->name, note->provider + strlen(note->provider) + 1);
	check(*note->name);
	check_text(s, note->args, note->name + strlen(note->name) + 1);
	check(s->format.is_64bit ||
	      (note->location | note->base | note->semaphore) <= UINT32_MAX);
	s->last = note->args + strlen(note->args) + 1;
	return ++s->count == s->stop_at ? -1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	int way;

	for (way = 0; way < 4; way++) {
		struct section s = {.bytes = (const char *)bytes};
		size_t broken = 0, all;

		s.end = s.last = s.bytes;
		s.end += size;
		s.format = (struct note_format){way & 1, way & 2};
		check(notes_read(bytes, size, s.format, on_note, &s, &broken) == 0);
		check(s.count + broken <= size / 4 + 1);
		if (!s.count)
			continue;
		all = s.count; /* the same again, but told to stop at the last one */
		s.last = s.bytes;
		s.count = 0;
		s.stop_at = all;
		check(notes_read(bytes, size, s.format, on_note, &s, &broken) == -1);
		check(s.count == all);
	}
	return 0;
}
