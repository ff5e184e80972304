/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What user space and the BPF program both know: how a location's arguments are to be
 * fetched, and what a record in the ring looks like. Fixed-width types; sizes asserted.
 */
#ifndef BPFHOL_TRACER_LIVE_SHARED_H
#define BPFHOL_TRACER_LIVE_SHARED_H

#ifdef __bpf__
typedef __u8 shared_u8;
typedef __u16 shared_u16;
typedef __u32 shared_u32;
typedef __u64 shared_u64;
typedef __s64 shared_s64;
#else
#include <stdint.h>
typedef uint8_t shared_u8;
typedef uint16_t shared_u16;
typedef uint32_t shared_u32;
typedef uint64_t shared_u64;
typedef int64_t shared_s64;
#endif

#define SHARED_ARGS_MAX 12
#define SHARED_NO_REG 0xff
#define SHARED_COMM 16

enum fetch_kind {
	FETCH_NOTHING, /* cannot be read; user space knows why */
	FETCH_CONSTANT,
	FETCH_REGISTER,
	FETCH_MEMORY,
	FETCH_ADDRESS, /* as MEMORY, but the address itself is the value */
	FETCH_BYTES,   /* as MEMORY, more than 8 bytes, into the string slot */
};

/* Slots of struct regs behind those of pt_regs: "registers" of our own. */
#define SLOT_LOAD_BIAS 21
#define SLOT_THREAD 22
#define SLOT_COUNT 23

/* One argument, as the BPF program fetches it. */
struct fetch {
	shared_s64 constant; /* the value, or the displacement */
	shared_u8 kind;	     /* enum fetch_kind */
	shared_u8 size;	     /* 1, 2, 4, 8 */
	shared_u8 is_signed;
	shared_u8 reg;	     /* slot in pt_regs, SHARED_NO_REG if none */
	shared_u8 index;     /* likewise */
	shared_u8 scale;     /* as a shift: 0 to 3 */
	shared_u8 reg_shift; /* bits to drop first */
	shared_u8 string;    /* 8-byte value that may point to a string */
};

/* One location. Its number is the BPF cookie of the uprobe there. */
struct spec {
	shared_u64 address; /* link-time address of the location */
	shared_u32 nargs;
	shared_u32 pad;
	struct fetch args[SHARED_ARGS_MAX];
};

/* How an argument's fetching went. */
enum arg_status {
	ARG_VALUE,   /* values[i] */
	ARG_STRING,  /* values[i] is a pointer, its string is copied */
	ARG_FAULT,   /* its memory could not be read */
	ARG_NOTHING, /* not fetched: FETCH_NOTHING */
};

/*
 * A record in the ring: this, then values[nargs], then one string slot of the session's
 * string size for each ARG_STRING, in the order of the arguments.
 */
struct record {
	shared_u64 time;
	shared_u64 pid_tgid;
	shared_u64 ip;
	shared_u32 spec;
	shared_u8 status[SHARED_ARGS_MAX];
	char comm[SHARED_COMM];
	shared_u16 string_len[SHARED_ARGS_MAX]; /* with the NUL; 0: no string */
	shared_u64 values[SHARED_ARGS_MAX];
};

#ifndef __bpf__
_Static_assert(sizeof(struct fetch) == 16, "mirrored in BPF");
_Static_assert(sizeof(struct spec) == 16 + 16 * SHARED_ARGS_MAX, "mirrored in BPF");
_Static_assert(sizeof(struct record) == 40 + 16 + 24 + 8 * SHARED_ARGS_MAX, "mirrored");
#endif

#endif
