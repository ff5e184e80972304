/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The offset of a member in a struct of the running kernel, from its BTF
 * (Documentation/bpf/btf.rst). Looks only at what it needs: 0.2 ms where the BTF can be
 * mapped (Linux 6.16), 2 to 20 ms where it must be read; building libbpf's full index
 * takes 50.
 */
#ifndef BPFHOL_TRACER_LIVE_KERNEL_BTF_H
#define BPFHOL_TRACER_LIVE_KERNEL_BTF_H

#include <stddef.h>
#include <stdint.h>

/*
 * kernel_btf_offsets - byte offsets of COUNT members of STRUCT_NAME, which are looked up
 * in the struct itself only, not in structs within it.
 * Returns 0, -errno of reading /sys/kernel/btf/vmlinux, -ENOENT if a member is missing,
 * -EBADMSG if the BTF makes no sense.
 */
int kernel_btf_offsets(const char *struct_name, const char *const members[],
		       uint32_t offsets[], size_t count);

#endif
