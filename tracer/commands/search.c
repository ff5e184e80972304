// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/array.h"
#include "common/exit.h"
#include "tracer/commands/command.h"
#include "tracer/commands/safe_text.h"
#include "tracer/commands/search.h"
#include "tracer/commands/suggest.h"
#include "tracer/static/find_file.h"
#include "tracer/static/pattern.h"

static int out_of_memory(void)
{
	complain("out of memory");
	return EXIT_BROKEN;
}

/* Reads a file the first time it is asked for. NULL after a message (unless QUIET). */
static struct searched_file *open_file(struct search *s, const char *path,
				       const char *open_path, bool quiet)
{
	struct searched_file **slot, *file;
	char *error = NULL;
	size_t i;
	int err;

	for (i = 0; i < s->count; i++)
		if (!strcmp(s->files[i]->list.path, path))
			return s->files[i];
	file = calloc(1, sizeof(*file));
	if (!file)
		return NULL;
	err = probes_read(path, open_path, s->detail, &file->list, &error);
	if (!err) {
		file->matched = calloc(file->list.count + 1, sizeof(*file->matched));
		slot = file->matched ? array_add(s->files, s->count) : NULL;
		err = slot ? 0 : -ENOMEM;
		if (slot)
			*slot = file;
		else
			probes_fini(&file->list);
	}
	if (err) {
		if (!quiet)
			complain("%s", error ? error : strerror(-err));
		if (!quiet && err == -ENOENT)
			advise("an absolute path, or usdt list -p PID for a running "
			       "program");
		if (!quiet && err == -EACCES)
			advise(geteuid() ? "sudo, as you may not read it"
					 : "usdt doctor, as even root may not read it");
		free(error);
		free(file->matched);
		free(file);
		errno = -err;
		return NULL;
	}
	if (file->list.broken && !quiet)
		complain("%zu broken note%s of '%s' left out", file->list.broken,
			 file->list.broken == 1 ? "" : "s", path);
	return file;
}

static int add_process(struct search *s)
{
	int err = process_files_read(s->pid, &s->process);
	size_t i;

	if (err == -ESRCH) {
		complain("there is no process %d", s->pid);
		advise("pgrep -a NAME to find its process id");
		return EXIT_NO;
	}
	if (err) {
		complain("cannot look at process %d: %s", s->pid, strerror(-err));
		advise(geteuid() ? "sudo, as it is another user's"
				 : "usdt doctor, as even root may not look at it");
		return EXIT_CANNOT;
	}
	for (i = 0; i < s->process.count; i++) {
		const struct mapped_file *mapped = &s->process.files[i];
		struct searched_file *file =
			open_file(s, mapped->path, mapped->open_path, true);

		if (file)
			file->mapped = mapped;
		else if (errno != ENOEXEC && errno != ENOTSUP && errno != ENOENT)
			complain("cannot read '%s' of process %d: %s", mapped->path,
				 s->pid, strerror(errno));
	}
	return 0;
}

int search_init(struct search *s, pid_t pid, const char *program,
		enum probe_detail detail)
{
	int status = 0;

	*s = (struct search){.pid = pid, .detail = detail};
	if (pid)
		status = add_process(s);
	if (program) {
		char *path = find_file(program);

		if (!path) {
			complain("there is no program '%s' on $PATH", program);
			return EXIT_NO;
		}
		if (!open_file(s, path, NULL, false))
			status = EXIT_NO;
		free(path);
	}
	s->defaults = s->count;
	return status;
}

void search_fini(struct search *s)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		probes_fini(&s->files[i]->list);
		free(s->files[i]->matched);
		free(s->files[i]);
	}
	free(s->files);
	process_files_fini(&s->process);
}

static void tell_ambiguous(const struct pattern *pattern,
			   const struct searched_file *file, const bool *matched)
{
	size_t i;

	complain("several providers in '%s' have a probe '%s'", file->list.path,
		 pattern->name);
	fprintf(stderr, "  say which:");
	for (i = 0; i < file->list.count; i++)
		if (matched[i])
			safe_printf(stderr, " %s:%s", file->list.probes[i].provider,
				    file->list.probes[i].name);
	fprintf(stderr, "\n");
}

/*
 * Marks in one file what is meant, on top of what was marked before. Returns how many,
 * -ENOMEM, or -ENOTUNIQ after a message.
 */
static long match_file(struct searched_file *file, const struct pattern *pattern,
		       enum search_mark mark, bool quiet)
{
	bool *matched = calloc(file->list.count + 1, sizeof(*matched));
	long count;
	size_t i;

	if (!matched)
		return -ENOMEM;
	count = pattern_match(pattern, &file->list, matched);
	if (count == -ENOTUNIQ && !quiet)
		tell_ambiguous(pattern, file, matched);
	for (i = 0; count > 0 && i < file->list.count; i++)
		file->matched[i] |= matched[i] ? mark : 0;
	free(matched);
	return count;
}

static bool has_probes(const struct search *s, size_t from, size_t to)
{
	size_t i;

	for (i = from; i < to; i++)
		if (s->files[i]->list.count)
			return true;
	return false;
}

