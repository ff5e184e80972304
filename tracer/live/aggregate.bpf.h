/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts and histograms, kept in the kernel. Part of usdt.bpf.c; keys and slots are
 * shared.h's. */

const volatile __u8 count_by;	/* enum count_by */
const volatile __u32 value_arg; /* the argument counted by, drawn, or a latency's key */
const volatile __u8 key_is_thread;
const volatile __u32 slot_count = LOG2_SLOTS;
const volatile __u64 linear_step; /* 0: powers of two */
const volatile __s64 linear_min;

/* Hits left out because a table was full, or because their argument could not be read. */
__u64 no_room, unreadable;
/* Latencies: starts that were begun anew before their end, ends without a start. */
__u64 restarted, unstarted;
__u64 longest;
/* Locations are attached to one after the other, and given up so: a latency that begins
 * or ends while they are would lack its other half. */
__u32 is_attached;
#define EEXIST 17

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} location_counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct count_key);
	__type(value, struct tally);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} slots SEC(".maps");

struct {
	__uint(type,
	       BPF_MAP_TYPE_LRU_HASH); /* threads may end before their latency does */
	__uint(max_entries, 1);
	__type(key, struct start_key);
	__type(value, __u64);
} starts SEC(".maps");

/* The program may be preempted, hence atomic although the slot is this CPU's. */
static void add_one(void *map, __u32 slot)
{
	__u64 *count = bpf_map_lookup_elem(map, &slot);

	if (count)
		__sync_fetch_and_add(count, 1);
}

#define TEXT_WORDS (COUNT_TEXT / 8)
#define TEXTS_ALIKE 4 /* texts of one hash that can be told apart */

/* The kernel's hash of all 64 bytes would take longer than the rest of a hit. */
static __u64 hash_of(const struct tally *tally)
{
	const __u64 *words = (const __u64 *)tally->text;
	__u64 hash = 0;
	int i;

	for (i = 0; i < TEXT_WORDS && words[i]; i++) {
		hash = (hash ^ words[i]) *
		       0x9e3779b97f4a7c15ULL; /* 2^64 / golden ratio */
		hash ^= hash >> 32;
	}
	return hash;
}

static int is_same_text(const struct tally *a, const struct tally *b)
{
	const __u64 *at = (const __u64 *)a->text, *bt = (const __u64 *)b->text;
	int i;

	for (i = 0; i < TEXT_WORDS && at[i] == bt[i]; i++)
		if (!at[i])
			return 1;
	return i == TEXT_WORDS;
}

/* One more where KEY and, if that is a text's, FIRST's text stand; FIRST has one hit. */
static void count_key(struct count_key *key, const struct tally *first)
{
	struct tally *tally;
	int i;

	for (i = 0; i < TEXTS_ALIKE; i++) {
		tally = bpf_map_lookup_elem(&counts, key);
		if (!tally && !bpf_map_update_elem(&counts, key, first, BPF_NOEXIST))
			return;
		if (!tally) /* somebody else was faster, or there is no room */
			tally = bpf_map_lookup_elem(&counts, key);
		if (!tally)
			break;
		if (!key->is_text || is_same_text(tally, first)) {
			__sync_fetch_and_add(&tally->hits, 1);
			return;
		}
		key->number++;
	}
	__sync_fetch_and_add(&no_room, 1);
}

/* The one argument that matters. Returns an enum arg_status. */
static int value_of(const struct regs *regs, const struct spec *spec, __u64 *out)
{
	__u32 i = value_arg;

	if (i >= SHARED_ARGS_MAX || i >= spec->nargs ||
	    spec->args[i].kind == FETCH_BYTES ||
	    fetch_patiently(regs, &spec->args[i], out) != ARG_VALUE) {
		__sync_fetch_and_add(&unreadable, 1);
		return ARG_FAULT;
	}
	return ARG_VALUE;
}

