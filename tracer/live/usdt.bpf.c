// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The part of the tracer that runs in the kernel, at each hit of a location.
 *
 * One program serves all locations. The uprobe's cookie is the number of a struct spec,
 * which says where each argument lives; the program fetches them, copies the strings
 * they point to, and puts one record into the ring.
 *
 * Three choices keep it fast, each measured (design facts in the handbook's cost
 * chapter):
 * - No CO-RE: all it needs of the kernel is struct pt_regs, whose layout is user-space
 *   ABI, so nobody has to parse the kernel's BTF before it can be loaded.
 * - fetch() and copy_string() are global functions: the verifier looks at each once,
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

/* The slots of struct pt_regs (asm/ptrace.h), as an array: x86-64 has 21. */
#define PT_REGS_SLOTS 21
#define PT_REGS_IP_SLOT 16

struct regs {
	__u64 slot[SLOT_COUNT];
};

_Static_assert(SLOT_LOAD_BIAS == PT_REGS_SLOTS, "ours come right behind the kernel's");

#define USER_MIN 4096UL /* nothing is mapped below vm.mmap_min_addr's default */
#define USER_MAX (1UL << 47)
#define PAGE_SIZE 4096UL
#define MISSES_MAX 8 /* strings that could not be read in a row before we stop trying */

/* Set before loading; constants to the verifier. */
const volatile __u32 record_size = sizeof(struct record);
const volatile __u32 arg_slots = SHARED_ARGS_MAX;
const volatile __u32 strings_offset = sizeof(struct record);
const volatile __u32 string_slots = 1;
const volatile __u32 string_slot_size = 72;
const volatile __u8 following;	    /* only processes in the map "followed" */
const volatile __u32 thread_offset; /* of fs_base in struct task_struct; 0: not needed */
const volatile __u32 task_pid_offset; /* in struct task_struct */
const volatile __u32 task_tgid_offset;

/* Hits for which the ring had no room. */
__u64 lost;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct spec);
} specs SEC(".maps");

/* Per location and argument: strings that could not be read, in a row. */
struct misses {
	__u8 count[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct misses);
} string_misses SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

/* Process ids whose hits count, when following. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u8);
} followed SEC(".maps");

static __u64 extend(__u64 value, const struct fetch *fetch)
{
	__u32 unused = 64 - 8 * fetch->size;

	if (unused > 56)
		return value;
	value <<= unused & 63;
	return fetch->is_signed ? (__s64)value >> (unused & 63) : value >> (unused & 63);
}

static __u64 register_value(const struct regs *regs, __u8 slot)
{
	return slot < SLOT_COUNT ? regs->slot[slot] : 0;
}

static int read_memory(__u64 *out, __u32 size, __u64 address)
{
	const void *from = (const void *)address;

	if (size == 0 || size > sizeof(*out))
		return -1;
	*out = 0;
	if (!bpf_probe_read_user(out, size, from))
		return 0;
	return bpf_copy_from_user(out, size, from) ? -1 : 0;
}

static __u64 address_of(const struct regs *regs, const struct fetch *fetch)
{
	return register_value(regs, fetch->reg) + fetch->constant +
	       (register_value(regs, fetch->index) << (fetch->scale & 3));
}

/* One argument's value, extended to 64 bits. Returns an enum arg_status. */
__noinline int fetch_value(const struct regs *regs, const struct fetch *fetch, __u64 *out)
{
	__u64 value;

	if (!regs || !fetch || !out)
		return ARG_NOTHING;
	switch (fetch->kind) {
	case FETCH_CONSTANT:
		value = fetch->constant;
		break;
	case FETCH_REGISTER:
		value = register_value(regs, fetch->reg) >> (fetch->reg_shift & 63);
		break;
	case FETCH_MEMORY:
		if (read_memory(&value, fetch->size, address_of(regs, fetch)))
			return ARG_FAULT;
		break;
	case FETCH_ADDRESS:
	case FETCH_BYTES:
		value = address_of(regs, fetch);
		break;
	default:
		return ARG_NOTHING;
	}
	*out = extend(value, fetch);
	return ARG_VALUE;
}

/* Reads one byte of a page so that it is in memory; whether that worked shows later. */
static void touch(__u64 address)
{
	char byte;

	bpf_copy_from_user(&byte, 1, (const void *)address);
}

