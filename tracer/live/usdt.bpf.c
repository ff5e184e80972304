// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of the tracer that runs in the kernel, at each hit of a location.
 *
 * One program serves all locations. The uprobe's cookie is the number of a struct spec,
 * which says where each argument lives. There are four programs, of which a session
 * loads one: `hit` fetches the arguments and puts a record into the ring; `count`,
 * `draw` and `time` keep sums here and send nothing.
 *
 * Three choices keep it fast, each measured (design facts in the handbook's cost
 * chapter):
 * - No CO-RE: all it needs of the kernel is struct pt_regs, whose layout is user-space
 *   ABI, so nobody has to parse the kernel's BTF before it can be loaded.
 * - fetch_value() and holds() are global functions: the verifier looks at each once,
 *   not once an argument.
 * - It never wakes the reader. The reader looks every few milliseconds.
 *
 * It is sleepable, so a page that is not in memory is fetched rather than read as
 * nothing: bpf_probe_read_user() first, which cannot sleep and is quick, and only when
 * that fails bpf_copy_from_user(), which can.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "tracer/live/shared.h"

char LICENSE[] SEC("license") = "GPL";

#define CACHE_LINE 64
#define TOUCHED_MAX (4 * CACHE_LINE)

/* Set before loading; constants to the verifier. */
const volatile __u32 record_size = sizeof(struct record);
const volatile __u8 following;	     /* only processes in the map "followed" */
const volatile __u32 first_followed; /* its number in the namespace of process ids */
const volatile __u64 namespace_device, namespace_inode; /* 0: the outermost */
const volatile __u32 task_pid_offset;			/* in struct task_struct */
const volatile __u32 task_tgid_offset;
const volatile __u32 stack_offset; /* of struct stack in a record; 0: none is kept */
const volatile __u32 stack_copied; /* bytes of stack to be copied; 0: addresses only */

/* Hits for which the ring had no room. */
__u64 lost;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct spec);
} specs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

/* Process ids whose hits count, when following, and the leader's task (0: not known):
 * a number may belong to another process before its last owner's task is freed. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} followed SEC(".maps");

__u64 unfollowed; /* children for which it had no room */

#include "tracer/live/fetch.bpf.h"
#include "tracer/live/filter.bpf.h"
#include "tracer/live/aggregate.bpf.h"

/* Where the thread's own variables are. Its fs register is the task's while it runs. */
static __u64 thread_pointer(void)
{
	__u64 value = 0;

	if (thread_offset)
		bpf_probe_read_kernel(&value, sizeof(value),
				      (void *)bpf_get_current_task() + thread_offset);
	return value;
}

/*
 * In a container processes have other numbers than outside, and only those of the
 * container are known to who started the first process to be followed.
 */
static int is_first_followed(void)
{
	struct bpf_pidns_info here;

	return namespace_inode &&
	       !bpf_get_ns_current_pid_tgid(namespace_device, namespace_inode, &here,
					    sizeof(here)) &&
	       here.tgid == first_followed;
}

static int is_followed(__u32 pid)
{
	__u64 unknown = 0;

	if (bpf_map_lookup_elem(&followed, &pid))
		return 1;
	if (!is_first_followed())
		return 0;
	bpf_map_update_elem(&followed, &pid, &unknown, BPF_ANY);
	return 1;
}

static int is_wanted(__u64 pid_tgid)
{
	return !following || is_followed(pid_tgid >> 32);
}

/* One hit that counts: of a followed process, and let through by the filter. */
struct hit {
	struct regs regs;
	__u64 ids;
	__u32 number;
	struct spec *spec;
};

/* One by one: the context may be read at fixed offsets only. */
static __always_inline void copy_registers(const void *ctx, struct regs *regs)
{
	volatile __u64 *to = regs->slot;
	const volatile __u64 *from = ctx;
	int i;

#pragma unroll
	for (i = 0; i < PT_REGS_SLOTS; i++)
		to[i] = from[i];
}

static __always_inline int take_hit(struct pt_regs *ctx, struct hit *h)
{
	h->ids = bpf_get_current_pid_tgid();
	h->number = bpf_get_attach_cookie(ctx);
	if (!is_wanted(h->ids))
		return 0;
	h->spec = bpf_map_lookup_elem(&specs, &h->number);
	if (!h->spec)
		return 0;
	copy_registers(ctx, &h->regs);
	h->regs.slot[SLOT_LOAD_BIAS] = h->regs.slot[PT_REGS_IP_SLOT] - h->spec->address;
	h->regs.slot[SLOT_THREAD] = thread_pointer();
	return passes(&h->regs, h->spec);
}

