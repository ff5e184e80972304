// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a program forks can leave its session, and its parent's death makes it an orphan.
 * The grader is therefore a "child subreaper": orphans become its children, where they
 * are found and killed until there are none.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "grader/interrupt.h"
#include "grader/sandbox.h"

static const struct limit {
	int resource;
	rlim_t value;
} limits[] = {
	{RLIMIT_CPU, 20},     {RLIMIT_AS, 4ull << 30}, {RLIMIT_FSIZE, 64 << 20},
	{RLIMIT_CORE, 0},     {RLIMIT_NOFILE, 256},    {RLIMIT_MEMLOCK, 64 << 10},
	{RLIMIT_MSGQUEUE, 0},
};

#define PATIENCE_MS 2000 /* to see all of them dead */

/* What the child needs to set itself up. */
struct setup {
	const struct learner *learner;
	const char *folder;
	int input, output; /* descriptors, -1: /dev/null */
	rlim_t tasks;
};

/* The limit on processes counts all of an account, so see how many there are: a thread
 * each is an entry of task/, whose link count says how many. */
static rlim_t tasks_of(uid_t uid)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	rlim_t count = 0;
	struct stat st;
	char path[300];

	while (proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/task", entry->d_name);
		if (stat(path, &st) == 0 && st.st_uid == uid)
			count += st.st_nlink - 2;
	}
	if (proc)
		closedir(proc);
	return count;
}

static int set_limits(rlim_t tasks)
{
	struct rlimit rlimit = {tasks, tasks}, old;
	size_t i;

	if (setrlimit(RLIMIT_NPROC, &rlimit) && errno != EPERM)
		return -errno;
	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (getrlimit(limits[i].resource, &old))
			return -errno;
		rlimit.rlim_cur = rlimit.rlim_max =
			old.rlim_max < limits[i].value ? old.rlim_max : limits[i].value;
		if (setrlimit(limits[i].resource, &rlimit))
			return -errno;
	}
	return 0;
}

static int redirect(int from, int to, int flags)
{
	int fd = from >= 0 ? from : open("/dev/null", flags | O_CLOEXEC);

	return fd < 0 || dup2(fd, to) < 0 ? -errno : 0;
}

/* In the child, before it is held. The order matters: root's rights go late. */
static int set_up(void *data)
{
	const struct setup *setup = data;
	int err;

	setsid();
	if ((err = redirect(setup->input, STDIN_FILENO, O_RDONLY)) ||
	    (err = redirect(setup->output, STDOUT_FILENO, O_WRONLY)) ||
	    (err = redirect(setup->output, STDERR_FILENO, O_WRONLY)) ||
	    (err = set_limits(setup->tasks)) || (err = learner_become(setup->learner)))
		return -err;
	/* After the change of ids, which clears it. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    chdir(setup->folder))
		return errno;
	close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
	if (clearenv() || setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1) ||
	    setenv("LC_ALL", "C", 1) || setenv("TMPDIR", setup->folder, 1))
		return ENOMEM;
	signal(SIGPIPE, SIG_DFL);
	return 0;
}

/* A pipe with TEXT in it and nothing to follow; TEXT fits a pipe. */
static int pipe_with(const char *text, int *out)
{
	int ends[2], err = 0;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	if (write(ends[1], text, strlen(text)) != (ssize_t)strlen(text))
		err = -EIO;
	close(ends[1]);
	if (err)
		close(ends[0]);
	else
		*out = ends[0];
	return err;
}

int sandbox_hold(struct sandbox *sandbox, const struct learner *learner,
		 const char *folder, char *const argv[], const char *input,
		 bool want_output, unsigned int more_tasks)
{
	struct setup setup = {.learner = learner,
			      .folder = folder,
			      .input = -1,
			      .output = -1};
	int ends[2] = {-1, -1}, err = 0;

	*sandbox = (struct sandbox){.output = -1};
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	setup.tasks = tasks_of(learner->code_uid) + more_tasks;
	if (input)
		err = pipe_with(input, &setup.input);
	if (!err && want_output && pipe2(ends, O_CLOEXEC))
		err = -errno;
	setup.output = ends[1];
	if (!err)
		err = child_hold(&sandbox->child, argv, set_up, &setup);
	if (setup.input >= 0)
		close(setup.input);
	if (setup.output >= 0)
		close(setup.output);
	if (err && ends[0] >= 0)
		close(ends[0]);
	else
		sandbox->output = ends[0];
	return err;
}

int sandbox_go(struct sandbox *sandbox)
{
	return child_go(&sandbox->child);
}

bool sandbox_ended(struct sandbox *sandbox)
{
	if (!sandbox->ended && sandbox->child.pid > 0 &&
	    waitpid(sandbox->child.pid, &sandbox->status, WNOHANG) ==
		    sandbox->child.pid) {
		sandbox->ended = true;
		sandbox->child.pid = 0;
	}
	return sandbox->ended;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

/* Reads until end of file; what is above the limit is read and dropped. */
static int drain(int fd, char *text, size_t limit, size_t *len, int64_t until)
{
	struct pollfd input = {.fd = fd, .events = POLLIN};
	char waste[4096];
	int64_t left;
	ssize_t n;

	for (;;) {
		left = until - now_ms();
		if (left <= 0)
			return -ETIME;
		if (interrupted())
			return -EINTR;
		if (poll(&input, 1, left) <= 0)
			continue;
		n = *len < limit ? read(fd, text + *len, limit - *len)
				 : read(fd, waste, sizeof(waste));
		if (n <= 0)
			return 0;
		if (*len < limit)
			*len += n;
	}
}

char *sandbox_output(struct sandbox *sandbox, size_t limit, int seconds)
{
	int64_t until = now_ms() + seconds * 1000ll;
	char *text = malloc(limit + 1);
	size_t len = 0;
	int err;

	if (!text)
		return NULL;
	err = drain(sandbox->output, text, limit, &len, until);
	while (!err && !sandbox_ended(sandbox)) {
		if (now_ms() > until)
			err = -ETIME;
		else
			usleep(1000);
	}
	if (err) {
		free(text);
		errno = -err;
		return NULL;
	}
	text[len] = '\0';
	return text;
}

/* One round: kill and reap whatever is our child now. False when there is none. */
static bool kill_children(void)
{
	char path[64];
	FILE *children;
	pid_t pid;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", gettid());
	children = fopen(path, "re");
	while (children && fscanf(children, "%d", &pid) == 1)
		kill(pid, SIGKILL);
	if (children)
		fclose(children);
	/* Without that file (an old kernel) the group's kill below has to do. */
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		;
	return pid == 0;
}

void sandbox_end(struct sandbox *sandbox)
{
	int64_t until = now_ms() + PATIENCE_MS;
	struct child *child = &sandbox->child;

	sandbox_ended(sandbox);
	if (child->pid > 0) {
		kill(-child->pid, SIGKILL);
		kill(child->pid, SIGKILL); /* it may not have made its group yet */
	}
	while (kill_children() && now_ms() < until)
		usleep(1000);
	child->pid = 0; /* so that this only closes: it would wait without end */
	child_abandon(child);
	if (sandbox->output >= 0)
		close(sandbox->output);
	sandbox->output = -1;
}
