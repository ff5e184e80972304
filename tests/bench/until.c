// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * until TEXT COMMAND...: ms from exec to TEXT in its output, or to its end if TEXT is "".
 * $PEAK: instead the most memory it had, in KiB.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	struct timespec begin, end;
	struct rusage usage;
	char text[1 << 16];
	size_t have = 0;
	ssize_t n;
	int pipes[2];
	pid_t pid;

	if (pipe(pipes))
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	pid = vfork();
	if (pid == 0) {
		dup2(pipes[1], 1);
		dup2(pipes[1], 2);
		close(pipes[0]);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	close(pipes[1]);
	while ((n = read(pipes[0], text + have, sizeof(text) - 1 - have)) > 0) {
		have = *argv[1] ? have + n : 0;
		text[have] = '\0';
		if (*argv[1] && strstr(text, argv[1]))
			break;
	}
	if (!*argv[1])
		waitpid(pid, NULL, 0);
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (*argv[1]) {
		kill(pid,
		     SIGTERM); /* and wait: its end must not slow the next one's start */
		while (read(pipes[0], text, sizeof(text)) > 0)
			;
		waitpid(pid, NULL, 0);
	}
	getrusage(RUSAGE_CHILDREN, &usage);
	if (getenv("PEAK")) {
		printf("%ld\n", usage.ru_maxrss);
		return 0;
	}
	printf("%.2f\n",
	       (end.tv_sec - begin.tv_sec) * 1e3 + (end.tv_nsec - begin.tv_nsec) / 1e6);
	return 0;
}
