// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/words.h"
#include "tracer/commands/command.h"
#include "tracer/commands/print_event.h"
#include "tracer/commands/search.h"
#include "tracer/commands/trace_options.h"
#include "tracer/commands/warnings.h"
#include "tracer/live/child.h"
#include "tracer/live/session.h"

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

static volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
	interrupted = 1;
}

static void catch_signals(void)
{
	struct sigaction end = {.sa_handler = on_signal},
			 ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGINT, &end, NULL);
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGHUP, &end, NULL);
	sigaction(SIGPIPE, &ignore, NULL); /* a closed pipe is an error of write() */
}

/* The command must not inherit that a closed pipe is ignored. */
static int restore_signals(void *data)
{
	signal(SIGPIPE, SIG_DFL);
	return 0;
}

/* A trace under way. */
struct trace {
	const struct trace_options *options;
	struct search search;
	struct session *session;
	struct child child; /* .pid is 0 without -c */
	struct event_printer printer;
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

	print_event(&t->printer, event);
	t->events++;
	return (t->options->count && t->events >= t->options->count) || write_failed(t);
}

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Has what is traced ended? An ended child stays unreaped, so that its number stays its
 * own. */
static bool target_ended(struct trace *t)
{
	pid_t pid = t->child.pid ? t->child.pid : t->options->pid;
	char state;

	if (!pid)
		return false;
	state = process_state(pid);
	return !state || state == 'Z' || state == 'X';
}

static int drain(struct trace *t)
{
	int n;

	while ((n = session_poll(t->session, 0, on_event, t)) > 0)
		;
	return n;
}

/* Until something ends it. Returns an exit status. */
static int follow(struct trace *t)
{
	double end = t->options->seconds ? seconds_now() + t->options->seconds : 0;
	FILE *out = t->printer.out;
	int n = 0;

	while (!interrupted && n >= 0) {
		bool over = (end && seconds_now() >= end) || target_ended(t);

		if (over) {
			session_detach(t->session);
			n = drain(t);
			break;
		}
		n = session_poll(t->session, 20, on_event, t);
		if (n > 0 && fflush(out) && write_failed(t))
			break;
	}
	if (interrupted) {
		session_detach(t->session);
		drain(t);
	}
	if (!t->write_error && fflush(out))
		write_failed(t);
	if (!t->write_error || t->write_error == EPIPE)
		return EXIT_YES;
	complain("cannot write %s: %s",
		 t->options->output ? t->options->output : "events",
		 strerror(t->write_error));
	return EXIT_NO;
}

static void tell_refusals(const struct session *session)
{
	const struct location *location;
	const struct probe *probe;
	size_t i;
	int err;

	for (i = 0; (location = session_refusal(session, i, &probe, &err)); i++)
		complain("the kernel refuses %s:%s at %#llx: %s", probe->provider,
			 probe->name, (unsigned long long)location->address,
			 strerror(-err));
}

/* Hands the session every probe that is meant. Returns how many. */
static size_t add_probes(struct trace *t)
{
	struct search *s = &t->search;
	size_t i, j, count = 0;

	for (i = 0; i < s->count; i++)
		for (j = 0; j < s->files[i]->list.count; j++) {
			const struct probe *probe = &s->files[i]->list.probes[j];
			int width = strlen(probe->provider) + 1 + strlen(probe->name);

			if (!s->files[i]->matched[j])
				continue;
			session_add(t->session, &s->files[i]->list, probe);
			if (width > t->printer.name_width)
				t->printer.name_width = width;
			count++;
		}
	return count;
}

static int attach_status(struct trace *t, int err)
{
	complain("%s", session_error(t->session));
	if (!strcmp(session_advice(t->session), "sudo"))
		advise("sudo usdt trace ...");
	else if (*session_advice(t->session))
		advise("%s", session_advice(t->session));
	return err == -ESRCH || err == -ENOENT ? EXIT_NO : EXIT_CANNOT;
}

