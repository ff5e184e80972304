// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/bpf.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tracer/live/aggregate.h"
#include "tracer/live/attach.h"
#include "tracer/live/kernel_btf.h"
#include "tracer/live/process.h"
#include "tracer/live/program.h"
#include "usdt.skel.h"

#define BYTES_MAX 32
#define FIRST_PID_NAMESPACE 0xeffffffcU /* PROC_PID_INIT_INO, linux/proc_ns.h */
#define FOLLOWED_MAX 16384
#define KEYS_MAX 10240	     /* what is counted by, and latencies under way */
#define STACK_COPY_SIZE 8192 /* bytes of stack copied at a hit */

struct program {
	struct usdt_bpf *bpf;
	struct bpf_program *job;
	bool in_container; /* process ids are other than those that BPF sees */
	struct ring *ring;
	struct decode_layout layout;
	struct bpf_link *on_fork, *on_free;
};

/* A record's layout is fixed for the session: as many values and strings as any spec has.
 */
static void lay_out(struct program *p, const struct program_plan *plan)
{
	static const size_t stack_sizes[] = {
		[STACK_NONE] = 0,
		[STACK_FRAME_POINTERS] = sizeof(struct stack),
		[STACK_COPY] = offsetof(struct stack, bytes[STACK_COPY_SIZE]),
	};
	size_t string_size = plan->options->string_size;
	enum session_stack stack = plan->options->stack;
	size_t end, i;

	p->layout.string_size = string_size;
	p->layout.slot_size = (string_size + 2 + 7) & ~7UL;
	if (p->layout.slot_size < BYTES_MAX) /* a struct by value goes there too */
		p->layout.slot_size = BYTES_MAX;
	p->layout.strings_offset = offsetof(struct record, values[plan->max_args]);
	p->layout.string_slots = plan->max_strings;
	p->layout.forced = 0;
	for (i = 0; i < OPERANDS_MAX; i++)
		if (plan->options->styles[i] == STYLE_STRING)
			p->layout.forced |= 1U << i;
	end = p->layout.strings_offset + plan->max_strings * p->layout.slot_size;
	p->layout.stack_offset = stack ? end : 0;
	p->bpf->rodata->arg_slots = plan->max_args;
	p->bpf->rodata->strings_offset = p->layout.strings_offset;
	p->bpf->rodata->string_slots = plan->max_strings;
	p->bpf->rodata->string_slot_size = p->layout.slot_size;
	p->bpf->rodata->stack_offset = p->layout.stack_offset;
	p->bpf->rodata->stack_copied = stack == STACK_COPY ? STACK_COPY_SIZE : 0;
	p->bpf->rodata->record_size = end + stack_sizes[stack];
}

/* One of the four programs, and only the maps that it uses. */
static void choose_job(struct program *p, const struct program_plan *plan)
{
	const struct session_options *o = plan->options;
	bool by_location = o->job == JOB_COUNT && o->key <= KEY_LOCATION;
	const struct {
		struct bpf_program *program;
		enum session_job job;
	} jobs[] = {
		{p->bpf->progs.hit, JOB_TRACE},
		{p->bpf->progs.count, JOB_COUNT},
		{p->bpf->progs.draw, JOB_HISTOGRAM},
		{p->bpf->progs.time, JOB_LATENCY},
	};
	const struct {
		struct bpf_map *map;
		bool needed;
		size_t entries;
	} maps[] = {
		{p->bpf->maps.specs, true, plan->room},
		{p->bpf->maps.string_misses, o->job == JOB_TRACE, plan->room},
		{p->bpf->maps.ring, o->job == JOB_TRACE, o->buffer_size},
		{p->bpf->maps.location_counts, by_location, plan->room},
		{p->bpf->maps.counts, o->job == JOB_COUNT && !by_location, KEYS_MAX},
		{p->bpf->maps.slots, o->job == JOB_HISTOGRAM || o->job == JOB_LATENCY,
		 aggregate_slots(o)},
		{p->bpf->maps.starts, o->job == JOB_LATENCY, KEYS_MAX},
	};
	size_t i;

	for (i = 0; i < sizeof(jobs) / sizeof(*jobs); i++) {
		bool chosen = jobs[i].job == o->job;

		bpf_program__set_autoload(jobs[i].program, chosen);
		if (chosen)
			p->job = jobs[i].program;
	}
	for (i = 0; i < sizeof(maps) / sizeof(*maps); i++) {
		bpf_map__set_autocreate(maps[i].map, maps[i].needed);
		bpf_map__set_max_entries(maps[i].map, maps[i].entries);
	}
}

