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

/* What the bits of a fetched value are. */
enum fetch_sort { SORT_UNSIGNED, SORT_SIGNED, SORT_REAL };

/* Slots of struct regs behind those of pt_regs: "registers" of our own. */
#define SLOT_LOAD_BIAS 21
#define SLOT_THREAD 22
#define SLOT_COUNT 23

/* One argument, as the BPF program fetches it. */
struct fetch {
	shared_s64 constant; /* the value, or the displacement */
	shared_u8 kind;	     /* enum fetch_kind */
	shared_u8 size;	     /* 1, 2, 4, 8 */
	shared_u8 sort;	     /* enum fetch_sort */
	shared_u8 reg;	     /* slot in pt_regs, SHARED_NO_REG if none */
	shared_u8 index;     /* likewise */
	shared_u8 scale;     /* as a shift: 0 to 3 */
	shared_u8 reg_shift; /* bits to drop first */
	shared_u8 string;    /* 8-byte value that may point to a string */
};

/* What a location does for a latency. */
enum spec_role { ROLE_START, ROLE_END };

/* One location. Its number is the BPF cookie of the uprobe there. */
struct spec {
	shared_u64 address; /* link-time address of the location */
	shared_u16 nargs;
	shared_u16 probe; /* number of the probe it belongs to */
	shared_u32 role;  /* enum spec_role */
	struct fetch args[SHARED_ARGS_MAX];
	shared_u8 string_args[SHARED_ARGS_MAX]; /* which argument's a string slot is */
	shared_u32 nstrings;
};

/* How an argument's fetching went. */
enum arg_status {
	ARG_VALUE,   /* values[i] */
	ARG_STRING,  /* likewise, and its string slot has what that points to */
	ARG_FAULT,   /* its memory could not be read */
	ARG_NOTHING, /* not fetched: FETCH_NOTHING */
};

/*
 * A record in the ring: this, as many values as any location has, then the session's
 * string slots, of one size, numbered as struct spec says. Each byte of it costs the
 * traced program, so it holds nothing that can be found out later.
 */
struct record {
	shared_u64 time;
	shared_u64 pid_tgid;
	char comm[SHARED_COMM];
	shared_u32 spec;
	shared_u8 status[SHARED_ARGS_MAX];
	shared_u64 values[SHARED_ARGS_MAX];
};

/*
 * Behind the strings, when stacks are wanted: where the hit was, then the addresses that
 * frame pointers lead to, innermost first, or the registers and a copy of the stack's
 * upper end.
 */
#define STACK_DEPTH 64
struct stack {
	shared_u64 ip;
	shared_u32 size, pad; /* bytes of .addresses or .bytes that were filled */
	union {
		shared_u64 addresses[STACK_DEPTH];
		struct {
			shared_u64 regs[21]; /* struct pt_regs */
			shared_u8 bytes[];
		};
	};
};

#define TESTS_MAX 32
#define TEST_WORDS 9 /* room for 64 bytes of text and two that tell whether it ends */
#define TEST_PASS 254
#define TEST_DROP 255

enum test_subject { SUBJECT_ARG, SUBJECT_PID, SUBJECT_TID, SUBJECT_COMM };

/* One comparison of a filter; tracer/static/filter.h says what it means. */
struct test {
	shared_u64 number;
	shared_u64
		real8; /* the same as a double, its bits put in order: see filter.bpf.h */
	shared_u64 real4;  /* as a float */
	shared_u8 subject; /* enum test_subject */
	shared_u8 arg;
	shared_u8 accepted;    /* set of enum filter_order */
	shared_u8 is_negative; /* .number is below 0 */
	shared_u8 is_text, is_prefix;
	shared_u8 on_true, on_false;
	shared_u8 len, pad[7];	     /* of the text */
	shared_u64 text[TEST_WORDS]; /* bytes, with zeros behind */
};

/* What hits are counted by; the location's number or its probe's is always part of it. */
enum count_by { BY_LOCATION, BY_PID, BY_TID, BY_COMM, BY_ARG };

/* Where a count stands: at a number, or at a hash of the text, which is in the tally. */
struct count_key {
	shared_u64 number;
	shared_u32 probe;
	shared_u32 is_text;
};

#define COUNT_TEXT 64
struct tally {
	shared_u64 hits;
	char text[COUNT_TEXT]; /* with zeros behind */
};

/*
 * Slots of a power-of-two histogram: 0 for zero, 1 + k for 2^k up to 2^(k+1) - 1, and
 * LOG2_NEGATIVE + k for the same below zero.
 */
#define LOG2_NEGATIVE 65
#define LOG2_SLOTS 129
/* Slots of a linear one: 0 below, then the steps, then above. */
/*
 * Slots of latencies, in ns: exact up to 15, then 16 a power of two (6 % wide), the last
 * for 2^47 ns (39 hours) and more.
 */
#define LATENCY_SLOTS 704

struct start_key {
	shared_u64 number;
	shared_u64 pid; /* 0 with a thread id, which is unique by itself */
};

#ifndef __bpf__
_Static_assert(sizeof(struct test) == 40 + 8 * TEST_WORDS, "mirrored in BPF");
_Static_assert(sizeof(struct tally) == 8 + COUNT_TEXT, "mirrored in BPF");
_Static_assert(sizeof(struct fetch) == 16, "mirrored in BPF");
_Static_assert(sizeof(struct spec) == 16 + 16 * SHARED_ARGS_MAX + 16, "mirrored in BPF");
_Static_assert(sizeof(struct record) == 48 + 8 * SHARED_ARGS_MAX, "mirrored");
#endif

#endif