static int is_text_byte(__u8 byte)
{
	return byte >= ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* What the value points to, if that begins like text; user space looks at all of it. */
static void take_text(struct count_key *key, struct tally *tally)
{
	const char *text = tally->text;
	long len;

	if (!may_be_pointer(key->number))
		return;
	len = read_string(tally->text, COUNT_TEXT, key->number);
	if (len <= 0 ||
	    (len > 1 && !(is_text_byte(text[0]) && (len == 2 || is_text_byte(text[1])))))
		return;
	key->is_text = 1;
	key->number = hash_of(tally);
}

static void count_hit(const struct regs *regs, const struct spec *spec, __u64 ids)
{
	struct count_key key = {.probe = spec->probe, .is_text = count_by == BY_COMM};
	struct tally tally = {.hits = 1};

	if (count_by == BY_PID)
		key.number = ids >> 32;
	else if (count_by == BY_TID)
		key.number = (__u32)ids;
	else if (count_by == BY_COMM)
		bpf_get_current_comm(tally.text, SHARED_COMM);
	else if (value_of(regs, spec, &key.number) != ARG_VALUE)
		return;
	if (count_by == BY_ARG && spec->args[value_arg & 15].string)
		take_text(&key, &tally);
	else if (count_by == BY_COMM)
		key.number = hash_of(&tally);
	count_key(&key, &tally);
}

/* The highest bit that is set; VALUE is not 0. Global: verified once. */
__noinline int top_bit(__u64 value)
{
	int bit = 0;

	if (value >> 32)
		bit += 32, value >>= 32;
	if (value >> 16)
		bit += 16, value >>= 16;
	if (value >> 8)
		bit += 8, value >>= 8;
	if (value >> 4)
		bit += 4, value >>= 4;
	if (value >> 2)
		bit += 2, value >>= 2;
	return bit + (value >> 1);
}

static __u32 linear_slot(__u64 value, int is_signed)
{
	__u64 above = value - (__u64)linear_min;
	int below = is_signed ? (__s64)value < linear_min
			      : linear_min > 0 && value < (__u64)linear_min;

	if (below)
		return 0;
	if (!is_signed && (__s64)value < 0)
		return slot_count - 1; /* beyond all bars, whose ends have a sign */
	above /= linear_step;
	return above < slot_count - 2 ? 1 + above : slot_count - 1;
}

static __u32 log2_slot(__u64 value, int is_signed)
{
	if (!value)
		return 0;
	if (is_signed && (__s64)value < 0)
		return LOG2_NEGATIVE + top_bit(-value);
	return 1 + top_bit(value);
}

static void draw_hit(const struct regs *regs, const struct spec *spec)
{
	__u64 value = 0;
	int is_signed;

	if (value_of(regs, spec, &value) != ARG_VALUE)
		return;
	is_signed = spec->args[value_arg & 15].sort == SORT_SIGNED;
	add_one(&slots, linear_step ? linear_slot(value, is_signed)
				    : log2_slot(value, is_signed));
}

static __u32 latency_slot(__u64 ns)
{
	__u32 bit;

	if (ns < 16)
		return ns;
	bit = top_bit(ns);
	if (bit > 46)
		return LATENCY_SLOTS - 1;
	return 16 * (bit - 3) + ((ns >> (bit - 4)) & 15);
}

static void keep_longest(__u64 ns)
{
	__u64 before = longest;
	int i;

	for (i = 0; i < 16 && ns > before; i++)
		before = __sync_val_compare_and_swap(&longest, before, ns);
}

static void end_latency(const struct start_key *key, __u64 now)
{
	__u64 *start = bpf_map_lookup_elem(&starts, key), ns;

	if (!start) {
		__sync_fetch_and_add(&unstarted, 1);
		return;
	}
	/* Taken by another thread since NOW: this end's own start was begun anew. */
	if (now < *start) {
		__sync_fetch_and_add(&unstarted, 1);
		return;
	}
	ns = now - *start;
	if (bpf_map_delete_elem(&starts, key))
		return; /* another end was faster */
	add_one(&slots, latency_slot(ns));
	keep_longest(ns);
}

static void time_hit(const struct regs *regs, const struct spec *spec, __u64 ids)
{
	struct start_key key = {.number = ids};
	__u64 now = bpf_ktime_get_ns();
	long err;

	if (!is_attached)
		return;
	if (!key_is_thread) {
		key.pid = ids >> 32;
		if (value_of(regs, spec, &key.number) != ARG_VALUE)
			return;
	}
	if (spec->role == ROLE_END) {
		end_latency(&key, now);
		return;
	}
	err = bpf_map_update_elem(&starts, &key, &now, BPF_NOEXIST);
	if (!err)
		return;
	if (err == -EEXIST) /* or, ended meanwhile, it does not any more */
		err = bpf_map_update_elem(&starts, &key, &now, BPF_ANY);
	__sync_fetch_and_add(err ? &no_room : &restarted, 1);
}
