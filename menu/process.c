// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "menu/process.h"

/* Read a small file of /proc as a string. Returns its length or a negative errno. */
static int read_small(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = read(fd, text, size - 1);
	if (length < 0)
		length = -errno;
	else
		text[length] = '\0';
	close(fd);
	return length;
}

/*
 * State and start time, e.g. "42 (a) b) S 1 ...": the name may hold blanks and
 * parentheses, so the fields count from the last ')'.
 */
static int read_stat(pid_t pid, char *state, uint64_t *start_time)
{
	char path[64], stat[1024], *fields;
	unsigned long long start;
	int err;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	err = read_small(path, stat, sizeof(stat));
	if (err < 0)
		return err == -ENOENT ? -ESRCH : err;
	fields = strrchr(stat, ')');
	if (!fields ||
	    sscanf(fields,
		   ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d"
		   " %*d %*d %*d %*d %llu",
		   state, &start) != 2)
		return -EINVAL;
	*start_time = start;
	return *state == 'Z' || *state == 'X' ? -ESRCH : 0;
}

static int read_boot(char boot[40])
{
	int length = read_small("/proc/sys/kernel/random/boot_id", boot, 40);

	if (length < 0)
		return length;
	boot[strcspn(boot, "\n")] = '\0';
	return 0;
}

int process_identify(pid_t pid, struct process *process)
{
	char state;
	int err;

	memset(process, 0, sizeof(*process));
	process->pid = pid;
	err = read_stat(pid, &state, &process->start_time);
	return err ? err : read_boot(process->boot);
}

char process_state(const struct process *process)
{
	uint64_t start_time;
	char boot[40], state;

	if (process->pid <= 0 || read_boot(boot) || strcmp(boot, process->boot))
		return 0;
	if (read_stat(process->pid, &state, &start_time) ||
	    start_time != process->start_time)
		return 0;
	return state;
}

/* By system call: glibc wraps these two from 2.36 on only. */
bool process_end(const struct process *process, int signal, unsigned int seconds)
{
	int fd = process->pid > 0 ? syscall(SYS_pidfd_open, process->pid, 0) : -1;
	struct pollfd ended = {.fd = fd, .events = POLLIN};

	if (fd < 0)
		return true;
	/* The descriptor holds the process; now look whether it is the one we mean. */
	if (process_state(process)) {
		syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0);
		poll(&ended, 1, seconds * 1000);
	}
	close(fd);
	return !process_state(process);
}
