// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/exit.h"
#include "common/json_out.h"
#include "tracer/commands/command.h"
#include "tracer/commands/matches.h"
#include "tracer/commands/safe_text.h"
#include "tracer/live/site.h"

static int run(int argc, char *argv[]);

static const struct option_def options[] = {
	OPTION_PID,
	OPTION_JSON,
	OPTION_HELP,
	{0},
};

const struct command site_command = {
	.name = "site",
	.arguments = "PATTERN...",
	.summary = "what stands at a probe's locations in a process now",
	.details =
		"A line a location: the probe, the address as the file has it, the "
		"address in the\n"
		"process, the bytes there, the instruction they make, and whether "
		"that means\n"
		"that somebody traces. -p is needed.\n"
		"\n"
		"  usdt site -p 1234 '*'\n"
		"\n"
		"A tracer leaves int3, a breakpoint (so does a debugger); at a nop of 5 "
		"bytes, on\n"
		"kernels from 6.18 on, a call.\n"
		"Exit status: 0 if every location was read, 1 if nothing matched or a "
		"location is\n"
		"not mapped, 77 if you may not look.\n",
	.options = options,
	.run = run,
};

/* A location that was read, on its way to standard output. */
struct row {
	const struct probe *probe;
	const struct location *location;
	struct site_state state;
};

struct table {
	struct row *rows;
	size_t count;
	bool stopped; /* the rest cannot be read either */
};

enum column { PROBE, LINKED, PLACED, BYTES, INSTRUCTION, COLUMNS };

#define BYTES_SHOWN 5

/* Two hex digits a byte, BETWEEN them; into room for 3 * INSTRUCTION_BYTES. */
static void put_bytes(const struct site_state *state, const char *between, char *out)
{
	size_t i, n = state->instruction == INSTRUCTION_NOP10 ? INSTRUCTION_BYTES
							      : BYTES_SHOWN;

	*out = '\0';
	for (i = 0; i < n && i < state->size; i++)
		out += sprintf(out, "%s%02x", i ? between : "", state->bytes[i]);
}

static void print_json(const struct row *row)
{
	const struct site_state *state = &row->state;
	char bytes[3 * INSTRUCTION_BYTES];

	put_bytes(state, "", bytes);
	printf("{");
	json_out_member(stdout, "path", row->probe->path);
	printf(",");
	json_out_member(stdout, "provider", row->probe->provider);
	printf(",");
	json_out_member(stdout, "name", row->probe->name);
	printf(",\"location\":\"%#llx\",\"address\":\"%#llx\",\"bytes\":\"%s\","
	       "\"instruction\":\"%s\"",
	       (unsigned long long)row->location->address,
	       (unsigned long long)state->address, bytes,
	       instruction_name(state->instruction));
	if (state->instruction == INSTRUCTION_CALL)
		printf(",\"target\":\"%#llx\"", (unsigned long long)state->target);
	printf(",\"traced\":%s}\n", state->traced ? "true" : "false");
}

/* The text of a cell, to be freed; NULL on ENOMEM. */
static char *cell(const struct row *row, enum column column)
{
	const struct site_state *state = &row->state;
	char bytes[3 * INSTRUCTION_BYTES], *text = NULL;
	int n = 0;

	switch (column) {
	case PROBE:
		n = asprintf(&text, "%s:%s", row->probe->provider, row->probe->name);
		break;
	case LINKED:
		n = asprintf(&text, "%#llx", (unsigned long long)row->location->address);
		break;
	case PLACED:
		n = asprintf(&text, "%#llx", (unsigned long long)state->address);
		break;
	case BYTES:
		put_bytes(state, " ", bytes);
		text = strdup(bytes);
		break;
	default:
		if (state->instruction == INSTRUCTION_CALL)
			n = asprintf(&text, "call %#llx",
				     (unsigned long long)state->target);
		else
			text = strdup(instruction_name(state->instruction));
	}
	return n < 0 ? NULL : text;
}

