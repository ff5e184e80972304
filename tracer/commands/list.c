// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/exit.h"
#include "common/json_out.h"
#include "tracer/commands/command.h"
#include "tracer/commands/matches.h"
#include "tracer/commands/safe_text.h"
#include "tracer/live/site.h"
#include "tracer/static/warning.h"

static int run(int argc, char *argv[]);

static const struct option_def options[] = {
	OPTION_PID,
	{'v', "verbose", NULL, "with every location, its semaphore and its arguments"},
	OPTION_JSON,
	OPTION_NO_TYPES,
	OPTION_HELP,
	{0},
};

const struct command list_command = {
	.name = "list",
	.arguments = "[PATTERN|PATH]...",
	.summary = "which probes there are, in a file or in a running process",
	.details = "A PATH is a program or library; without a slash it is looked up on "
		   "$PATH, then\n"
		   "among the system's libraries. A PATTERN is PATH:PROVIDER:NAME; *, ? "
		   "and [...]\n"
		   "match in PROVIDER and NAME. One line a probe:\n"
		   "\n"
		   "  usdt list python3\n"
		   "  usdt list -v 'python3:python:gc__*'\n"
		   "  usdt list -p 1234\n"
		   "\n"
		   "Exit status: 0 if there are any, 1 if nothing matched, 77 if you may "
		   "not look.\n",
	.options = options,
	.run = run,
};

struct list_options {
	int pid;
	bool verbose, json, no_types;
};

static const struct variable *variable_of(const struct location *location, size_t arg)
{
	return location->variables && location->variables[arg].name
		       ? &location->variables[arg]
		       : NULL;
}

static void print_json_argument(const struct location *location, size_t arg)
{
	const struct operand *op = &location->args[arg];
	const struct variable *variable = variable_of(location, arg);

	printf("{");
	json_out_member(stdout, "operand", op->text);
	printf(",\"size\":%d,\"signed\":%s", op->size, op->is_signed ? "true" : "false");
	if (op->why) {
		printf(",");
		json_out_member(stdout, "error", op->why);
	}
	if (variable) {
		printf(",");
		json_out_member(stdout, "type", variable->type);
		printf(",");
		json_out_member(stdout, "name", variable->name);
	}
	printf("}");
}

/* One string, and only where there is something to warn of. */
static void print_json_warnings(const struct location *location)
{
	bool any = false;
	int i;

	for (i = 0; i < WARNINGS; i++) {
		if (!warning_applies(i, location))
			continue;
		printf("%s%s", any ? "; " : ",\"warning\":\"", warning_text(i));
		any = true;
	}
	if (any)
		printf("\"");
}

static void print_json_symbol(const struct location *location)
{
	char *text = NULL;

	if (location->symbol && asprintf(&text, "%s+%llu", location->symbol,
					 (unsigned long long)location->symbol_offset) > 0)
		json_out_string(stdout, text, strlen(text));
	else
		printf("null");
	free(text);
}

static void print_json_location(const struct location *location)
{
	size_t i;

	printf("{\"address\":\"%#llx\",\"offset\":\"%#llx\",\"base\":\"%#llx\","
	       "\"semaphore\":",
	       (unsigned long long)location->address,
	       (unsigned long long)location->offset, (unsigned long long)location->base);
	if (location->semaphore)
		printf("\"%#llx\"", (unsigned long long)location->semaphore);
	else
		printf("null");
	printf(",\"symbol\":");
	print_json_symbol(location);
	printf(",\"args\":[");
	for (i = 0; i < location->nargs; i++) {
		printf("%s", i ? "," : "");
		print_json_argument(location, i);
	}
	printf("]");
	print_json_warnings(location);
	printf("}");
}

static void print_json(const struct match *match)
{
	const struct probe *probe = match->probe;
	size_t i;

	printf("{");
	json_out_member(stdout, "path", probe->path);
	printf(",");
	json_out_member(stdout, "provider", probe->provider);
	printf(",");
	json_out_member(stdout, "name", probe->name);
	printf(",\"locations\":[");
	for (i = 0; i < probe->nlocations; i++) {
		printf("%s", i ? "," : "");
		print_json_location(&probe->locations[i]);
	}
	printf("]}\n");
}

static void print_semaphore(const struct match *match, const struct location *location,
			    int pid)
{
	uint16_t value;

	if (!location->semaphore)
		return;
	printf("      semaphore at %#llx", (unsigned long long)location->semaphore);
	if (location->semaphore_offset && pid && match->file->mapped &&
	    !process_read_u16(pid, match->file->mapped, location->semaphore_offset,
			      &value))
		printf(", now %u%s", value,
		       value ? ": somebody traces" : ": nobody traces");
	printf("\n");
}

