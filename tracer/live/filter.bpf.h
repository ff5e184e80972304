/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a hit pass the filter? Part of usdt.bpf.c; the comparisons are filter.h's. */

const volatile __u32 test_count;
const volatile struct test tests[TESTS_MAX];

enum { LESS = 1, EQUAL = 2, GREATER = 4, UNORDERED = 8 }; /* enum filter_order */

/* Of two numbers of 64 bits, either of which may be one below zero. */
static __u32 order_of(__u64 a, int a_negative, __u64 b, int b_negative)
{
	if (a_negative != b_negative)
		return a_negative ? LESS : GREATER;
	return a < b ? LESS : a > b ? GREATER : EQUAL;
}

/*
 * BPF has no floating point, but the bits of two IEEE 754 numbers are in the numbers'
 * order once those of negative ones are inverted and the sign is set for the others.
 */
static __u32 order_of_reals(const struct fetch *fetch, __u64 bits, __u32 at)
{
	if (fetch->size == 4) {
		if ((bits & 0x7fffffff) > 0x7f800000)
			return UNORDERED;
		if (bits == 0x80000000)
			bits = 0; /* -0.0 */
		bits = bits >> 31 ? ~bits & 0xffffffff : bits | 0x80000000;
		return order_of(bits, 0, tests[at].real4, 0);
	}
	if ((bits & ~(1ULL << 63)) > 0x7ffULL << 52)
		return UNORDERED;
	if (bits == 1ULL << 63)
		bits = 0; /* -0.0 */
	bits = bits >> 63 ? ~bits : bits | 1ULL << 63;
	return order_of(bits, 0, tests[at].real8, 0);
}

/* Of a text with zeros behind it. */
static __u32 order_of_text(const __u64 text[TEST_WORDS], __u32 at)
{
	__u32 i;

	for (i = 0; i < TEST_WORDS; i++)
		if (text[i] != tests[at].text[i])
			return LESS;
	return EQUAL;
}

/* As many bytes as tell: of a prefix no more, else one more, which must be a NUL. */
static __u32 text_room(__u32 at)
{
	__u32 room = tests[at].len + (tests[at].is_prefix ? 1 : 2);

	return room < TEST_WORDS * 8 ? room : TEST_WORDS * 8;
}

static __u32 order_of_comm(__u32 at)
{
	__u64 text[TEST_WORDS] = {0}, comm[SHARED_COMM / 8] = {0};

	bpf_get_current_comm(comm, sizeof(comm));
	if (bpf_probe_read_kernel_str(text, text_room(at), comm) < 0)
		return 0;
	return order_of_text(text, at);
}

static __u32 order_of_string(__u64 address, __u32 at)
{
	__u64 text[TEST_WORDS] = {0};

	if (!may_be_pointer(address) || read_string(text, text_room(at), address) < 0)
		return 0;
	return order_of_text(text, at);
}

static __u32 order_of_arg(const struct regs *regs, const struct spec *spec, __u32 at)
{
	__u32 arg = tests[at].arg;
	const struct fetch *fetch;
	__u64 value = 0;

	if (arg >= SHARED_ARGS_MAX || arg >= spec->nargs)
		return 0;
	fetch = &spec->args[arg];
	if (fetch->kind == FETCH_BYTES ||
	    fetch_patiently(regs, fetch, &value) != ARG_VALUE)
		return 0;
	if (tests[at].is_text)
		return fetch->size == 8 ? order_of_string(value, at) : 0;
	if (fetch->sort == SORT_REAL)
		return order_of_reals(fetch, value, at);
	return order_of(value, fetch->sort == SORT_SIGNED && (__s64)value < 0,
			tests[at].number, tests[at].is_negative);
}

/* One comparison. The order is 0, which nothing accepts, where there is nothing to
 * compare. Global, so that the verifier looks at it once. */
__noinline int holds(const struct regs *regs, const struct spec *spec, __u32 at)
{
	__u64 ids = bpf_get_current_pid_tgid();
	__u32 order;

	if (!regs || !spec || at >= TESTS_MAX)
		return 0;
	switch (tests[at].subject) {
	case SUBJECT_PID:
		order = order_of(ids >> 32, 0, tests[at].number, tests[at].is_negative);
		break;
	case SUBJECT_TID:
		order = order_of((__u32)ids, 0, tests[at].number, tests[at].is_negative);
		break;
	case SUBJECT_COMM:
		order = order_of_comm(at);
		break;
	default:
		order = order_of_arg(regs, spec, at);
	}
	return (order & tests[at].accepted) != 0;
}

static int passes(const struct regs *regs, const struct spec *spec)
{
	__u32 at = 0, i;

	for (i = 0; i < TESTS_MAX && i < test_count; i++) {
		if (at >= TESTS_MAX)
			return 0;
		at = holds(regs, spec, at) ? tests[at].on_true : tests[at].on_false;
		if (at == TEST_PASS)
			return 1;
	}
	return !test_count;
}
