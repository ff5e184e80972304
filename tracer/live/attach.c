// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/array.h"
#include "tracer/live/attach.h"

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

static int link_multi(const struct bpf_program *program, pid_t pid, const char *path,
		      const struct columns *columns, size_t from, size_t count)
{
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
	int fd = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));

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

/* All of one file in one link; if the kernel refuses that, each alone, to learn which. */
static ssize_t attach_file(const struct bpf_program *program, pid_t pid,
			   struct attach_point *points, size_t count,
			   const struct columns *columns, struct attachment *out)
{
	int err = link_multi(program, pid, points->path, columns, 0, count);
	ssize_t attached = 0;
	size_t i;

	if (err >= 0)
		return keep_fd(out, err) ? -ENOMEM : (ssize_t)count;
	for (i = 0; i < count; i++) {
		if (count > 1)
			err = link_multi(program, pid, points->path, columns, i, 1);
		points[i].err = err < 0 ? err : 0;
		if (err < 0)
			continue;
		if (keep_fd(out, err))
			return -ENOMEM;
		attached++;
	}
	return attached;
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
			if (strcmp(points[to].path, points[from].path))
				break;
		n = attach_file(program, pid, points + from, to - from, &columns, out);
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

		if (!slot)
			return -ENOMEM;
		*slot = bpf_program__attach_uprobe_opts(program, pid ? pid : -1,
							points[i].path, points[i].offset,
							&opts);
		points[i].err = *slot ? 0 : -errno;
		attached += *slot != NULL;
	}
	return attached;
}

void attachment_fini(struct attachment *attachment)
{
	size_t i;

	for (i = 0; i < attachment->nfds; i++)
		close(attachment->fds[i]);
	for (i = 0; i < attachment->nlinks; i++)
		bpf_link__destroy(attachment->links[i]);
	free(attachment->fds);
	free(attachment->links);
	*attachment = (struct attachment){0};
}