/* What a location has at the moment, where a process was asked for. */
static void print_state(const struct match *match, const struct location *location,
			int pid)
{
	struct site_state state;
	int err = -ENOENT;

	if (!pid || location->problem)
		return;
	if (match->file->mapped)
		err = site_read(pid, match->file->list.machine, match->file->mapped,
				location, &state);
	if (!err)
		printf("      at %#llx in process %d, now %s: %s\n",
		       (unsigned long long)state.address, pid,
		       instruction_name(state.instruction), state.words);
	else if (err == -ENOENT)
		printf("      not mapped in process %d\n", pid);
	else
		printf("      cannot be read in process %d: %s\n", pid, strerror(-err));
}

static void print_warnings(const struct location *location)
{
	int i;

	for (i = 0; i < WARNINGS; i++)
		if (warning_applies(i, location))
			printf("      warning: %s\n", warning_text(i));
}

static void print_location(const struct match *match, size_t number, int pid)
{
	const struct location *location = &match->probe->locations[number];
	size_t i;

	printf("  %zu. address %#llx, file offset %#llx", number + 1,
	       (unsigned long long)location->address,
	       (unsigned long long)location->offset);
	if (location->symbol)
		safe_printf(stdout, ", in %s+%llu", location->symbol,
			    (unsigned long long)location->symbol_offset);
	if (location->source)
		safe_printf(stdout, ", %s", location->source);
	printf("\n");
	if (location->problem)
		printf("      cannot be traced: %s\n", location->problem);
	print_warnings(location);
	print_state(match, location, pid);
	print_semaphore(match, location, pid);
	for (i = 0; i < location->nargs; i++) {
		const struct operand *op = &location->args[i];
		const struct variable *variable = variable_of(location, i);
		char *words = operand_describe(match->file->list.machine, op);

		safe_printf(stdout, "      arg%zu %-16s %s", i, op->text,
			    words ? words : "");
		if (variable)
			safe_printf(stdout, ": %s, %s", variable->name, variable->type);
		printf("\n");
		free(words);
	}
}

static void print_verbose(const struct match *match, int pid)
{
	const struct probe *probe = match->probe;
	size_t i;

	safe_printf(stdout, "usdt:%s:%s:%s\n", probe->path, probe->provider, probe->name);
	for (i = 0; i < probe->nlocations; i++)
		print_location(match, i, pid);
}

static int print_matches(const struct search *search, const struct list_options *o)
{
	size_t i, count = 0;
	struct match *matches;

	for (i = 0; (o->verbose || o->json) && !o->no_types && i < search->count; i++)
		if (probes_read_types(&search->files[i]->list, search->files[i]->matched,
				      NULL) == -ENOMEM)
			return EXIT_BROKEN;
	matches = matches_find(search, &count);
	if (!matches)
		return EXIT_BROKEN;
	for (i = 0; i < count; i++) {
		const struct probe *probe = matches[i].probe;

		if (o->json)
			print_json(&matches[i]);
		else if (o->verbose)
			print_verbose(&matches[i], o->pid);
		else
			safe_printf(stdout, "usdt:%s:%s:%s\n", probe->path,
				    probe->provider, probe->name);
	}
	free(matches);
	return count ? EXIT_YES : EXIT_NO;
}

static int list(const struct list_options *o, char *patterns[], int count)
{
	enum probe_detail detail = o->verbose || o->json ? PROBE_SYMBOLS : PROBE_NAMES;
	int i, status, worst = 0;
	static char buffer[1 << 16];
	struct search search;

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer)); /* 4 KiB if it were glibc's */
	status = search_init(&search, o->pid, NULL, detail);
	if (!status && !count)
		status = search_add_all(&search);
	for (i = 0; !status && i < count; i++) {
		int found = search_add(&search, patterns[i], MARK_START);

		worst = found > worst ? found : worst;
	}
	if (!status)
		status = print_matches(&search, o);
	search_fini(&search);
	return status > worst ? status : worst;
}

static int run(int argc, char *argv[])
{
	struct list_options o = {0};
	int letter;

	while ((letter = next_option(&list_command, argc, argv)) != -1)
		switch (letter) {
		case 'p':
			if (parse_pid(&list_command, optarg, &o.pid))
				return EXIT_USAGE;
			break;
		case 'v':
			o.verbose = true;
			break;
		case 'j':
			o.json = true;
			break;
		case 'T':
			o.no_types = true;
			break;
		case 'h':
			print_help(&list_command);
			return EXIT_YES;
		default:
			return EXIT_USAGE;
		}
	if (optind == argc && !o.pid)
		return usage_error(&list_command, "of what? Name a file or use -p PID");
	return list(&o, argv + optind, argc - optind);
}
