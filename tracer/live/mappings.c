// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tracer/live/mappings.h"

#define DATA_PAGES 8
#define RECORD_MAX (PATH_MAX + 512) /* a record of a mapping is no longer */

struct mappings {
	pid_t pid;
	struct pollfd *fds; /* one a CPU, as are the buffers */
	void **buffers;
	size_t count, page;
};

/* What we read of a PERF_RECORD_MMAP2; its file name and the sample's time follow. */
struct mmap2_record {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t address, length, offset;
	uint8_t file[24];
	uint32_t protection, flags;
	char name[];
};

static int open_cpu(struct mappings *m, int cpu)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.sample_type = PERF_SAMPLE_TIME,
		.sample_id_all = 1,
		.mmap = 1,
		.mmap2 = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.watermark = 1,
		.wakeup_watermark = 1,
	};
	int fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	void *buffer;

	if (fd < 0)
		return -errno;
	buffer = mmap(NULL, (1 + DATA_PAGES) * m->page, PROT_READ | PROT_WRITE,
		      MAP_SHARED, fd, 0);
	if (buffer == MAP_FAILED) {
		close(fd);
		return -errno;
	}
	m->fds[m->count] = (struct pollfd){.fd = fd, .events = POLLIN};
	m->buffers[m->count++] = buffer;
	return 0;
}

struct mappings *mappings_open(pid_t pid)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF), cpu;
	struct mappings *m = calloc(1, sizeof(*m));
	int err = 0;

	if (!m)
		return NULL;
	m->pid = pid;
	m->page = sysconf(_SC_PAGESIZE);
	m->fds = calloc(cpus, sizeof(*m->fds));
	m->buffers = calloc(cpus, sizeof(*m->buffers));
	if (!m->fds || !m->buffers)
		err = -ENOMEM;
	for (cpu = 0; !err && cpu < cpus; cpu++) {
		err = open_cpu(m, (int)cpu);
		if (err == -ENODEV) /* this CPU is switched off */
			err = 0;
	}
	if (!err)
		return m;
	mappings_close(m);
	errno = -err;
	return NULL;
}

void mappings_close(struct mappings *m)
{
	size_t i;

	if (!m)
		return;
	for (i = 0; i < m->count; i++) {
		munmap(m->buffers[i], (1 + DATA_PAGES) * m->page);
		close(m->fds[i].fd);
	}
	free(m->fds);
	free(m->buffers);
	free(m);
}

struct pollfd *mappings_fds(struct mappings *m, size_t *count)
{
	*count = m->count;
	return m->fds;
}

/* Bytes may go round the buffer's end. */
static void copy_out(const struct mappings *m, const char *data, uint64_t at, void *to,
		     size_t size)
{
	size_t room = DATA_PAGES * m->page, start = at % room;
	size_t first = size < room - start ? size : room - start;

	memcpy(to, data + start, first);
	memcpy((char *)to + first, data, size - first);
}

/* The records of one CPU. The time is a record's last eight bytes. */
static size_t take_cpu(struct mappings *m, struct perf_event_mmap_page *page,
		       uint64_t *when)
{
	uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
	uint64_t tail = page->data_tail, time = 0;
	bool was_full = head - tail + RECORD_MAX > DATA_PAGES * m->page;
	const char *data = (const char *)page + m->page;
	struct mmap2_record record;
	size_t found = 0;

	while (tail + sizeof(record.header) <= head) {
		copy_out(m, data, tail, &record.header, sizeof(record.header));
		if (record.header.size < sizeof(record.header) + sizeof(time))
			break;
		copy_out(m, data, tail + record.header.size - sizeof(time), &time,
			 sizeof(time));
		if (record.header.type == PERF_RECORD_MMAP2 &&
		    record.header.size >= sizeof(record) + sizeof(time)) {
			copy_out(m, data, tail, &record, sizeof(record));
			if ((pid_t)record.pid == m->pid && record.protection & PROT_EXEC)
				if (!found++ && (!*when || time < *when))
					*when = time;
		}
		tail += record.header.size;
	}
	__atomic_store_n(&page->data_tail, head, __ATOMIC_RELEASE);
	/* What came after the last may have been lost, and may have been ours. */
	if (was_full && !found++ && (!*when || time < *when))
		*when = time;
	return found;
}

size_t mappings_take(struct mappings *m, uint64_t *when)
{
	size_t i, found = 0;

	*when = 0;
	for (i = 0; i < m->count; i++)
		found += take_cpu(m, m->buffers[i], when);
	return found;
}
