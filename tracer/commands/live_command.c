// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/num.h"
#include "common/words.h"
#include "tracer/commands/file_limit.h"
#include "tracer/commands/live_command.h"

/*
 * What sudo was given to start is traced by root but runs as whoever called sudo.
 * Returns 0 or an errno.
 */
static int drop_to_caller(void)
{
	const char *uid = getenv("SUDO_UID"), *gid = getenv("SUDO_GID");
	uint64_t user, group;
	gid_t groups[1];

	if (geteuid() || !uid || !gid || parse_u64(uid, 1, UINT32_MAX - 1, &user) ||
	    parse_u64(gid, 0, UINT32_MAX - 1, &group))
		return 0;
	groups[0] = (gid_t)group; /* its other groups are not worth asking NSS for */
	if (setgroups(1, groups) || setgid(groups[0]) || setuid((uid_t)user))
		return errno;
	return 0;
}

/* The command must not inherit that a closed pipe is ignored, our limits, nor root's
 * rights. */
static int prepare_command(void *data)
{
	file_limit_restore();
	signal(SIGPIPE, SIG_DFL);
	return drop_to_caller();
}

int command_split(struct live *l)
{
	const char *line = l->options->command_line;

	if (!line)
		return 0;
	l->words = words_split(line);
	if (l->words)
		return 0;
	complain("'%s' is no command line%s", line,
		 errno == EINVAL ? ": a quote is not closed" : "");
	return EXIT_USAGE;
}

int command_hold(struct live *l)
{
	int err;

	if (!l->words)
		return 0;
	err = child_hold(&l->child, l->words, prepare_command, NULL);
	if (err)
		complain("cannot start '%s': %s", l->words[0], strerror(-err));
	return err ? EXIT_BROKEN : 0;
}

int command_go(struct live *l)
{
	int err = l->child.pid ? child_go(&l->child) : 0;

	if (err)
		complain("cannot run '%s': %s", l->words[0], strerror(-err));
	return err ? EXIT_NO : 0;
}

/*
 * A trace that ends before its command ends that, and what it has started: asked first,
 * made to after two seconds. A command that ended by itself may leave something running.
 */
void command_end(struct live *l)
{
	double limit = seconds_now() + 2;

	if (!l->child.pid)
		return;
	if (!process_ended(l->child.pid)) {
		kill(l->child.pid, SIGTERM);
		session_signal_followed(l->session, SIGTERM);
		while (session_signal_followed(l->session, 0) && seconds_now() < limit)
			usleep(5000);
		session_signal_followed(l->session, SIGKILL);
	}
	child_abandon(&l->child);
}
