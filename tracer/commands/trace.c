// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/exit.h"
#include "tracer/commands/live.h"
#include "tracer/commands/print_event.h"

static int run(int argc, char *argv[]);

const struct command trace_command = {
	.name = "trace",
	.arguments = "PATTERN...",
	.summary = "print each hit of a probe with its arguments",
	.details = "Ends at Ctrl-C, after COUNT or SECONDS, or when the process or "
		   "COMMAND ends.\n"
		   "With -p or -c the PATH of a pattern may be left out. Needs root.\n"
		   "\n"
		   "  usdt trace -p 1234 '*'\n"
		   "  usdt trace -n 5 python3:python:gc__start\n"
		   "  usdt trace -c 'python3 -c \"import json\"' 'python:import__*'\n"
		   "\n"
		   "Strings are shown where an 8-byte argument points to one. When it "
		   "has begun,\n"
		   "\"attached ...\" is written to standard error, and at the end how "
		   "many events\n"
		   "there were and how many were lost.\n"
		   "Exit status: 0 if anything was attached, 1 if nothing matched, 77 if "
		   "this\n"
		   "machine or user cannot trace.\n",
	.options = trace_option_defs,
	.run = run,
};

#define NAME_WIDTH_MAX 48 /* one long name must not push all arguments far right */

/* A trace under way. */
struct trace {
	const struct live_options *options;
	struct live live;
	struct event_printer printer;
	struct stacks *stacks; /* NULL without --stack */
	bool cut_short, told;  /* a stack ended early, and that was said */
	uint64_t events;
	int write_error; /* errno of the first write of events that failed, else 0 */
};

/* errno does not live long: what comes after a failed write has errors of its own. */
static bool write_failed(struct trace *t)
{
	if (ferror(t->printer.out) && !t->write_error)
		t->write_error = errno ? errno : EIO;
	return t->write_error != 0;
}

static int on_event(const struct event *event, void *data)
{
	struct trace *t = data;

	if (t->options->count && t->events >= t->options->count)
		return 1;
	print_event(&t->printer, event);
	t->events++;
	return (t->options->count && t->events >= t->options->count) || write_failed(t);
}

static void drain(struct trace *t)
{
	session_detach(t->live.session);
	while (session_poll(t->live.session, 0, on_event, t) > 0)
		;
}

/* Said once. */
static void tell_cut_short(struct trace *t)
{
	static const char *const why[] = {
		[STACK_FRAME_POINTERS] =
			"some stacks end early: code built without frame pointers hides "
			"its callers; --stack=dwarf finds more of them",
		[STACK_COPY] = "some stacks end early: 8 KiB of each were looked at, and "
			       "only files with unwind tables tell their callers; of a "
			       "process that has ended, only the probe's file is known",
	};

	if (!t->cut_short || t->told)
		return;
	t->told = true;
	if (!t->options->quiet)
		complain("%s", why[t->options->session.stack]);
}

/* Until something ends it. Returns an exit status. */
static int follow(struct trace *t)
{
	FILE *out = t->printer.out;
	int n = 0;

	while (n >= 0) {
		if (live_over(&t->live)) {
			drain(t);
			break;
		}
		n = session_poll(t->live.session, 20, on_event, t);
		if (n > 0 && fflush(out) && write_failed(t))
			break;
		live_tick(&t->live, t->events > 0);
		tell_cut_short(t);
	}
	if (!t->write_error && fflush(out))
		write_failed(t);
	if (!t->write_error)
		return EXIT_YES;
	clearerr(out); /* it is told here, and not once more at the end */
	if (t->write_error == EPIPE)
		return EXIT_YES;
	complain("cannot write %s: %s",
		 t->options->output ? t->options->output : "events",
		 strerror(t->write_error));
	return EXIT_NO;
}

static int open_output(struct trace *t)
{
	static char buffer[1 << 16];
	FILE *out = stdout;

	if (t->options->output)
		out = fopen(t->options->output, "we");
	if (!out) {
		complain("cannot write '%s': %s", t->options->output, strerror(errno));
		return EXIT_NO;
	}
	setvbuf(out, buffer, _IOFBF, sizeof(buffer)); /* 4 KiB if it were glibc's */
	event_printer_init(&t->printer, out, t->options->format);
	t->printer.styles = t->options->session.styles;
	/* The first line is written once, whatever is mapped later. */
	t->printer.columns = live_may_grow(&t->live) ? OPERANDS_MAX : t->live.columns;
	t->printer.colour = out == stdout && isatty(STDOUT_FILENO) &&
			    (!getenv("NO_COLOR") || !*getenv("NO_COLOR"));
	if (t->options->session.stack)
		t->printer.stacks = t->stacks = stacks_new(t->options->session.stack);
	t->printer.cut_short = &t->cut_short;
	print_event_head(&t->printer);
	return 0;
}

static int trace(const struct live_options *o, char *patterns[], int count)
{
	struct trace t = {.options = o};
	int status = live_find(&t.live, o, patterns, count, 0);

	if (!status)
		status = open_output(&t);
	if (!status)
		status = live_attach(&t.live, o->session);
	if (!status) {
		t.printer.name_width = t.live.name_width < NAME_WIDTH_MAX
					       ? t.live.name_width
					       : NAME_WIDTH_MAX;
		status = follow(&t);
		tell_cut_short(&t);
		if (!o->quiet)
			fprintf(stderr, "%llu event%s, %llu lost\n",
				(unsigned long long)t.events, t.events == 1 ? "" : "s",
				(unsigned long long)session_lost(t.live.session));
		if (!status)
			status = live_found(&t.live);
	}
	live_fini(&t.live);
	stacks_free(t.stacks);
	if (o->output && t.printer.out && fclose(t.printer.out) && !status) {
		complain("cannot write '%s': %s", o->output, strerror(errno));
		status = EXIT_NO;
	}
	return status;
}

static int run(int argc, char *argv[])
{
	struct live_options o = {.session.job = JOB_TRACE};
	int status = live_options_parse(&trace_command, argc, argv, &o);

	if (status)
		return status < 0 ? EXIT_YES : status;
	return trace(&o, argv + optind, argc - optind);
}
