// SPDX-License-Identifier: GPL-2.0-or-later
/* What a hit costs before a tracer does anything: a sleepable program that returns. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("uprobe.s")
int empty(void *ctx)
{
	return 0;
}
