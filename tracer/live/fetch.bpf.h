/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fetching arguments at a hit. Part of usdt.bpf.c, which says how it is kept fast. */

/* The slots of struct pt_regs (asm/ptrace.h), as an array: x86-64 has 21. */
#define PT_REGS_SLOTS 21
#define PT_REGS_IP_SLOT 16
#define PT_REGS_SP_SLOT 19

struct regs {
	__u64 slot[SLOT_COUNT];
};

_Static_assert(SLOT_LOAD_BIAS == PT_REGS_SLOTS, "ours come right behind the kernel's");

#define USER_MIN 4096UL /* nothing is mapped below vm.mmap_min_addr's default */
#define USER_MAX (1UL << 47)
#define PAGE_SIZE 4096UL
#define MISSES_MAX 8 /* strings that could not be read in a row before we stop trying */

const volatile __u32 thread_offset; /* of fs_base in struct task_struct; 0: not known */
const volatile __u32 arg_slots = SHARED_ARGS_MAX;
const volatile __u32 strings_offset = sizeof(struct record);
const volatile __u32 string_slots = 1;
const volatile __u32 string_slot_size = 72;

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

static __u64 extend(__u64 value, const struct fetch *fetch)
{
	__u32 unused = 64 - 8 * fetch->size;

	if (unused > 56)
		return value;
	value <<= unused & 63;
	return fetch->sort == SORT_SIGNED ? (__s64)value >> (unused & 63)
					  : value >> (unused & 63);
}

static __u64 register_value(const struct regs *regs, __u8 slot)
{
	return slot < SLOT_COUNT ? regs->slot[slot] : 0;
}

static int read_memory(__u64 *out, __u32 size, __u64 address)
{
	if (size == 0 || size > sizeof(*out))
		return -1;
	*out = 0;
	return bpf_probe_read_user(out, size, (const void *)address) ? -1 : 0;
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

	if (!regs || !fetch || !out || (fetch->reg == SLOT_THREAD && !thread_offset))
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

/* The pages of SIZE bytes, at most two borders away. Global: verified once. */
__noinline int touch_range(__u64 address, __u32 size)
{
	__u64 page = (address + PAGE_SIZE) & ~(PAGE_SIZE - 1);

	touch(address);
	if (page < address + size)
		touch(page);
	page += PAGE_SIZE;
	if (page < address + size)
		touch(page);
	return 0;
}

static int may_be_pointer(__u64 value)
{
	return value >= USER_MIN && value < USER_MAX;
}

/* As fetch_value(), with the pages the value lies in fetched if they must be. Sleeps. */
static int fetch_patiently(const struct regs *regs, const struct fetch *fetch, __u64 *out)
{
	int status = fetch_value(regs, fetch, out);

	if (status != ARG_FAULT)
		return status;
	touch_range(address_of(regs, fetch), fetch->size);
	return fetch_value(regs, fetch, out);
}

/* A string, with its length and NUL; negative if there is none. Sleeps. */
static long read_string(void *slot, __u32 size, __u64 address)
{
	long len = bpf_probe_read_user_str(slot, size, (const void *)address);

	if (len >= 0)
		return len;
	touch_range(address, size);
	return bpf_probe_read_user_str(slot, size, (const void *)address);
}

/*
 * An argument that has been no pointer for a while is looked at again now and then: a
 * failed read costs more than the rest of a hit.
 */
static int is_worth_trying(__u8 *misses)
{
	if (*misses < MISSES_MAX)
		return 1;
	++*misses; /* and at 256 it is 0 again */
	return 0;
}

/* The string that VALUE may point to. Returns ARG_STRING if it does; *ABSENT is set where
 * it might but for an absent page. */
static __u8 copy_string(void *slot, __u64 value, __u8 *misses, __u32 *absent)
{
	if (!may_be_pointer(value) || !is_worth_trying(misses))
		return ARG_VALUE;
	if (bpf_probe_read_user_str(slot, string_slot_size, (const void *)value) <= 0) {
		++*misses;
		*absent = 1;
		return ARG_VALUE;
	}
	if (*misses)
		*misses = 0;
	return ARG_STRING;
}

/* A struct by value: SIZE bytes at ADDRESS. Returns an enum arg_status. */
static __u8 copy_bytes(void *slot, __u32 size, __u64 address)
{
	if (size > string_slot_size)
		return ARG_NOTHING;
	return bpf_probe_read_user(slot, size, (const void *)address) ? ARG_FAULT
								      : ARG_VALUE;
}

/* What string slot NUMBER is for: a string, or a struct by value. Returns ABSENT. */
static __u32 fill_slot(char *record_bytes, struct spec *spec, struct misses *misses,
		       __u32 number)
{
	struct record *record = (struct record *)record_bytes;
	__u32 arg = spec->string_args[number], absent = 0;
	struct fetch *fetch;
	void *at;

	if (arg >= SHARED_ARGS_MAX || arg >= arg_slots || record->status[arg])
		return 0;
	fetch = &spec->args[arg];
	at = record_bytes + strings_offset + number * string_slot_size;
	if (fetch->kind == FETCH_BYTES) {
		record->status[arg] = copy_bytes(at, fetch->size, record->values[arg]);
		return record->status[arg] == ARG_FAULT;
	}
	record->status[arg] =
		copy_string(at, record->values[arg], &misses->count[arg], &absent);
	return absent;
}

/*
 * All arguments into a record, without ever sleeping: a record that is reserved holds up
 * all that come after it. Returns whether absent pages kept something from being read.
 * Values first, strings after: loops with few branches are quickly verified.
 */
static __u32 fetch_args(char *record_bytes, const struct regs *regs, struct spec *spec,
			struct misses *misses)
{
	struct record *record = (struct record *)record_bytes;
	__u32 i, absent = 0;

	for (i = 0; i < SHARED_ARGS_MAX; i++) {
		__u64 value = 0;

		if (i >= spec->nargs || i >= arg_slots)
			break;
		record->status[i] = fetch_value(regs, &spec->args[i], &value);
		record->values[i] = value;
		absent |= record->status[i] == ARG_FAULT;
	}
	for (i = 0; i < SHARED_ARGS_MAX; i++) {
		if (i >= spec->nstrings || i >= string_slots)
			break;
		absent |= fill_slot(record_bytes, spec, misses, i);
	}
	return absent;
}

/* Has the pages of an argument fetched. Sleeps. Global: verified once. */
__noinline int touch_arg(const struct regs *regs, const struct fetch *fetch)
{
	__u64 value = 0;

	if (!regs || !fetch)
		return 0;
	if (fetch_patiently(regs, fetch, &value) == ARG_VALUE && fetch->string &&
	    may_be_pointer(value))
		touch_range(value, string_slot_size);
	return 0;
}

/* Has every page fetched that fetch_args() will look at. */
static void touch_args(const struct regs *regs, const struct spec *spec)
{
	__u32 i;

	for (i = 0; i < SHARED_ARGS_MAX; i++) {
		if (i >= spec->nargs || i >= arg_slots)
			break;
		touch_arg(regs, &spec->args[i]);
	}
}
