/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reader of a BPF ring buffer (layout: kernel Documentation/bpf/ringbuf.rst). libbpf's
 * own tells the kernel its position after every record, which costs the producers; this
 * one does so once a batch.
 */
#ifndef BPFHOL_TRACER_LIVE_RING_H
#define BPFHOL_TRACER_LIVE_RING_H

#include <stddef.h>

struct ring;

/* ring_open - map the ring of a map's fd; SIZE is its max_entries. NULL with errno. */
struct ring *ring_open(int map_fd, size_t size);
void ring_close(struct ring *ring);

/* A non-zero return stops ring_read() behind this record. */
typedef int (*ring_fn)(const void *record, size_t size, void *data);

/*
 * ring_read - hand out what is there now. Returns how many records were handed out;
 * *STOPPED, set by it, is what FN returned last.
 */
size_t ring_read(struct ring *ring, ring_fn fn, void *data, int *stopped);

#endif