static void set_aggregate(struct program *p, const struct session_options *o)
{
	static const enum count_by by[] = {
		[KEY_PROBE] = BY_LOCATION, [KEY_LOCATION] = BY_LOCATION,
		[KEY_PID] = BY_PID,	   [KEY_TID] = BY_TID,
		[KEY_COMM] = BY_COMM,	   [KEY_ARG] = BY_ARG,
	};

	p->bpf->rodata->count_by = by[o->key];
	p->bpf->rodata->value_arg = o->arg;
	p->bpf->rodata->key_is_thread = o->key == KEY_TID;
	p->bpf->rodata->slot_count = aggregate_slots(o);
	p->bpf->rodata->linear_step = o->linear_step;
	p->bpf->rodata->linear_min = o->linear_min;
}

/* The bits of a double, so that unsigned comparison gives the order of the numbers. */
static uint64_t order_bits(double real)
{
	uint64_t bits;

	memcpy(&bits, &real, sizeof(bits));
	return bits >> 63 ? ~bits : bits | 1ULL << 63;
}

static uint32_t order_bits_single(float real)
{
	uint32_t bits;

	memcpy(&bits, &real, sizeof(bits));
	return bits >> 31 ? ~bits : bits | 1U << 31;
}

_Static_assert(TESTS_MAX == FILTER_TESTS_MAX && TEST_PASS == FILTER_PASS &&
		       TEST_DROP == FILTER_DROP && TEST_WORDS * 8 >= FILTER_TEXT_MAX + 2,
	       "shared.h and filter.h agree");

static void set_filter(struct program *p, const struct filter *filter)
{
	static const enum test_subject subjects[] = {
		[FILTER_ARG] = SUBJECT_ARG,
		[FILTER_PID] = SUBJECT_PID,
		[FILTER_TID] = SUBJECT_TID,
		[FILTER_COMM] = SUBJECT_COMM,
	};
	size_t i;

	p->bpf->rodata->test_count = filter ? filter->count : 0;
	for (i = 0; filter && i < filter->count; i++) {
		const struct filter_test *from = &filter->tests[i];
		struct test *to = (struct test *)&p->bpf->rodata->tests[i];

		*to = (struct test){
			.number = from->number,
			.real8 = order_bits(from->real),
			.real4 = order_bits_single((float)from->real),
			.subject = subjects[from->subject],
			.arg = from->arg,
			.accepted = from->accepted,
			.is_negative = from->is_negative,
			.is_text = from->literal == FILTER_TEXT,
			.is_prefix = from->is_prefix,
			.on_true = from->on_true,
			.on_false = from->on_false,
			.len = from->len,
		};
		memcpy(to->text, from->text, from->len);
	}
}

/* Where process ids are a container's, the kernel is told which container's. */
static void enter_namespace(struct program *p, pid_t first)
{
	struct stat ours;

	if (stat("/proc/self/ns/pid", &ours) || ours.st_ino == FIRST_PID_NAMESPACE)
		return;
	p->in_container = true;
	p->bpf->rodata->first_followed = first;
	p->bpf->rodata->namespace_device = ours.st_dev;
	p->bpf->rodata->namespace_inode = ours.st_ino;
}

static pid_t first_followed(const struct program_plan *plan)
{
	return plan->only ? plan->only : plan->options->follow;
}

/* Without the kernel's BTF a followed process' children cannot be told apart: done
 * without. */
static void prepare_following(struct program *p, const struct program_plan *plan)
{
	static const char *const members[] = {"pid", "tgid"};
	bool children = false;
	uint32_t offsets[2];
	pid_t first = first_followed(plan);

	if (first) {
		enter_namespace(p, first);
		p->bpf->rodata->following = 1;
		bpf_map__set_max_entries(p->bpf->maps.followed, FOLLOWED_MAX);
	}
	if (plan->options->follow)
		children = !kernel_btf_offsets("task_struct", members, offsets, 2);
	if (children) {
		p->bpf->rodata->task_pid_offset = offsets[0];
		p->bpf->rodata->task_tgid_offset = offsets[1];
	}
	bpf_program__set_autoload(p->bpf->progs.on_fork, children);
	bpf_program__set_autoload(p->bpf->progs.on_free, children);
}

/* An operand relative to the thread's pointer needs to know where the kernel keeps that.
 */
static bool uses_thread(const struct fetch *fetch)
{
	return fetch->kind != FETCH_NOTHING &&
	       (fetch->reg == SLOT_THREAD || fetch->index == SLOT_THREAD);
}

static void prepare_thread_locals(struct program *p, const struct program_plan *plan)
{
	static const char *const in_task[] = {"thread"}, *const in_thread[] = {"fsbase"};
	uint32_t thread, fsbase;
	bool needed = plan->options->late_room > 0; /* who knows what is mapped later */
	size_t i, j;
	int err;

	for (i = 0; i < plan->count; i++)
		for (j = 0; j < plan->specs[i].nargs; j++)
			needed |= uses_thread(&plan->specs[i].args[j]);
	if (!needed)
		return;
	err = kernel_btf_offsets("task_struct", in_task, &thread, 1);
	if (!err)
		err = kernel_btf_offsets("thread_struct", in_thread, &fsbase, 1);
	if (!err)
		p->bpf->rodata->thread_offset = thread + fsbase;
}