/* By frame pointers as the kernel walks them, or as much of the stack as can be had. */
static void take_stack(struct pt_regs *ctx, const struct regs *regs, struct stack *stack)
{
	__u32 size = stack_copied;
	long got;
	int i;

	stack->ip = regs->slot[PT_REGS_IP_SLOT];
	stack->size = 0;
	if (!stack_copied) {
		got = bpf_get_stack(ctx, stack->addresses, sizeof(stack->addresses),
				    BPF_F_USER_STACK);
		stack->size = got > 0 ? got : 0;
		return;
	}
	bpf_probe_read_kernel(stack->regs, sizeof(stack->regs), regs);
	for (i = 0; i < 6 && size >= 256; i++, size /= 2) {
		if (bpf_probe_read_user(stack->bytes, size,
					(void *)regs->slot[PT_REGS_SP_SLOT]))
			continue;
		stack->size = size;
		break;
	}
}

/*
 * Has the processor fetch the cache lines of a record, all at once, while the arguments
 * are looked for. The reader had them last, and the return from a breakpoint waits until
 * everything written is in the cache.
 */
static void touch_lines(char *record)
{
	__u32 at;

	for (at = CACHE_LINE; at < TOUCHED_MAX && at < record_size; at += CACHE_LINE)
		*(volatile char *)(record + at) = 0;
}

/* Reserve, fill, submit; or discard, if a page was absent and there is another try. */
static int send(struct pt_regs *ctx, const struct hit *h, struct misses *misses,
		int is_last)
{
	struct record *record = bpf_ringbuf_reserve(&ring, record_size, 0);
	__u64 comm[SHARED_COMM / 8];

	if (!record) {
		__sync_fetch_and_add(&lost, 1);
		return 1;
	}
	touch_lines((char *)record);
	bpf_get_current_comm(comm, sizeof(comm));
	record->time = bpf_ktime_get_boot_ns();
	record->pid_tgid = h->ids;
	__builtin_memcpy(record->comm, comm, sizeof(record->comm));
	record->spec = h->number;
	if (fetch_args((char *)record, &h->regs, h->spec, misses) && !is_last) {
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
		return 0;
	}
	if (stack_offset)
		take_stack(ctx, &h->regs,
			   (struct stack *)((char *)record + stack_offset));
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 1;
}

SEC("uprobe.s")
int hit(struct pt_regs *ctx)
{
	struct misses *misses;
	struct hit h;

	if (!take_hit(ctx, &h))
		return 0;
	misses = bpf_map_lookup_elem(&string_misses, &h.number);
	if (!misses || send(ctx, &h, misses, 0))
		return 0;
	touch_args(&h.regs, h.spec);
	send(ctx, &h, misses, 1);
	return 0;
}

SEC("uprobe.s")
int count(struct pt_regs *ctx)
{
	struct hit h;

	if (count_by == BY_LOCATION && !test_count) {
		if (is_wanted(bpf_get_current_pid_tgid()))
			add_one(&location_counts, bpf_get_attach_cookie(ctx));
		return 0;
	}
	if (!take_hit(ctx, &h))
		return 0;
	if (count_by == BY_LOCATION)
		add_one(&location_counts, h.number);
	else
		count_hit(&h.regs, h.spec, h.ids);
	return 0;
}

SEC("uprobe.s")
int draw(struct pt_regs *ctx)
{
	struct hit h;

	if (take_hit(ctx, &h))
		draw_hit(&h.regs, h.spec);
	return 0;
}

SEC("uprobe.s")
int time(struct pt_regs *ctx)
{
	struct hit h;

	if (take_hit(ctx, &h))
		time_hit(&h.regs, h.spec, h.ids);
	return 0;
}

static __u32 task_field(const void *task, __u32 offset)
{
	__u32 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), task + offset);
	return value;
}

/* A followed process' child is followed too. The parent is the one that runs here. */
SEC("raw_tracepoint/sched_process_fork")
int on_fork(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 parent = bpf_get_current_pid_tgid() >> 32;
	__u32 child = task_field((const void *)ctx->args[1], task_tgid_offset);
	__u64 task = ctx->args[1];

	if (child == parent || !is_followed(parent))
		return 0; /* a thread, or not ours */
	if (bpf_map_update_elem(&followed, &child, &task, BPF_ANY))
		__sync_fetch_and_add(&unfollowed, 1);
	return 0;
}

/* The leader's task is freed when no thread of the process is left. */
SEC("raw_tracepoint/sched_process_free")
int on_free(struct bpf_raw_tracepoint_args *ctx)
{
	const void *task = (const void *)ctx->args[0];
	__u32 pid = task_field(task, task_pid_offset);
	__u64 *known = bpf_map_lookup_elem(&followed, &pid);

	if (known && (*known == (__u64)task ||
		      (!*known && pid == task_field(task, task_tgid_offset))))
		bpf_map_delete_elem(&followed, &pid);
	return 0;
}