static int attach(struct trace *t)
{
	struct session_options options = t->options->session;
	size_t probes;
	int err;

	options.pid = t->options->pid;
	options.follow = t->child.pid;
	t->session = session_new(&options);
	if (!t->session) {
		complain("cannot begin: %s", strerror(errno));
		return EXIT_BROKEN;
	}
	probes = add_probes(t);
	err = session_attach(t->session);
	if (err)
		return attach_status(t, err);
	tell_refusals(t->session);
	fprintf(stderr, "attached %zu location%s of %zu probe%s\n",
		session_attached(t->session),
		session_attached(t->session) == 1 ? "" : "s", probes,
		probes == 1 ? "" : "s");
	tell_warnings(&t->search);
	return 0;
}

static int hold_command(struct trace *t, char **words)
{
	int err = words ? child_hold(&t->child, words, restore_signals, NULL) : 0;

	if (err)
		complain("cannot start '%s': %s", words[0], strerror(-err));
	return err ? EXIT_BROKEN : 0;
}

static int let_command_go(struct trace *t, char **words)
{
	int err = t->child.pid ? child_go(&t->child) : 0;

	if (err)
		complain("cannot run '%s': %s", words[0], strerror(-err));
	return err ? EXIT_NO : 0;
}

static int open_output(struct trace *t)
{
	FILE *out = stdout;

	if (t->options->output)
		out = fopen(t->options->output, "we");
	if (!out) {
		complain("cannot write '%s': %s", t->options->output, strerror(errno));
		return EXIT_NO;
	}
	setvbuf(out, NULL, _IOFBF, 1 << 16);
	event_printer_init(&t->printer, out, t->options->format);
	return 0;
}

/*
 * A trace that ends before its command ends that, and what it has started: asked first,
 * made to after two seconds. A command that ended by itself may leave something running.
 */
static void end_command(struct trace *t)
{
	double limit = seconds_now() + 2;

	if (!t->child.pid)
		return;
	if (!target_ended(t)) {
		kill(t->child.pid, SIGTERM);
		session_signal_followed(t->session, SIGTERM);
		while (session_signal_followed(t->session, 0) && seconds_now() < limit)
			usleep(5000);
		session_signal_followed(t->session, SIGKILL);
	}
	child_abandon(&t->child);
}

static int trace(const struct trace_options *o, char **words, char *patterns[], int count)
{
	struct trace t = {.options = o, .child = {.go_fd = -1, .status_fd = -1}};
	int i, status;

	status = search_init(&t.search, o->pid, words ? words[0] : NULL, PROBE_NOTES);
	for (i = 0; !status && i < count; i++)
		status = search_add(&t.search, patterns[i]);
	if (!status)
		status = open_output(&t);
	catch_signals();
	if (!status)
		status = hold_command(&t, words);
	if (!status)
		status = attach(&t);
	if (!status)
		status = let_command_go(&t, words);
	if (!status) {
		status = follow(&t);
		fprintf(stderr, "%llu event%s, %llu lost\n", (unsigned long long)t.events,
			t.events == 1 ? "" : "s",
			(unsigned long long)session_lost(t.session));
	}
	end_command(&t);
	session_free(t.session);
	search_fini(&t.search);
	if (o->output && t.printer.out && fclose(t.printer.out) && !status) {
		complain("cannot write '%s': %s", o->output, strerror(errno));
		status = EXIT_NO;
	}
	return status;
}

static int run(int argc, char *argv[])
{
	struct trace_options o;
	int status = trace_options_parse(&trace_command, argc, argv, &o);
	char **words = NULL;

	if (status)
		return status < 0 ? EXIT_YES : status;
	session_log(o.log);
	if (o.command_line && !(words = words_split(o.command_line)))
		return usage_error(&trace_command, "'%s' is no command line%s",
				   o.command_line,
				   errno == EINVAL ? ": a quote is not closed" : "");
	status = trace(&o, words, argv + optind, argc - optind);
	words_free(words);
	return status;
}