static int not_found(const struct search *s, const struct pattern *p, const char *where,
		     size_t from, size_t to)
{
	if (!has_probes(s, from, to)) {
		complain("there are no probes in %s", where);
		if (to == from + 1 && !s->files[from]->list.has_sections) {
			fprintf(stderr,
				"  it has no section headers, by which they would "
				"be found\n");
			return EXIT_NO;
		}
		fprintf(stderr,
			"  it was built without sys/sdt.h, or they were left out of the "
			"build\n");
		return EXIT_NO;
	}
	complain("there is no probe '%s%s%s' in %s", p->provider ? p->provider : "",
		 p->provider ? ":" : "", p->name, where);
	suggest(s, p, from, to);
	return EXIT_NO;
}

static int match_files(struct search *s, const struct pattern *pattern,
		       enum search_mark mark, const char *where, size_t from, size_t to)
{
	bool found = false;
	size_t i;

	for (i = from; i < to; i++) {
		long count = match_file(s->files[i], pattern, mark, false);

		if (count == -ENOMEM)
			return out_of_memory();
		if (count == -ENOTUNIQ)
			return EXIT_NO;
		found |= count > 0;
	}
	return found ? 0 : not_found(s, pattern, where, from, to);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* PATH may name one of the files at hand: as they are called, or by their last part. */
static long find_at_hand(const struct search *s, const char *path)
{
	size_t i;

	for (i = 0; i < s->defaults; i++)
		if (!strcmp(s->files[i]->list.path, path) ||
		    !strcmp(base_name(s->files[i]->list.path), path))
			return i;
	return -1;
}

static int match_path(struct search *s, const struct pattern *pattern,
		      enum search_mark mark)
{
	long at = find_at_hand(s, pattern->path);
	char where[300], *path;
	int status;

	snprintf(where, sizeof(where), "'%s'", pattern->path);
	if (at >= 0)
		return match_files(s, pattern, mark, where, at, at + 1);
	path = find_file(pattern->path);
	if (!path) {
		complain("there is no program or library '%s'", pattern->path);
		advise("a path with a slash, such as ./%s", pattern->path);
		return EXIT_NO;
	}
	snprintf(where, sizeof(where), "'%s'", path);
	if (!open_file(s, path, NULL, false)) {
		status = errno == EACCES || errno == EPERM ? EXIT_CANNOT : EXIT_NO;
	} else {
		for (at = 0; strcmp(s->files[at]->list.path, path); at++)
			;
		status = match_files(s, pattern, mark, where, at, at + 1);
	}
	free(path);
	return status;
}

static int match_defaults(struct search *s, const struct pattern *pattern,
			  enum search_mark mark)
{
	char where[64] = "the command's program";

	if (s->grows && !has_probes(s, 0, s->defaults)) {
		s->waits = true;
		return 0;
	}
	if (s->pid)
		snprintf(where, sizeof(where), "process %d or its libraries", s->pid);
	return match_files(s, pattern, mark, where, 0, s->defaults);
}

int search_in_vain(const struct search *s, const char *text)
{
	struct pattern pattern;

	if (pattern_parse(text, true, &pattern))
		return EXIT_NO;
	not_found(s, &pattern,
		  "the command's program, nor in what it mapped while there was time to "
		  "look",
		  0, s->count);
	pattern_fini(&pattern);
	return EXIT_NO;
}

int search_add(struct search *s, const char *text, enum search_mark mark)
{
	struct pattern pattern;
	int status, err = pattern_parse(text, s->defaults > 0, &pattern);

	if (err == -ENOMEM)
		return out_of_memory();
	if (err) {
		complain("'%s' is no probe's name: a part is empty", text);
		advise("PATH:PROVIDER:NAME, such as usdt-passwd:usdt_samp1:'*'");
		return EXIT_USAGE;
	}
	/* usdt-passwd:passwdfound is PATH:NAME even where PROVIDER:NAME could be meant.
	 */
	if (!pattern.path && pattern.provider && find_at_hand(s, pattern.provider) >= 0) {
		pattern.path = pattern.provider;
		pattern.provider = NULL;
	}
	status = pattern.path ? match_path(s, &pattern, mark)
			      : match_defaults(s, &pattern, mark);
	pattern_fini(&pattern);
	return status;
}

int search_add_all(struct search *s)
{
	struct pattern all = {.name = (char *)"*"};

	return match_defaults(s, &all, MARK_START);
}

/* What TEXT means in FILE alone. */
static void mark_quietly(struct searched_file *file, const char *text,
			 enum search_mark mark)
{
	struct pattern pattern;
	const char *path = file->list.path;

	if (pattern_parse(text, true, &pattern))
		return;
	if (!pattern.path || !strcmp(pattern.path, path) ||
	    !strcmp(pattern.path, base_name(path)))
		match_file(file, &pattern, mark, true);
	pattern_fini(&pattern);
}

int search_mapped(struct search *s, pid_t pid, char *const patterns[], size_t count,
		  size_t ends)
{
	struct process_files now;
	size_t before = s->count, i, j;
	int err = process_files_read(pid, &now);

	if (err)
		return err;
	for (i = 0; i < now.count; i++)
		open_file(s, now.files[i].path, now.files[i].open_path, true);
	for (i = before; i < s->count; i++)
		for (j = 0; j < count; j++)
			mark_quietly(s->files[i], patterns[j],
				     j < count - ends ? MARK_START : MARK_END);
	process_files_fini(&now);
	return 0;
}
