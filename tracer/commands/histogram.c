// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "tracer/commands/histogram.h"
#include "tracer/live/aggregate.h"

#define BAR_WIDTH 40
#define NAME_WIDTH 24 /* of a bar, if none has a longer one */

struct bar {
	int64_t low, high;
	uint64_t hits;
};

struct bars {
	struct bar *bars;
	size_t count;
};

int histogram_init(struct histogram *h, const struct session_options *options)
{
	*h = (struct histogram){.options = options, .count = aggregate_slots(options)};
	h->slots = calloc(2 * h->count, sizeof(*h->slots));
	h->told = h->slots ? h->slots + h->count : NULL;
	return h->slots ? 0 : -ENOMEM;
}

void histogram_fini(struct histogram *h)
{
	free(h->slots);
}

static uint64_t hits_of(const struct histogram *h, size_t slot, bool since_told)
{
	return h->slots[slot] - (since_told ? h->told[slot] : 0);
}

uint64_t histogram_hits(const struct histogram *h, bool since_told)
{
	uint64_t hits = 0;
	size_t i;

	for (i = 0; i < h->count; i++)
		hits += hits_of(h, i, since_told);
	return hits;
}

/*
 * Slots in the order of their values: powers of two below zero are numbered away from
 * it.
 */
static size_t in_order(const struct histogram *h, size_t i)
{
	size_t negative = h->count - (h->count + 1) / 2;

	if (h->options->job == JOB_LATENCY || h->options->linear_step)
		return i;
	return i < negative ? h->count - 1 - i : i - negative;
}

/* As if the hits of a slot lay in it at equal distances. */
int64_t histogram_quantile(const struct histogram *h, bool since_told, double share,
			   int64_t longest)
{
	double wanted = share * (double)histogram_hits(h, since_told), seen = 0;
	int64_t low, high, value;
	size_t i;

	for (i = 0; i < h->count; i++) {
		size_t slot = in_order(h, i);
		double hits = (double)hits_of(h, slot, since_told);

		seen += hits;
		if (!hits || seen < wanted)
			continue;
		aggregate_bounds(h->options, slot, &low, &high);
		value = high - (int64_t)((double)(high - low) * (seen - wanted) / hits);
		return longest && value > longest ? longest : value;
	}
	return 0;
}

void histogram_told(struct histogram *h)
{
	memcpy(h->told, h->slots, h->count * sizeof(*h->told));
}

/* The power of two that a latency's slot belongs to. */
static int power_of(int64_t value)
{
	return value > 0 ? 63 - __builtin_clzll((uint64_t)value) : -1;
}

static int add_bar(const struct histogram *h, struct bars *bars, size_t slot, bool gather)
{
	struct bar *last = bars->count ? &bars->bars[bars->count - 1] : NULL;
	int64_t low, high;

	aggregate_bounds(h->options, slot, &low, &high);
	if (!gather || !last || power_of(last->low) != power_of(low)) {
		last = array_add(bars->bars, bars->count);
		if (!last)
			return -ENOMEM;
		*last = (struct bar){low, high, 0};
	}
	last->high = high;
	last->hits += h->slots[slot];
	return 0;
}

/* From the first that has hits to the last. */
static struct bars gather_bars(const struct histogram *h, bool gather)
{
	size_t first = h->count, last = 0, i;
	struct bars bars = {0};

	for (i = 0; i < h->count; i++)
		if (h->slots[in_order(h, i)]) {
			first = first == h->count ? i : first;
			last = i;
		}
	for (i = first; i <= last && i < h->count; i++)
		if (add_bar(h, &bars, in_order(h, i), gather))
			break;
	return bars;
}

void print_time(FILE *out, int64_t ns)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}};
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(*units); i++)
		if ((double)ns >= units[i].ns) {
			fprintf(out, "%.3g %s", (double)ns / units[i].ns, units[i].unit);
			return;
		}
	fprintf(out, "%" PRId64 " ns", ns);
}

/* "[16, 31]", "[1.02 us, 2.05 us)", "below 0" */
static void print_bounds(const struct histogram *h, const struct bar *bar, FILE *out)
{
	if (h->options->job == JOB_LATENCY) {
		print_time(out, bar->low);
		fputs(" to ", out);
		print_time(out, bar->high);
	} else if (bar->low == INT64_MIN) {
		fprintf(out, "up to %" PRId64, bar->high);
	} else if (bar->high == INT64_MAX) {
		fprintf(out, "from %" PRId64, bar->low);
	} else if (bar->low == bar->high) {
		fprintf(out, "%" PRId64, bar->low);
	} else {
		fprintf(out, "%" PRId64 " to %" PRId64, bar->low, bar->high);
	}
}

/* To be freed; NULL with no memory. */
static char *name_bar(const struct histogram *h, const struct bar *bar)
{
	char *bounds = NULL;
	size_t size;
	FILE *memory = open_memstream(&bounds, &size);

	if (!memory)
		return NULL;
	print_bounds(h, bar, memory);
	if (!fclose(memory))
		return bounds;
	free(bounds);
	return NULL;
}

static int widest_name(const struct histogram *h, const struct bar *bars, size_t count)
{
	size_t i, len, most = NAME_WIDTH;

	for (i = 0; i < count; i++) {
		char *name = name_bar(h, &bars[i]);

		len = name ? strlen(name) : 0;
		most = len > most ? len : most;
		free(name);
	}
	return (int)most;
}

static void print_bar(const struct histogram *h, const struct bar *bar, uint64_t most,
		      int name_width, FILE *out)
{
	int width = (int)((double)bar->hits * BAR_WIDTH / (double)most + 0.5);
	char *name = name_bar(h, bar);

	fprintf(out, "%*s %10" PRIu64 " |%.*s%*s|\n", name_width, name ? name : "",
		bar->hits, width, "########################################",
		BAR_WIDTH - width, "");
	free(name);
}

int histogram_print(const struct histogram *h, FILE *out, size_t rows)
{
	struct bars bars = gather_bars(h, h->options->job == JOB_LATENCY);
	size_t from = rows && bars.count > rows ? bars.count - rows : 0, i;
	int width = widest_name(h, bars.bars + from, bars.count - from);
	uint64_t most = 1;

	for (i = 0; i < bars.count; i++)
		if (bars.bars[i].hits > most)
			most = bars.bars[i].hits;
	for (i = from; i < bars.count; i++)
		print_bar(h, &bars.bars[i], most, width, out);
	free(bars.bars);
	return width;
}

void histogram_print_json(const struct histogram *h, FILE *out)
{
	struct bars bars = gather_bars(h, false);
	const char *comma = "";
	size_t i;

	for (i = 0; i < bars.count; i++) {
		if (!bars.bars[i].hits)
			continue;
		fprintf(out,
			"%s{\"low\":%" PRId64 ",\"high\":%" PRId64 ",\"hits\":%" PRIu64
			"}",
			comma, bars.bars[i].low, bars.bars[i].high, bars.bars[i].hits);
		comma = ",";
	}
	free(bars.bars);
}
