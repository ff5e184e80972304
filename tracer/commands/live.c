// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/words.h"
#include "tracer/commands/live_command.h"
#include "tracer/commands/explain.h"
#include "tracer/commands/live.h"
#include "tracer/commands/live_check.h"
#include "tracer/commands/warnings.h"

#define LATE_LOCATIONS 1024 /* of libraries mapped later */
#define EXPLAIN_AFTER 3	    /* seconds without a hit */
#define READER_NICE -10

static volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
	interrupted = 1;
}

static void catch_signals(void)
{
	/* Restarted: events that are being written when it comes must not be torn. What
	   waits for events is woken all the same (signal(7)). */
	struct sigaction end = {.sa_handler = on_signal, .sa_flags = SA_RESTART},
			 ignore = {.sa_handler = SIG_IGN}, before;

	sigaction(SIGINT, &end, NULL);
	sigaction(SIGTERM, &end, NULL);
	if (!sigaction(SIGHUP, NULL, &before) && before.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &end, NULL); /* else nohup(1) wants us to live */
	sigaction(SIGPIPE, &ignore, NULL);     /* a closed pipe is an error of write() */
}

double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Has what is traced ended? An ended child stays unreaped, so that its number stays its
 * own. */
static bool target_ended(const struct live *l)
{
	pid_t pid = l->child.pid ? l->child.pid : l->options->pid;

	return pid && process_ended(pid);
}

bool live_over(const struct live *l)
{
	return interrupted || (l->end && seconds_now() >= l->end) || target_ended(l);
}

static size_t most_args(const struct search *s)
{
	size_t i, j, k, most = 0;

	for (i = 0; i < s->count; i++)
		for (j = 0; j < s->files[i]->list.count; j++) {
			const struct probe *probe = &s->files[i]->list.probes[j];

			for (k = 0; s->files[i]->matched[j] && k < probe->nlocations; k++)
				if (probe->locations[k].nargs > most)
					most = probe->locations[k].nargs;
		}
	return most;
}

/* Of the files from FROM on. Without debug information all is as its operand says. */
static void read_types(struct live *l, size_t from)
{
	size_t i;

	for (i = from; !l->options->no_types && i < l->search.count; i++)
		probes_read_types(&l->search.files[i]->list, l->search.files[i]->matched,
				  NULL);
}

/* Marks what the patterns mean: MARK_START, and MARK_END for a latency's ends. */
int live_find(struct live *l, const struct live_options *options, char *const patterns[],
	      size_t count, size_t ends)
{
	size_t i;
	int status;

	*l = (struct live){
		.options = options,
		.patterns = patterns,
		.npatterns = count,
		.nends = ends,
		.child = {.go_fd = -1, .status_fd = -1},
	};
	status = command_split(l);
	if (!status)
		status = search_init(&l->search, options->pid,
				     l->words ? l->words[0] : NULL, PROBE_NOTES);
	l->search.grows = options->command_line;
	for (i = 0; !status && i < count; i++)
		status = search_add(&l->search, patterns[i],
				    i < count - ends ? MARK_START : MARK_END);
	if (!status)
		l->columns = most_args(&l->search);
	if (!status)
		read_types(l, 0);
	/* Of what is to come it is not known which arguments it will have. */
	return status || l->search.waits ? status : live_check(l);
}

static int add_probe(struct live *l, const struct probe_list *list,
		     const struct probe *probe, unsigned int mark)
{
	int width = strlen(probe->provider) + 1 + strlen(probe->name), err;

	if (mark == MARK_BOTH) {
		complain("%s:%s cannot be both the start and the end", probe->provider,
			 probe->name);
		return EXIT_USAGE;
	}
	err = mark == MARK_END ? session_add_end(l->session, list, probe)
			       : session_add(l->session, list, probe);
	if (err) {
		complain("%s", err == -ENOTSUP ? session_error(l->session)
			       : err == -E2BIG ? "too many locations were added"
					       : strerror(-err));
		return EXIT_CANNOT;
	}
	if (width > l->name_width)
		l->name_width = width;
	l->probes++;
	return 0;
}

/* Every probe that is meant in a file, unless that cannot be traced at all. */
static int add_file(struct live *l, const struct searched_file *file)
{
	int status = 0;
	size_t i;

	for (i = 0; !status && i < file->list.count; i++)
		if (file->matched[i])
			status = add_probe(l, &file->list, &file->list.probes[i],
					   file->matched[i]);
	return status;
}

/* From file FROM on. One that cannot be traced is passed over if there are others. */
static int add_probes(struct live *l, size_t from)
{
	int status = 0, one;
	size_t i;

	for (i = from; status != EXIT_USAGE && i < l->search.count; i++) {
		one = add_file(l, l->search.files[i]);
		status = one ? one : status;
	}
	return status == EXIT_USAGE || !l->probes ? status : 0;
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
			 session_reason(err));
}

