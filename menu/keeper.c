// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who must not outlive whom, and by what means:
 *
 *	target dies with the keeper     the kernel sends it SIGKILL (PR_SET_PDEATHSIG)
 *	keeper ends with its record     it looks at state.json twice a second
 *	keeper ends with the menu       a pipe whose other end only the menu has (the
 *leash)
 *
 * Between the fork and the record there is a moment in which the starter may be killed.
 * Hence .hold: a pipe again; only when the starter has closed it, or died, does the
 *keeper look for the record for the first time.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "menu/keeper.h"
#include "menu/run.h"
#include "menu/state.h"
#include "menu/text.h"
#include "menu/user.h"

#define PATIENCE_MS 2000 /* from SIGTERM to SIGKILL */
#define LOOK_MS 500	 /* how often the record is looked for */

/* What the keeper tells the starter. */
struct report {
	int err;
	pid_t keeper;
	pid_t target;
};

/* The keeper's descriptors after tidy(); everything else is closed. */
enum { FD_HOLD = 3, FD_REPORT, FD_LEASH, FD_SIGNALS, FD_LAST = FD_SIGNALS };

struct watch {
	const struct keeper_order *order;
	const char *name; /* of the program, as in the state */
	char *state_path;
	struct timespec seen; /* the state's modification time when last read */
	ino_t seen_inode;
	pid_t target;
	bool leashed;
};

/*
 * Keep only what the keeper needs, at fixed numbers: an inherited pipe would keep
 * whoever reads it waiting, the lock's descriptor would keep the lock.
 */
static int tidy(int hold, int report, int leash)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), from[3], i;
	const int want[3] = {hold, report, leash};

	if (null < 0)
		return -errno;
	for (i = 0; i < 3; i++) {
		from[i] = want[i] < 0 ? -1 : fcntl(want[i], F_DUPFD_CLOEXEC, 20);
		if (want[i] >= 0 && from[i] < 0)
			return -errno;
	}
	for (i = 0; i < 3; i++) {
		if (from[i] >= 0 && dup3(from[i], FD_HOLD + i, O_CLOEXEC) < 0)
			return -errno;
	}
	for (i = 0; i < 3; i++)
		dup2(null, i);
	if (leash < 0)
		close(FD_LEASH);
	return close_range(FD_LAST, ~0U, 0) ? -errno : 0;
}

static int watch_signals(void)
{
	sigset_t set;
	int fd;

	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return -errno;
	return dup3(fd, FD_SIGNALS, O_CLOEXEC) < 0 && fd != FD_SIGNALS ? -errno : 0;
}

/*
 * A core would have the values that the probes hand over. 1 and not 0, as it keeps both
 * kinds away: no file can be that small, and a core that goes to a program's pipe (as
 * core_pattern may say) heeds this limit alone (fs/coredump.c). Only root can raise it
 * again; so where it is 0 already, as under sudo, it stays.
 */
static int forbid_core(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit))
		return -errno;
	limit.rlim_max = limit.rlim_max ? 1 : 0;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_CORE, &limit) ? -errno : 0;
}

