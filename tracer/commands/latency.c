// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <inttypes.h>

#include "common/exit.h"
#include "tracer/commands/histogram.h"
#include "tracer/commands/sum.h"

static int run(int argc, char *argv[]);

const struct command latency_command = {
	.name = "latency",
	.arguments = "START END",
	.summary = "how long it takes from one probe to another",
	.details = "An END belongs to the last START of the same thread or, with --by "
		   "argN, to the one\n"
		   "with the same number in that argument (both probes must have it "
		   "there).\n"
		   "Times are exact below 16 ns, else to 6 %; the longest is exact.\n"
		   "\n"
		   "  usdt latency -p 1234 query__start query__done\n"
		   "  usdt latency -k arg0 -i 1 -p 1234 pre_read post_write\n",
	.options = latency_option_defs,
	.run = run,
};

static const struct {
	const char *name;
	double share;
} quantiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}};

#define QUANTILES (sizeof(quantiles) / sizeof(*quantiles))

static void print_quantiles(const struct histogram *h, bool since_told, int64_t longest,
			    FILE *out)
{
	size_t i;

	for (i = 0; i < QUANTILES; i++) {
		fprintf(out, "  %s ", quantiles[i].name);
		print_time(out, histogram_quantile(h, since_told, quantiles[i].share,
						   longest));
	}
}

static void print_all(struct sum *sum, FILE *out, size_t rows)
{
	struct aggregate_totals t;

	aggregate_totals(sum->live.session, &t);
	histogram_print(sum->data, out, rows > 4 ? rows - 4 : rows);
	fprintf(out, "%" PRIu64 " times", sum->hits);
	print_quantiles(sum->data, false, (int64_t)t.longest, out);
	fputs("  longest ", out);
	print_time(out, (int64_t)t.longest);
	fputc('\n', out);
	if (t.open || t.restarted || t.unstarted)
		fprintf(out,
			"without their other half: %" PRIu64 " starts, %" PRIu64
			" ends\n",
			t.open + t.restarted, t.unstarted);
	sum_print_totals(sum, out);
}

static void print_json(struct sum *sum, FILE *out)
{
	struct aggregate_totals t;
	size_t i;

	aggregate_totals(sum->live.session, &t);
	fprintf(out, "{\"count\":%" PRIu64, sum->hits);
	for (i = 0; i < QUANTILES; i++)
		fprintf(out, ",\"%s\":%" PRId64, quantiles[i].name,
			histogram_quantile(sum->data, false, quantiles[i].share,
					   (int64_t)t.longest));
	fprintf(out,
		",\"max\":%" PRIu64 ",\"unmatched_starts\":%" PRIu64
		",\"unmatched_ends\":%" PRIu64 ",\"bars\":[",
		t.longest, t.open + t.restarted, t.unstarted);
	histogram_print_json(sum->data, out);
	fputc(']', out);
	sum_print_totals_json(sum, out);
	fputs("}\n", out);
}

static void print_line(struct sum *sum, FILE *out, const char *when)
{
	struct histogram *h = sum->data;
	size_t i;

	if (when) {
		fprintf(out, "%s %10" PRIu64 " times", when, histogram_hits(h, true));
		print_quantiles(h, true, 0, out);
		fputc('\n', out);
	} else {
		fprintf(out, "{\"new\":%" PRIu64, histogram_hits(h, true));
		for (i = 0; i < QUANTILES; i++)
			fprintf(out, ",\"%s\":%" PRId64, quantiles[i].name,
				histogram_quantile(h, true, quantiles[i].share, 0));
		fputs("}\n", out);
	}
	histogram_told(h);
}

static int run(int argc, char *argv[])
{
	static const struct summary how = {sum_read_histogram, print_all, print_json,
					   print_line};
	struct live_options o = {.session = {.job = JOB_LATENCY, .key = KEY_TID}};
	struct histogram histogram = {0};
	struct sum sum = {.how = &how, .data = &histogram};
	int status = live_options_parse(&latency_command, argc, argv, &o);

	if (status)
		return status < 0 ? EXIT_YES : status;
	if (o.session.key != KEY_TID && o.session.key != KEY_ARG)
		return usage_error(&latency_command, "--by takes tid or arg0 to arg11");
	if (argc - optind != 2)
		return usage_error(&latency_command, "a START and an END are wanted");
	status = sum_run(&sum, &o, argv + optind, 2, 1);
	histogram_fini(&histogram);
	return status;
}