static long read_string(void *slot, __u64 address)
{
	__u64 page;
	long len = bpf_probe_read_user_str(slot, string_slot_size, (const void *)address);

	if (len >= 0)
		return len;
	touch(address);
	page = (address + PAGE_SIZE) & ~(PAGE_SIZE - 1);
	if (page < address + string_slot_size)
		touch(page);
	page += PAGE_SIZE;
	if (page < address + string_slot_size)
		touch(page);
	return bpf_probe_read_user_str(slot, string_slot_size, (const void *)address);
}

/* The string that VALUE may point to. Returns its length with the NUL, 0 if there is
 * none. */
static __u32 copy_string(void *slot, __u64 value, __u8 *misses)
{
	long len;

	if (value < USER_MIN || value >= USER_MAX || *misses >= MISSES_MAX)
		return 0;
	len = read_string(slot, value);
	if (len <= 0) {
		++*misses;
		return 0;
	}
	*misses = 0;
	return len;
}

/* A struct by value: SIZE bytes at ADDRESS. Returns an enum arg_status. */
static __u8 copy_bytes(void *slot, __u32 size, __u64 address)
{
	const void *from = (const void *)address;

	if (size > string_slot_size)
		return ARG_NOTHING;
	if (bpf_probe_read_user(slot, size, from) && bpf_copy_from_user(slot, size, from))
		return ARG_FAULT;
	return ARG_VALUE;
}

static void fetch_args(char *record_bytes, const struct regs *regs, struct spec *spec,
		       struct misses *misses)
{
	struct record *record = (struct record *)record_bytes;
	__u32 i;

	for (i = 0; i < SHARED_ARGS_MAX; i++) {
		struct fetch *fetch = &spec->args[i];
		__u64 value = 0;
		void *at;
		__u8 slot;

		if (i >= spec->nargs || i >= arg_slots)
			break;
		record->status[i] = fetch_value(regs, fetch, &value);
		record->values[i] = value;
		record->string_len[i] = 0;
		slot = fetch->string - 1; /* 0, no string, becomes 255 */
		if (slot >= string_slots)
			continue;
		at = record_bytes + strings_offset + slot * string_slot_size;
		if (fetch->kind == FETCH_BYTES)
			record->status[i] = copy_bytes(at, fetch->size, value);
		else
			record->string_len[i] = copy_string(at, value, &misses->count[i]);
	}
}

/* Where the thread's own variables are. Its fs register is the task's while it runs. */
static __u64 thread_pointer(void)
{
	__u64 value = 0;

	if (thread_offset)
		bpf_probe_read_kernel(&value, sizeof(value),
				      (void *)bpf_get_current_task() + thread_offset);
	return value;
}

static int is_wanted(__u64 pid_tgid)
{
	__u32 pid = pid_tgid >> 32;

	return !following || bpf_map_lookup_elem(&followed, &pid);
}

SEC("uprobe.s")
int hit(struct pt_regs *ctx)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	__u32 number = bpf_get_attach_cookie(ctx);
	struct misses *misses;
	struct record *record;
	struct spec *spec;
	struct regs regs;

	if (!is_wanted(pid_tgid))
		return 0;
	spec = bpf_map_lookup_elem(&specs, &number);
	misses = bpf_map_lookup_elem(&string_misses, &number);
	if (!spec || !misses)
		return 0;
	if (bpf_probe_read_kernel(&regs, PT_REGS_SLOTS * sizeof(__u64), ctx))
		return 0;
	regs.slot[SLOT_LOAD_BIAS] = regs.slot[PT_REGS_IP_SLOT] - spec->address;
	regs.slot[SLOT_THREAD] = thread_pointer();
	record = bpf_ringbuf_reserve(&ring, record_size, 0);
	if (!record) {
		__sync_fetch_and_add(&lost, 1);
		return 0;
	}
	record->time = bpf_ktime_get_boot_ns();
	record->pid_tgid = pid_tgid;
	record->ip = regs.slot[PT_REGS_IP_SLOT];
	record->spec = number;
	bpf_get_current_comm(record->comm, sizeof(record->comm));
	fetch_args((char *)record, &regs, spec, misses);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
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
	__u8 yes = 1;

	if (bpf_map_lookup_elem(&followed, &parent))
		bpf_map_update_elem(&followed, &child, &yes, BPF_ANY);
	return 0;
}

/* The leader's task is freed when no thread of the process is left. */
SEC("raw_tracepoint/sched_process_free")
int on_free(struct bpf_raw_tracepoint_args *ctx)
{
	const void *task = (const void *)ctx->args[0];
	__u32 pid = task_field(task, task_pid_offset);

	if (pid == task_field(task, task_tgid_offset))
		bpf_map_delete_elem(&followed, &pid);
	return 0;
}
