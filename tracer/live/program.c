// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/bpf.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

#include "tracer/live/attach.h"
#include "tracer/live/kernel_btf.h"
#include "tracer/live/process.h"
#include "tracer/live/program.h"
#include "usdt.skel.h"

#define FOLLOWED_MAX 16384

struct program {
	struct usdt_bpf *bpf;
	struct ring *ring;
	struct decode_layout layout;
	struct bpf_link *on_fork, *on_free;
};

/* A record's layout is fixed for the session: as many values and strings as any spec has.
 */
static void lay_out(struct program *p, const struct program_plan *plan)
{
	p->layout.string_size = plan->string_size;
	p->layout.slot_size = (plan->string_size + 2 + 7) & ~7UL;
	p->layout.strings_offset = offsetof(struct record, values[plan->max_args]);
	p->bpf->rodata->arg_slots = plan->max_args;
	p->bpf->rodata->strings_offset = p->layout.strings_offset;
	p->bpf->rodata->string_slots = plan->max_strings;
	p->bpf->rodata->string_slot_size = p->layout.slot_size;
	p->bpf->rodata->record_size =
		p->layout.strings_offset + plan->max_strings * p->layout.slot_size;
}

/* Without the kernel's BTF a followed process' children cannot be told apart: done
 * without. */
static void prepare_following(struct program *p, const struct program_plan *plan)
{
	static const char *const members[] = {"pid", "tgid"};
	bool children = false;
	uint32_t offsets[2];

	if (plan->follow) {
		p->bpf->rodata->following = 1;
		children = !kernel_btf_offsets("task_struct", members, offsets, 2);
		bpf_map__set_max_entries(p->bpf->maps.followed, FOLLOWED_MAX);
	}
	if (children) {
		p->bpf->rodata->task_pid_offset = offsets[0];
		p->bpf->rodata->task_tgid_offset = offsets[1];
	}
	bpf_program__set_autoload(p->bpf->progs.on_fork, children);
	bpf_program__set_autoload(p->bpf->progs.on_free, children);
}

/* An operand relative to the thread's pointer needs to know where the kernel keeps that.
 */
static int prepare_thread_locals(struct program *p, const struct program_plan *plan)
{
	static const char *const in_task[] = {"thread"}, *const in_thread[] = {"fsbase"};
	uint32_t thread, fsbase;
	bool needed = false;
	size_t i, j;
	int err;

	for (i = 0; i < plan->count; i++)
		for (j = 0; j < plan->specs[i].nargs; j++)
			needed |= plan->specs[i].args[j].reg == SLOT_THREAD;
	if (!needed)
		return 0;
	err = kernel_btf_offsets("task_struct", in_task, &thread, 1);
	if (!err)
		err = kernel_btf_offsets("thread_struct", in_thread, &fsbase, 1);
	if (!err)
		p->bpf->rodata->thread_offset = thread + fsbase;
	return err;
}

static int load(struct program *p, const struct program_plan *plan)
{
	int err;

	p->bpf = usdt_bpf__open();
	if (!p->bpf)
		return -errno;
	if (plan->multi)
		bpf_program__set_expected_attach_type(p->bpf->progs.hit,
						      ATTACH_TYPE_UPROBE_MULTI);
	lay_out(p, plan);
	prepare_following(p, plan);
	err = prepare_thread_locals(p, plan);
	if (err)
		return err;
	bpf_map__set_max_entries(p->bpf->maps.specs, plan->count);
	bpf_map__set_max_entries(p->bpf->maps.string_misses, plan->count);
	bpf_map__set_max_entries(p->bpf->maps.ring, plan->buffer_size);
	return usdt_bpf__load(p->bpf);
}

static int fill_maps(struct program *p, const struct program_plan *plan)
{
	int specs = bpf_map__fd(p->bpf->maps.specs);
	__u32 pid = plan->follow, i;
	__u8 yes = 1;
	int err = 0;

	for (i = 0; !err && i < plan->count; i++)
		err = bpf_map_update_elem(specs, &i, &plan->specs[i], BPF_ANY);
	if (!err && pid)
		err = bpf_map_update_elem(bpf_map__fd(p->bpf->maps.followed), &pid, &yes,
					  BPF_ANY);
	if (err)
		return err;
	p->ring = ring_open(bpf_map__fd(p->bpf->maps.ring), plan->buffer_size);
	return p->ring ? 0 : -errno;
}

static int follow_children(struct program *p)
{
	if (!bpf_program__autoload(p->bpf->progs.on_fork))
		return 0;
	p->on_fork = bpf_program__attach_raw_tracepoint(p->bpf->progs.on_fork,
							"sched_process_fork");
	if (!p->on_fork)
		return -errno;
	p->on_free = bpf_program__attach_raw_tracepoint(p->bpf->progs.on_free,
							"sched_process_free");
	return p->on_free ? 0 : -errno;
}

int program_load(const struct program_plan *plan, struct program **out, const char **step)
{
	struct program *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return -ENOMEM;
	*step = "load the tracer's BPF program";
	err = load(p, plan);
	if (!err) {
		*step = "set up the tracer's memory";
		err = fill_maps(p, plan);
	}
	if (!err) {
		*step = "follow child processes";
		err = follow_children(p);
	}
	if (err)
		program_free(p);
	else
		*out = p;
	return err;
}

void program_free(struct program *p)
{
	if (!p)
		return;
	bpf_link__destroy(p->on_fork);
	bpf_link__destroy(p->on_free);
	ring_close(p->ring);
	if (p->bpf)
		usdt_bpf__destroy(p->bpf);
	free(p);
}

const struct bpf_program *program_hit(const struct program *p)
{
	return p->bpf->progs.hit;
}

struct ring *program_ring(const struct program *p)
{
	return p->ring;
}

const struct decode_layout *program_layout(const struct program *p)
{
	return &p->layout;
}

size_t program_signal_followed(const struct program *p, int signal)
{
	int map = bpf_map__fd(p->bpf->maps.followed);
	__u32 pid, *from = NULL;
	size_t count = 0;
	char state;

	while (!bpf_map_get_next_key(map, from, &pid)) {
		from = &pid;
		state = process_state(pid);
		if (!state || state == 'Z' || state == 'X')
			continue;
		count += !kill(pid, signal);
	}
	return count;
}

uint64_t program_lost(const struct program *p)
{
	return __atomic_load_n(&p->bpf->bss->lost, __ATOMIC_RELAXED);
}
