// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tracer/live/ring.h"

#define BATCH 1024 /* records between two reports of our position */

struct ring {
	size_t size, page;
	uint64_t *consumer;	  /* our position; a page of its own, writable */
	const uint64_t *producer; /* the kernel's; then the data, mapped twice in a row */
	const char *data;
};

struct ring *ring_open(int map_fd, size_t size)
{
	struct ring *ring = calloc(1, sizeof(*ring));
	void *map;

	if (!ring)
		return NULL;
	ring->size = size;
	ring->page = sysconf(_SC_PAGESIZE);
	map = mmap(NULL, ring->page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	if (map == MAP_FAILED)
		goto out;
	ring->consumer = map;
	map = mmap(NULL, ring->page + 2 * size, PROT_READ, MAP_SHARED, map_fd,
		   ring->page);
	if (map == MAP_FAILED)
		goto out;
	ring->producer = map;
	ring->data = (const char *)map + ring->page;
	return ring;
out:
	ring_close(ring);
	return NULL;
}

void ring_close(struct ring *ring)
{
	int saved = errno;

	if (!ring)
		return;
	if (ring->consumer)
		munmap(ring->consumer, ring->page);
	if (ring->producer)
		munmap((void *)ring->producer, ring->page + 2 * ring->size);
	free(ring);
	errno = saved;
}

size_t ring_read(struct ring *ring, ring_fn fn, void *data, int *stopped)
{
	uint64_t position = *ring->consumer;
	uint64_t end = __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE);
	size_t count = 0;

	*stopped = 0;
	while (position < end && !*stopped) {
		const char *head = ring->data + (position & (ring->size - 1));
		uint32_t len = __atomic_load_n((const uint32_t *)head, __ATOMIC_ACQUIRE);

		if (len & BPF_RINGBUF_BUSY_BIT)
			break;
		position += ((len & ~BPF_RINGBUF_DISCARD_BIT) + BPF_RINGBUF_HDR_SZ + 7) &
			    ~7ULL;
		if (!(len & BPF_RINGBUF_DISCARD_BIT)) {
			*stopped = fn(head + BPF_RINGBUF_HDR_SZ, len, data);
			count++;
		}
		if (count % BATCH == 0)
			__atomic_store_n(ring->consumer, position, __ATOMIC_RELEASE);
	}
	__atomic_store_n(ring->consumer, position, __ATOMIC_RELEASE);
	return count;
}
