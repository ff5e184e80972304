// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "menu/run.h"
#include "menu/text.h"
#include "menu/user.h"

enum { PARENT, CHILD };

/* The pipes to and from the child; -1 where there is none. */
struct pipes {
	int input[2], output[2], errors[2], failed[2]; /* indexed by PARENT, CHILD */
};

/* Numbers from 10 up: the child's own 0 to 3 must not collide with them. */
static int pipe_towards(int fds[2], bool child_reads)
{
	int ends[2], i;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	for (i = 0; i < 2; i++) {
		fds[(i == 0) == child_reads] = fcntl(ends[i], F_DUPFD_CLOEXEC, 10);
		close(ends[i]);
	}
	return fds[0] < 0 || fds[1] < 0 ? -EMFILE : 0;
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_side(struct pipes *pipes, int side)
{
	close_end(&pipes->input[side]);
	close_end(&pipes->output[side]);
	close_end(&pipes->errors[side]);
	close_end(&pipes->failed[side]);
}

static int open_pipes(struct pipes *pipes, const struct run *run)
{
	int err = pipe_towards(pipes->failed, false);

	if (!err && run->input)
		err = pipe_towards(pipes->input, true);
	if (!err && run->capture)
		err = pipe_towards(pipes->output, false);
	if (!err && run->capture_errors)
		err = pipe_towards(pipes->errors, false);
	return err;
}

void run_reset_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
}

/* Runs in the child; comes back only when the program cannot be executed. */
static int become(const struct user *user, const struct run *run, struct pipes *pipes)
{
	int err = user_settle(user, run->as_root);

	if (err)
		return err;
	run_reset_signals();
	if (run->dies_with_us)
		prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (run->input && dup2(pipes->input[CHILD], 0) < 0)
		return -errno;
	if (run->capture_errors && dup2(pipes->errors[CHILD], 2) < 0)
		return -errno;
	if (run->pass)
		fcntl(run->pass, F_SETFD, 0);
	if (run->capture && dup2(pipes->output[CHILD], run->capture) < 0)
		return -errno;
	execvp(run->argv[0], run->argv);
	return -errno;
}

/* One read into a growing text; false at the end of the file. */
static bool collect(int fd, struct text *text)
{
	char buffer[4096];
	ssize_t got = read(fd, buffer, sizeof(buffer));

	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	fwrite(buffer, 1, got, text->stream);
	return got > 0;
}

static void feed(int *fd, const char **input)
{
	ssize_t put = write(*fd, *input, strlen(*input));

	if (put > 0)
		*input += put;
	if ((put < 0 && errno != EAGAIN && errno != EINTR) || !**input)
		close_end(fd); /* all of it written, or nobody reads any more */
}

static void talk(struct pipes *pipes, struct run *run)
{
	const char *input = run->input;
	struct text output, errors;

	text_begin(&output);
	text_begin(&errors);
	if (run->input)
		fcntl(pipes->input[PARENT], F_SETFL, O_NONBLOCK);
	while (pipes->input[PARENT] >= 0 || pipes->output[PARENT] >= 0 ||
	       pipes->errors[PARENT] >= 0) {
		struct pollfd polls[] = {
			{.fd = pipes->input[PARENT], .events = POLLOUT},
			{.fd = pipes->output[PARENT], .events = POLLIN},
			{.fd = pipes->errors[PARENT], .events = POLLIN},
		};

		if (poll(polls, 3, -1) < 0 && errno != EINTR)
			break;
		if (polls[0].revents)
			feed(&pipes->input[PARENT], &input);
		if (polls[1].revents && !collect(polls[1].fd, &output))
			close_end(&pipes->output[PARENT]);
		if (polls[2].revents && !collect(polls[2].fd, &errors))
			close_end(&pipes->errors[PARENT]);
	}
	run->output = text_done(&output);
	run->errors = text_done(&errors);
}

int run_program(const struct user *user, struct run *run)
{
	struct pipes pipes = {{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
	int err, status = 0;
	pid_t pid;

	err = open_pipes(&pipes, run);
	if (err)
		goto out;
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		err = -errno;
		goto out;
	}
	if (pid == 0) {
		close_side(&pipes, PARENT);
		err = become(user, run, &pipes);
		if (write(pipes.failed[CHILD], &err, sizeof(err)) < 0)
			_exit(127);
		_exit(126);
	}
	close_side(&pipes, CHILD);
	/* Closed by a successful exec; otherwise the child's errno comes first. */
	if (read(pipes.failed[PARENT], &err, sizeof(err)) != sizeof(err))
		err = 0;
	talk(&pipes, run);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	run->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
out:
	close_side(&pipes, PARENT);
	close_side(&pipes, CHILD);
	return err;
}

void run_fini(struct run *run)
{
	free(run->output);
	free(run->errors);
	run->output = run->errors = NULL;
}

char *run_find(const char *name)
{
	const char *path = getenv("PATH");
	char *copy = text_copy(path ? path : "/usr/local/bin:/usr/bin:/bin");
	char *save = NULL, *folder, *found = NULL;

	for (folder = strtok_r(copy, ":", &save); folder && !found;
	     folder = strtok_r(NULL, ":", &save)) {
		found = text_format("%s/%s", folder, name);
		if (access(found, X_OK)) {
			free(found);
			found = NULL;
		}
	}
	free(copy);
	return found;
}