static void print_table(const struct table *table)
{
	int widths[COLUMNS] = {0}, column;
	size_t i;

	for (i = 0; i < table->count * COLUMNS; i++) {
		char *text = cell(&table->rows[i / COLUMNS], i % COLUMNS);
		int width = text ? strlen(text) : 0;

		if (width > widths[i % COLUMNS])
			widths[i % COLUMNS] = width;
		free(text);
	}
	for (i = 0; i < table->count; i++) {
		for (column = 0; column < COLUMNS; column++) {
			char *text = cell(&table->rows[i], column);

			safe_printf(stdout, "%-*s  ", widths[column], text ? text : "");
			free(text);
		}
		printf("%s\n", table->rows[i].state.words);
	}
}

/* Says why a location's state is not known. Returns an exit status. */
static int tell_failure(pid_t pid, const struct probe *probe,
			const struct location *location, int err)
{
	if (err == -ENOENT) {
		complain("%s:%s at %#llx is not mapped in process %d%s%s",
			 probe->provider, probe->name,
			 (unsigned long long)location->address, pid,
			 location->problem ? ": " : "",
			 location->problem ? location->problem : "");
		return EXIT_NO;
	}
	if (err == -ESRCH) {
		complain("process %d has ended", pid);
		return EXIT_NO;
	}
	complain("cannot read the memory of process %d: %s", pid, strerror(-err));
	if (err == -EACCES || err == -EPERM)
		advise_sudo("site");
	return err == -ENOMEM ? EXIT_BROKEN : EXIT_CANNOT;
}

/* Goes on behind a location that is not mapped; what else fails would fail again. */
static int read_probe(pid_t pid, const struct match *match, struct table *out)
{
	const struct probe *probe = match->probe;
	int err, status = 0;
	size_t i;

	for (i = 0; i < probe->nlocations && !out->stopped; i++) {
		struct row row = {.probe = probe, .location = &probe->locations[i]};
		struct row *slot;

		err = site_read(pid, match->file->list.machine, match->file->mapped,
				row.location, &row.state);
		slot = err ? NULL : array_add(out->rows, out->count);
		if (slot) {
			*slot = row;
			continue;
		}
		err = err ? err : -ENOMEM;
		out->stopped = err != -ENOENT;
		status = tell_failure(pid, probe, row.location, err);
	}
	return status;
}

/* One message a file the process does not have, not one a location. */
static bool is_mapped(pid_t pid, const struct match *matches, size_t at)
{
	const struct searched_file *file = matches[at].file;

	if (file->mapped)
		return true;
	if (!at || matches[at - 1].file != file) {
		complain("'%s' is not mapped in process %d", file->list.path, pid);
		advise("usdt list -p %d, which lists the probes it has", pid);
	}
	return false;
}

static int show(const struct search *search, bool json)
{
	struct table table = {0};
	size_t i, count = 0;
	struct match *matches = matches_find(search, &count);
	int status, worst = matches ? 0 : EXIT_BROKEN;

	for (i = 0; i < count && !table.stopped; i++) {
		status = is_mapped(search->pid, matches, i)
				 ? read_probe(search->pid, &matches[i], &table)
				 : EXIT_NO;
		worst = status > worst ? status : worst;
	}
	for (i = 0; json && i < table.count; i++)
		print_json(&table.rows[i]);
	if (!json)
		print_table(&table);
	free(table.rows);
	free(matches);
	return worst;
}

static int site(int pid, bool json, char *patterns[], int count)
{
	int i, status, worst = 0;
	struct search search;

	status = search_init(&search, pid, NULL, PROBE_NOTES);
	for (i = 0; !status && i < count; i++) {
		int found = search_add(&search, patterns[i], MARK_START);

		worst = found > worst ? found : worst;
	}
	if (!status)
		status = show(&search, json);
	search_fini(&search);
	return status > worst ? status : worst;
}

static int run(int argc, char *argv[])
{
	bool json = false;
	int letter, pid = 0;

	while ((letter = next_option(&site_command, argc, argv)) != -1)
		switch (letter) {
		case 'p':
			if (parse_pid(&site_command, optarg, &pid))
				return EXIT_USAGE;
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			print_help(&site_command);
			return EXIT_YES;
		default:
			return EXIT_USAGE;
		}
	if (!pid)
		return usage_error(&site_command, "in which process? Say -p PID");
	if (optind == argc)
		return usage_error(&site_command, "which probe? '*' means all");
	return site(pid, json, argv + optind, argc - optind);
}