static int load(struct program *p, const struct program_plan *plan)
{
	p->bpf = usdt_bpf__open();
	if (!p->bpf)
		return -errno;
	lay_out(p, plan);
	choose_job(p, plan);
	if (plan->multi)
		bpf_program__set_expected_attach_type(p->job, ATTACH_TYPE_UPROBE_MULTI);
	set_aggregate(p, plan->options);
	set_filter(p, plan->options->filter);
	prepare_following(p, plan);
	prepare_thread_locals(p, plan);
	return usdt_bpf__load(p->bpf);
}

/* One system call for all of them (kernel 5.6), or one each. */
int program_add_specs(struct program *p, const struct spec *specs, size_t from,
		      size_t count)
{
	int map = bpf_map__fd(p->bpf->maps.specs), err = 0;
	__u32 *numbers = calloc(count + 1, sizeof(*numbers)), i, done = count;

	if (!numbers)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		numbers[i] = from + i;
	if (bpf_map_update_batch(map, numbers, &specs[from], &done, NULL))
		for (i = 0; !err && i < count; i++)
			err = bpf_map_update_elem(map, &numbers[i], &specs[from + i],
						  BPF_ANY);
	free(numbers);
	return err;
}

static int fill_maps(struct program *p, const struct program_plan *plan)
{
	const struct session_options *o = plan->options;
	__u32 pid = first_followed(plan);
	__u64 unknown = 0;
	int err = program_add_specs(p, plan->specs, 0, plan->count);

	if (!err && pid && !p->in_container)
		err = bpf_map_update_elem(bpf_map__fd(p->bpf->maps.followed), &pid,
					  &unknown, BPF_ANY);
	if (err || o->job != JOB_TRACE)
		return err;
	p->ring = ring_open(bpf_map__fd(p->bpf->maps.ring), o->buffer_size);
	return p->ring ? 0 : -errno;
}

static int follow_children(struct program *p)
{
	if (!bpf_program__autoload(p->bpf->progs.on_fork))
		return 0;
	p->on_fork = bpf_program__attach_raw_tracepoint(p->bpf->progs.on_fork,
							"sched_process_fork");
	if (!p->on_fork)
		return -errno;
	p->on_free = bpf_program__attach_raw_tracepoint(p->bpf->progs.on_free,
							"sched_process_free");
	return p->on_free ? 0 : -errno;
}

int program_load(const struct program_plan *plan, struct program **out, const char **step)
{
	struct program *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return -ENOMEM;
	*step = "load the tracer's BPF program";
	err = load(p, plan);
	if (!err) {
		*step = "set up the tracer's memory";
		err = fill_maps(p, plan);
	}
	if (!err) {
		*step = "follow child processes";
		err = follow_children(p);
	}
	if (err)
		program_free(p);
	else
		*out = p;
	return err;
}

void program_free(struct program *p)
{
	if (!p)
		return;
	bpf_link__destroy(p->on_fork);
	bpf_link__destroy(p->on_free);
	ring_close(p->ring);
	if (p->bpf)
		usdt_bpf__destroy(p->bpf);
	free(p);
}

const struct bpf_program *program_job(const struct program *p)
{
	return p->job;
}

struct usdt_bpf *program_bpf(const struct program *p)
{
	return p->bpf;
}

struct ring *program_ring(const struct program *p)
{
	return p->ring;
}

const struct decode_layout *program_layout(const struct program *p)
{
	return &p->layout;
}

size_t program_signal_followed(const struct program *p, int signal)
{
	int map = bpf_map__fd(p->bpf->maps.followed);
	__u32 pid, *from = NULL;
	size_t count = 0;

	if (p->in_container) /* those are numbers of others here */
		return 0;
	while (!bpf_map_get_next_key(map, from, &pid)) {
		from = &pid;
		if (process_ended(pid))
			continue;
		count += !kill(pid, signal);
	}
	return count;
}

uint64_t program_lost(const struct program *p)
{
	return __atomic_load_n(&p->bpf->bss->lost, __ATOMIC_RELAXED);
}

uint64_t program_unfollowed(const struct program *p)
{
	return __atomic_load_n(&p->bpf->bss->unfollowed, __ATOMIC_RELAXED);
}

void program_set_attached(struct program *p, bool is_attached)
{
	__atomic_store_n(&p->bpf->bss->is_attached, is_attached, __ATOMIC_RELAXED);
}
