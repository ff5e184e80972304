// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/live/child.h"

static void run_child(int go_fd, int status_fd, char *const argv[], int (*setup)(void *),
		      void *data)
{
	char go;
	int err = setup ? setup(data) : 0;

	/* End of file instead of the word "go" means that the parent has died. */
	if (!err && read(go_fd, &go, 1) == 1) {
		execvp(argv[0], argv);
		err = errno;
	}
	if (write(status_fd, &err, sizeof(err)) != sizeof(err))
		_exit(126);
	_exit(127);
}

int child_hold(struct child *child, char *const argv[], int (*setup)(void *), void *data)
{
	int go[2], status[2];
	pid_t pid;

	if (pipe2(go, O_CLOEXEC))
		return -errno;
	if (pipe2(status, O_CLOEXEC)) {
		int err = -errno;

		close(go[0]);
		close(go[1]);
		return err;
	}
	fflush(NULL); /* what is buffered must not be written twice */
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		close(status[0]);
		run_child(go[0], status[1], argv, setup, data);
	}
	close(go[0]);
	close(status[1]);
	if (pid < 0) {
		int err = -errno;

		close(go[1]);
		close(status[0]);
		return err;
	}
	*child = (struct child){.pid = pid, .go_fd = go[1], .status_fd = status[0]};
	return 0;
}

static void close_pipes(struct child *child)
{
	if (child->go_fd >= 0)
		close(child->go_fd);
	if (child->status_fd >= 0)
		close(child->status_fd);
	child->go_fd = child->status_fd = -1;
}

int child_go(struct child *child)
{
	int err = 0;
	ssize_t n = write(child->go_fd, "g", 1);

	/* Closed by exec: nothing to read. Otherwise what went wrong. A failed write
	   means that SETUP has already ended the child, which has said why. */
	if (read(child->status_fd, &err, sizeof(err)) != sizeof(err))
		err = n == 1 ? 0 : EPIPE;
	close_pipes(child);
	if (err) {
		waitpid(child->pid, NULL, 0);
		child->pid = 0;
	}
	return -err;
}

void child_abandon(struct child *child)
{
	close_pipes(child);
	if (child->pid > 0) {
		kill(child->pid, SIGKILL);
		waitpid(child->pid, NULL, 0);
		child->pid = 0;
	}
}
