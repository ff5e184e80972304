// SPDX-License-Identifier: GPL-2.0-or-later
#include <bpf/bpf.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/live/aggregate.h"
#include "tracer/live/program.h"
#include "usdt.skel.h"

/* The sum over all CPUs of one slot of a per-CPU array. VALUES has room for them. */
static int sum(int map, uint32_t slot, uint64_t *values, int cpus, uint64_t *out)
{
	int i;

	if (bpf_map_lookup_elem(map, &slot, values))
		return -errno;
	for (*out = 0, i = 0; i < cpus; i++)
		*out += values[i];
	return 0;
}

static int count_locations(const struct session *session, counted_fn fn, void *data)
{
	struct usdt_bpf *bpf = program_bpf(session_program(session));
	int cpus = libbpf_num_possible_cpus(), err = 0;
	uint64_t *values = calloc(cpus > 0 ? cpus : 1, sizeof(*values));
	struct counted counted = {0};
	uint32_t i;

	if (!values)
		return -ENOMEM;
	for (i = 0; !err; i++) {
		counted.location = session_location(session, i, &counted.probe);
		if (!counted.location)
			break;
		err = sum(bpf_map__fd(bpf->maps.location_counts), i, values, cpus,
			  &counted.hits);
		if (!err && counted.hits)
			err = fn(&counted, data);
	}
	free(values);
	return err;
}

static int count_keys(const struct session *session, counted_fn fn, void *data)
{
	struct usdt_bpf *bpf = program_bpf(session_program(session));
	int map = bpf_map__fd(bpf->maps.counts), err = 0;
	struct count_key key, *from = NULL;
	struct tally tally;

	while (!err && !bpf_map_get_next_key(map, from, &key)) {
		struct counted counted = {.number = key.number};

		from = &key;
		counted.probe = session_probe(session, key.probe);
		if (!counted.probe || bpf_map_lookup_elem(map, &key, &tally))
			continue;
		counted.hits = tally.hits;
		if (key.is_text) {
			counted.text = tally.text;
			counted.len = strnlen(tally.text, sizeof(tally.text));
			counted.cut = counted.len == sizeof(tally.text) - 1;
		}
		err = fn(&counted, data);
	}
	return err;
}

int aggregate_counts(const struct session *session, counted_fn fn, void *data)
{
	return session_options_of(session)->key <= KEY_LOCATION
		       ? count_locations(session, fn, data)
		       : count_keys(session, fn, data);
}

size_t aggregate_slots(const struct session_options *options)
{
	if (options->job == JOB_LATENCY)
		return LATENCY_SLOTS;
	return options->linear_step ? options->linear_steps + 2 : LOG2_SLOTS;
}

int aggregate_histogram(const struct session *session, uint64_t *slots)
{
	struct usdt_bpf *bpf = program_bpf(session_program(session));
	size_t i, count = aggregate_slots(session_options_of(session));
	int cpus = libbpf_num_possible_cpus(), err = 0;
	uint64_t *values = calloc(cpus > 0 ? cpus : 1, sizeof(*values));

	if (!values)
		return -ENOMEM;
	for (i = 0; !err && i < count; i++)
		err = sum(bpf_map__fd(bpf->maps.slots), i, values, cpus, &slots[i]);
	free(values);
	return err;
}

static void latency_bounds(size_t slot, int64_t *low, int64_t *high)
{
	size_t shift = slot < 32 ? 0 : slot / 16 - 1;

	*low = slot < 32 ? (int64_t)slot : (int64_t)(16 + slot % 16) << shift;
	*high = slot == LATENCY_SLOTS - 1 ? INT64_MAX : *low + (1LL << shift) - 1;
}

/* 2^k to 2^(k+1) - 1, as far as a signed number can say. */
static void log2_bounds(size_t slot, int64_t *low, int64_t *high)
{
	bool negative = slot >= LOG2_NEGATIVE;
	size_t k = slot - (negative ? LOG2_NEGATIVE : 1);

	if (!slot) {
		*low = *high = 0;
		return;
	}
	*low = k > 62 ? INT64_MAX : 1LL << k;
	*high = k >= 62 ? INT64_MAX : (1LL << (k + 1)) - 1;
	if (negative) {
		int64_t nearest = *low;

		*low = k > 62 ? INT64_MIN : -*high;
		*high = k > 62 ? INT64_MIN : -nearest;
	}
}

void aggregate_bounds(const struct session_options *o, size_t slot, int64_t *low,
		      int64_t *high)
{
	int64_t step = (int64_t)o->linear_step;

	if (o->job == JOB_LATENCY) {
		latency_bounds(slot, low, high);
	} else if (!step) {
		log2_bounds(slot, low, high);
	} else {
		*low = slot ? o->linear_min + (int64_t)(slot - 1) * step : INT64_MIN;
		*high = slot ? *low + step - 1 : o->linear_min - 1;
		if (slot == o->linear_steps + 1)
			*high = INT64_MAX;
	}
}

/* Begins anew where an entry is deleted meanwhile, so there must be an end to it. */
static uint64_t count_open(const struct usdt_bpf *bpf)
{
	int map = bpf_map__fd(bpf->maps.starts);
	uint32_t room = bpf_map__max_entries(bpf->maps.starts);
	struct start_key key, *from = NULL;
	uint64_t count = 0;

	while (map >= 0 && count < room && !bpf_map_get_next_key(map, from, &key)) {
		from = &key;
		count++;
	}
	return count;
}

void aggregate_totals(const struct session *session, struct aggregate_totals *out)
{
	struct usdt_bpf *bpf = program_bpf(session_program(session));

	*out = (struct aggregate_totals){
		.unreadable = bpf->bss->unreadable,
		.no_room = bpf->bss->no_room,
		.restarted = bpf->bss->restarted,
		.unstarted = bpf->bss->unstarted,
		.open = count_open(bpf),
		.longest = bpf->bss->longest,
	};
}
