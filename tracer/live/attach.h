/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attaching a BPF program to places in files, in one of two ways:
 * - uprobe_multi (kernel 6.6, commit 89ae89f53d20): one link for all places of a file;
 * - a perf event a place (kernel 5.15 for the cookie), through libbpf.
 */
#ifndef BPFHOL_TRACER_LIVE_ATTACH_H
#define BPFHOL_TRACER_LIVE_ATTACH_H

#include <bpf/libbpf.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct attach_point {
	int fd;		    /* of the file; somebody else's */
	uint64_t offset;    /* in the file */
	uint64_t semaphore; /* offset in the file, 0 if none */
	uint64_t cookie;
	int err; /* 0 if attached, else -errno */
};

/* Links, all closed by attachment_fini(). Zeroed is empty. */
struct attachment {
	int *fds;
	size_t nfds;
	struct bpf_link **links;
	size_t nlinks;
};

/*
 * attach_multi, attach_perf - attach PROGRAM at all points; PID 0 is every process.
 * A point that is refused has .err set and does not hinder the others. Return how many
 * were attached, or -ENOMEM.
 */
ssize_t attach_multi(const struct bpf_program *program, pid_t pid,
		     struct attach_point *points, size_t count, struct attachment *out);
ssize_t attach_perf(const struct bpf_program *program, pid_t pid,
		    struct attach_point *points, size_t count, struct attachment *out);

void attachment_fini(struct attachment *attachment);

/* BPF_TRACE_UPROBE_MULTI of linux/bpf.h, which older headers lack. */
#define ATTACH_TYPE_UPROBE_MULTI 48

#endif
