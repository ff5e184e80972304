// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/array.h"
#include "tracer/live/attach.h"

#define CLOSERS_MAX 32

/* What bpf(2) takes for BPF_LINK_CREATE of a uprobe_multi link (linux/bpf.h of 6.6). */
struct link_create_uprobe_multi {
	uint32_t prog_fd, target_fd, attach_type, flags;
	uint64_t path, offsets, ref_ctr_offsets, cookies;
	uint32_t count, multi_flags, pid, pad;
};

/* One file's points as the kernel wants them: parallel arrays. */
struct columns {
	uint64_t *offsets, *semaphores, *cookies;
};

/* The kernel wants a path. This one leads to the file that was read, whatever has come to
 * stand under its name since. */
static void path_of(int fd, char path[64])
{
	snprintf(path, 64, "/proc/self/fd/%d", fd);
}

static int link_multi(const struct bpf_program *program, pid_t pid, int file,
		      const struct columns *columns, size_t from, size_t count)
{
	char path[64];
	struct link_create_uprobe_multi attr = {
		.prog_fd = bpf_program__fd(program),
		.attach_type = ATTACH_TYPE_UPROBE_MULTI,
		.path = (uintptr_t)path,
		.offsets = (uintptr_t)(columns->offsets + from),
		.ref_ctr_offsets = (uintptr_t)(columns->semaphores + from),
		.cookies = (uintptr_t)(columns->cookies + from),
		.count = count,
		.pid = pid,
	};
	int fd;

	path_of(file, path);
	fd = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));

	return fd < 0 ? -errno : fd;
}

static int keep_fd(struct attachment *out, int fd)
{
	int *slot = array_add(out->fds, out->nfds);

	if (!slot) {
		close(fd);
		return -ENOMEM;
	}
	*slot = fd;
	return 0;
}

/*
 * COUNT points of one file in one link. If the kernel refuses that, each half by itself,
 * down to the single ones that it refuses. Returns how many were attached or -ENOMEM.
 */
static ssize_t attach_some(const struct bpf_program *program, pid_t pid,
			   struct attach_point *points, const struct columns *columns,
			   size_t from, size_t count, struct attachment *out)
{
	int fd = link_multi(program, pid, points->fd, columns, from, count);
	ssize_t first, second;

	if (fd >= 0)
		return keep_fd(out, fd) ? -ENOMEM : (ssize_t)count;
	if (count == 1) {
		points[from].err = fd;
		return 0;
	}
	first = attach_some(program, pid, points, columns, from, count / 2, out);
	if (first < 0)
		return first;
	second = attach_some(program, pid, points, columns, from + count / 2,
			     count - count / 2, out);
	return second < 0 ? second : first + second;
}

ssize_t attach_multi(const struct bpf_program *program, pid_t pid,
		     struct attach_point *points, size_t count, struct attachment *out)
{
	uint64_t *numbers = calloc(3 * count + 1, sizeof(*numbers));
	ssize_t attached = 0, n = 0;
	size_t from, to, i;

	if (!numbers)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		numbers[i] = points[i].offset;
		numbers[count + i] = points[i].semaphore;
		numbers[2 * count + i] = points[i].cookie;
		points[i].err = 0;
	}
	for (from = 0; from < count && n >= 0; from = to) {
		struct columns columns = {numbers + from, numbers + count + from,
					  numbers + 2 * count + from};

		for (to = from + 1; to < count; to++)
			if (points[to].fd != points[from].fd)
				break;
		n = attach_some(program, pid, points + from, &columns, 0, to - from, out);
		attached += n;
	}
	free(numbers);
	return n < 0 ? n : attached;
}

ssize_t attach_perf(const struct bpf_program *program, pid_t pid,
		    struct attach_point *points, size_t count, struct attachment *out)
{
	ssize_t attached = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		LIBBPF_OPTS(bpf_uprobe_opts, opts, .bpf_cookie = points[i].cookie,
			    .ref_ctr_offset = points[i].semaphore);
		struct bpf_link **slot = array_add(out->links, out->nlinks);
		char path[64];

		if (!slot)
			return -ENOMEM;
		path_of(points[i].fd, path);
		*slot = bpf_program__attach_uprobe_opts(program, pid ? pid : -1, path,
							points[i].offset, &opts);
		points[i].err = *slot ? 0 : -errno;
		attached += *slot != NULL;
	}
	return attached;
}

/* What several threads take from, each the next. */
struct closing {
	const int *fds;
	size_t count, next;
};

static void *close_links(void *data)
{
	struct closing *c = data;
	size_t i;

	while ((i = __atomic_fetch_add(&c->next, 1, __ATOMIC_RELAXED)) < c->count)
		close(c->fds[i]);
	return NULL;
}

/* The kernel waits 10 to 50 ms a link, for all CPUs; but for several links at once. */
static void close_at_once(const int *fds, size_t count)
{
	struct closing closing = {.fds = fds, .count = count};
	pthread_t threads[CLOSERS_MAX];
	size_t n, i;

	for (n = 0; n < CLOSERS_MAX && n + 1 < count; n++)
		if (pthread_create(&threads[n], NULL, close_links, &closing))
			break;
	close_links(&closing);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

void attachment_fini(struct attachment *attachment)
{
	size_t i;

	close_at_once(attachment->fds, attachment->nfds);
	for (i = 0; i < attachment->nlinks; i++)
		bpf_link__destroy(attachment->links[i]);
	free(attachment->fds);
	free(attachment->links);
	*attachment = (struct attachment){0};
}
