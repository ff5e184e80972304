// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a hit of fast.c's probe costs at least. `empty` is what it costs before a tracer
 * does anything; `look` reads the string, and that is all; `number` counts by the number,
 * with nothing else in the key; `tell` sends what `usdt trace` shows of a hit. None of
 * them could do so for any other probe.
 */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* Where the pointer to the string is, seen from the location; 0: in %rsi. */
const volatile long pointer_at;

struct record {
	__u64 time, pid_tgid;
	char comm[16];
	__u64 number, pointer;
	char text[72];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u64);
} counts SEC(".maps");

static void *pointer_of(struct pt_regs *ctx)
{
	void *pointer = (void *)ctx->rsi;

	if (pointer_at)
		bpf_probe_read_user(&pointer, sizeof(pointer),
				    (void *)(ctx->rip + pointer_at));
	return pointer;
}

SEC("uprobe.s")
int empty(struct pt_regs *ctx)
{
	return 0;
}

SEC("uprobe.s")
int look(struct pt_regs *ctx)
{
	char text[64];

	bpf_probe_read_user_str(text, sizeof(text), pointer_of(ctx));
	return 0;
}

SEC("uprobe.s")
int number(struct pt_regs *ctx)
{
	__u64 key = ctx->rdi, one = 1, *hits = bpf_map_lookup_elem(&counts, &key);

	if (hits)
		__sync_fetch_and_add(hits, 1);
	else
		bpf_map_update_elem(&counts, &key, &one, BPF_NOEXIST);
	return 0;
}

SEC("uprobe.s")
int tell(struct pt_regs *ctx)
{
	struct record *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);

	if (!record)
		return 0;
	record->time = bpf_ktime_get_boot_ns();
	record->pid_tgid = bpf_get_current_pid_tgid();
	bpf_get_current_comm(record->comm, sizeof(record->comm));
	record->number = ctx->rdi;
	record->pointer = (__u64)pointer_of(ctx);
	bpf_probe_read_user_str(record->text, sizeof(record->text),
				(void *)record->pointer);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 0;
}