static int attach_status(struct live *l, int err)
{
	const char *advice = session_advice(l->session);

	complain("%s", session_error(l->session));
	if (!strcmp(advice, "sudo"))
		advise_sudo(l->options->command->name);
	else if (*advice)
		advise("%s", advice);
	return err == -ESRCH || err == -ENOENT ? EXIT_NO : EXIT_CANNOT;
}

static int attach_session(struct live *l, const struct session_options *options)
{
	size_t attached;
	int err, status;

	l->session = session_new(options);
	if (!l->session) {
		complain("cannot begin: %s", strerror(errno));
		return EXIT_BROKEN;
	}
	status = add_probes(l, 0);
	if (status)
		return status;
	err = session_attach(l->session);
	if (err)
		return attach_status(l, err);
	tell_refusals(l->session);
	attached = session_attached(l->session);
	if (!l->options->quiet && !l->probes)
		fprintf(stderr, "no probes in the command's program: waiting for what it "
				"maps\n");
	else if (!l->options->quiet)
		fprintf(stderr, "attached %zu location%s of %zu probe%s\n", attached,
			attached == 1 ? "" : "s", l->probes, l->probes == 1 ? "" : "s");
	tell_warnings(&l->search);
	return 0;
}

/* Only a pattern that leaves something open may mean what is mapped later; or any, where
 * there is nothing yet that it may mean. */
bool live_may_grow(const struct live *l)
{
	size_t i;

	if (!l->options->pid && !l->options->command_line)
		return false;
	if (l->search.waits)
		return true;
	for (i = 0; i < l->npatterns; i++)
		if (strpbrk(l->patterns[i], "*?["))
			return true;
	return false;
}

int live_attach(struct live *l, struct session_options session)
{
	const struct live_options *o = l->options;
	int status;

	catch_signals();
	status = command_hold(l);
	session.pid = o->pid;
	session.follow = l->child.pid;
	if (live_may_grow(l))
		session.watch = o->pid ? o->pid : l->child.pid;
	session.late_room = session.watch ? LATE_LOCATIONS : 0;
	session.filter = &o->filter;
	if (!status)
		status = attach_session(l, &session);
	/* A reader that has to wait for its turn on a busy machine loses events. */
	if (!status)
		setpriority(PRIO_PROCESS, 0, READER_NICE);
	if (!status && !interrupted)
		status = command_go(l);
	l->end = o->seconds ? seconds_now() + o->seconds : 0;
	if (!o->quiet && isatty(STDERR_FILENO))
		l->explain_at = seconds_now() + EXPLAIN_AFTER;
	return status;
}

/* What the process has mapped since is searched by the same patterns. */
static void attach_mapped(struct live *l, uint64_t when)
{
	size_t from = l->search.count, before = session_attached(l->session), more;

	if (search_mapped(&l->search, l->options->pid ? l->options->pid : l->child.pid,
			  l->patterns, l->npatterns, l->nends) ||
	    add_probes(l, from))
		return;
	if (session_attach(l->session) && !session_attached(l->session))
		return;
	more = session_attached(l->session) - before;
	if (more && !l->options->quiet)
		fprintf(stderr,
			"attached %zu more location%s, %.1f ms after they were mapped\n",
			more, more == 1 ? "" : "s", seconds_now() * 1e3 - when / 1e6);
	read_types(l, from); /* that may take long: first things first */
}

bool live_explains(const struct live *l)
{
	return l->explain_at && seconds_now() >= l->explain_at;
}

void live_tick(struct live *l, bool hit)
{
	uint64_t when;

	if (session_mapped(l->session, &when))
		attach_mapped(l, when);
	if (hit)
		l->explain_at = 0;
	if (live_explains(l)) {
		explain_silence(&l->search,
				l->options->session.job == JOB_LATENCY
					? "gone from the start to the end"
					: "come to the probe",
				l->options->filter.count
					? ", or no hit has passed the filter"
					: "");
		l->explain_at = 0;
	}
}

int live_found(const struct live *l)
{
	return session_attached(l->session) ? EXIT_YES
					    : search_in_vain(&l->search, l->patterns[0]);
}

void live_fini(struct live *l)
{
	uint64_t unfollowed = l->session ? session_unfollowed(l->session) : 0;

	if (unfollowed)
		complain("%llu child processes were too many to be followed: their "
			 "hits are missing",
			 (unsigned long long)unfollowed);
	command_end(l);
	session_free(l->session);
	search_fini(&l->search);
	words_free(l->words);
}