/* In the target's process. Comes back only with a negative errno. */
static int exec_target(const struct keeper_order *order, pid_t keeper, int seed)
{
	char *const argv[] = {(char *)order->program, NULL};
	int beat, log;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		return -errno;
	if (getppid() != keeper)
		return -ESRCH; /* it died before the line above */
	beat = open(order->heartbeat, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	log = open(order->log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	if (beat < 0 || log < 0 || dup2(seed, 0) < 0 || dup2(beat, 1) < 0 ||
	    dup2(log, 2) < 0)
		return -errno;
	if (forbid_core())
		return -errno;
	run_reset_signals();
	signal(SIGHUP, SIG_DFL);
	execv(order->program, argv);
	return -errno;
}

static int spawn_target(const struct keeper_order *order, pid_t *target)
{
	int seed[2] = {-1, -1}, failed[2] = {-1, -1}, err = 0;
	char text[32];
	int length = snprintf(text, sizeof(text), "%" PRIu64 "\n", order->seed);
	pid_t keeper = getpid();

	if (pipe2(seed, O_CLOEXEC) || pipe2(failed, O_CLOEXEC))
		return -errno;
	*target = fork();
	if (*target < 0)
		return -errno;
	if (*target == 0) {
		err = exec_target(order, keeper, seed[0]);
		if (write(failed[1], &err, sizeof(err)) < 0)
			_exit(127);
		_exit(126);
	}
	close(seed[0]);
	close(failed[1]);
	if (write(seed[1], text, length) != length)
		err = -errno;
	close(seed[1]);
	if (read(failed[0], &err, sizeof(err)) < 0)
		err = -errno;
	close(failed[0]);
	return err;
}

/* Does the state still have this target? When it cannot be understood: yes. */
static bool recorded(struct watch *watch)
{
	struct target_record *record;
	struct state state;
	struct stat stat_now;
	char *error = NULL;
	bool found;

	if (stat(watch->state_path, &stat_now))
		return errno != ENOENT && errno != ENOTDIR;
	if (stat_now.st_ino == watch->seen_inode &&
	    stat_now.st_mtim.tv_sec == watch->seen.tv_sec &&
	    stat_now.st_mtim.tv_nsec == watch->seen.tv_nsec)
		return true;
	if (state_read(watch->order->folder, &state, &error)) {
		free(error);
		return true;
	}
	record = state_target(&state, watch->name);
	found = record && record->target.pid == watch->target;
	state_free(&state);
	watch->seen = stat_now.st_mtim;
	watch->seen_inode = stat_now.st_ino;
	return found;
}

/* A byte: stay without the menu. End of file: the menu is gone. */
static bool leash_holds(struct watch *watch, short events)
{
	char byte;

	if (!watch->leashed || !events)
		return true;
	if (read(FD_LEASH, &byte, 1) != 1)
		return false;
	watch->leashed = false;
	return true;
}

/* Has it ended? Then say how, in its log. */
static bool target_ended(const struct watch *watch)
{
	int status, fd;

	if (waitpid(watch->target, &status, WNOHANG) != watch->target)
		return false;
	fd = open(watch->order->log, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0)
		return true;
	if (WIFSIGNALED(status))
		dprintf(fd, "bpfhol: %s was ended by signal %d (%s)\n", watch->name,
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		dprintf(fd, "bpfhol: %s ended with status %d\n", watch->name,
			WEXITSTATUS(status));
	close(fd);
	return true;
}

static void end_target(const struct watch *watch)
{
	struct pollfd signals = {.fd = FD_SIGNALS, .events = POLLIN};
	struct signalfd_siginfo info;
	int waited;

	kill(watch->target, SIGTERM);
	for (waited = 0; waited < PATIENCE_MS; waited += 50) {
		if (target_ended(watch))
			return;
		poll(&signals, 1, 50);
		while (read(FD_SIGNALS, &info, sizeof(info)) > 0)
			;
	}
	kill(watch->target, SIGKILL); /* also ends one that a debugger holds */
	waitpid(watch->target, NULL, 0);
}

static void keep(struct watch *watch)
{
	struct signalfd_siginfo info;

	for (;;) {
		struct pollfd polls[] = {
			{.fd = FD_SIGNALS, .events = POLLIN},
			{.fd = watch->leashed ? FD_LEASH : -1, .events = POLLIN},
		};

		if (target_ended(watch))
			return;
		if (!recorded(watch))
			break;
		poll(polls, 2, LOOK_MS);
		if (!leash_holds(watch, polls[1].revents))
			break;
		if (read(FD_SIGNALS, &info, sizeof(info)) == sizeof(info) &&
		    info.ssi_signo == SIGTERM)
			break;
	}
	end_target(watch);
}

/* The keeper's whole life. */
static void keeper_main(const struct user *user, const struct keeper_order *order,
			int hold, int report)
{
	struct watch watch = {.order = order, .leashed = order->leash >= 0};
	struct report said = {.keeper = getpid()};
	const char *slash = strrchr(order->program, '/');
	char byte;

	umask(077);
	prctl(PR_SET_NAME, "bpfhol-keeper");
	watch.name = slash ? slash + 1 : order->program;
	watch.state_path = text_format("%s/state.json", order->folder);
	said.err = user_settle(user, false);
	if (!said.err)
		said.err = tidy(hold, report, order->leash);
	if (said.err) {
		if (write(report, &said, sizeof(said)) < 0)
			_exit(1);
		_exit(1);
	}
	said.err = watch_signals();
	if (!said.err && chdir("/"))
		said.err = -errno;
	if (!said.err)
		said.err = spawn_target(order, &said.target);
	watch.target = said.target;
	if (write(FD_REPORT, &said, sizeof(said)) < 0 || said.err)
		_exit(1);
	close(FD_REPORT);
	while (read(FD_HOLD, &byte, 1) < 0 && errno == EINTR)
		;
	close(FD_HOLD);
	keep(&watch);
	_exit(0);
}

int keeper_start(const struct user *user, const struct keeper_order *order,
		 struct keeper *keeper)
{
	int hold[2] = {-1, -1}, report[2] = {-1, -1}, err = 0;
	struct report said = {.err = -EIO};
	pid_t middle;

	keeper->hold = -1;
	if (pipe2(hold, O_CLOEXEC) || pipe2(report, O_CLOEXEC)) {
		err = -errno;
		goto out;
	}
	fflush(NULL);
	middle = fork();
	if (middle < 0) {
		err = -errno;
		goto out;
	}
	if (middle == 0) {
		/* A second fork: the keeper is nobody's child and no terminal's. */
		setsid();
		if (fork() == 0)
			keeper_main(user, order, hold[0], report[1]);
		_exit(0);
	}
	close(report[1]);
	report[1] = -1;
	waitpid(middle, NULL, 0);
	if (read(report[0], &said, sizeof(said)) != sizeof(said))
		said.err = -EIO;
	err = said.err;
	if (!err)
		err = process_identify(said.keeper, &keeper->keeper);
	if (!err)
		err = process_identify(said.target, &keeper->target);
	if (!err) {
		keeper->hold = hold[1];
		hold[1] = -1;
	}
out:
	if (hold[0] >= 0)
		close(hold[0]);
	if (hold[1] >= 0)
		close(hold[1]);
	if (report[0] >= 0)
		close(report[0]);
	if (report[1] >= 0)
		close(report[1]);
	return err;
}
