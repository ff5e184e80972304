// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "common/exit.h"
#include "tracer/commands/histogram.h"
#include "tracer/commands/sum.h"

static int run(int argc, char *argv[]);

const struct command hist_command = {
	.name = "hist",
	.arguments = "PATTERN... ARG",
	.summary = "draw how an argument's values are distributed",
	.details = "ARG is arg0 to arg11. The values are sorted into bars in the kernel: "
		   "powers of two,\n"
		   "or with -l bars of one width.\n"
		   "\n"
		   "  usdt hist -p 1234 reply arg2\n"
		   "  usdt hist -l 0:100:10 -d 5 ./program:hit arg0\n",
	.options = hist_option_defs,
	.run = run,
};

static void print_all(struct sum *sum, FILE *out, size_t rows)
{
	int width = histogram_print(sum->data, out, rows > 3 ? rows - 3 : rows);

	fprintf(out, "%*s %10" PRIu64 "\n", width, "in all", sum->hits);
	sum_print_totals(sum, out);
}

static void print_json(struct sum *sum, FILE *out)
{
	fprintf(out, "{\"arg\":%u,\"hits\":%" PRIu64 ",\"bars\":[",
		session_options_of(sum->live.session)->arg, sum->hits);
	histogram_print_json(sum->data, out);
	fputc(']', out);
	sum_print_totals_json(sum, out);
	fputs("}\n", out);
}

static void print_line(struct sum *sum, FILE *out, const char *when)
{
	struct histogram *h = sum->data;
	uint64_t hits = histogram_hits(h, true);
	int64_t half = histogram_quantile(h, true, 0.5, 0);
	int64_t most = histogram_quantile(h, true, 0.9, 0);

	if (when)
		fprintf(out,
			"%s %10" PRIu64 " hits, half up to %" PRId64
			", 90 %% up to %" PRId64 "\n",
			when, hits, half, most);
	else
		fprintf(out,
			"{\"new\":%" PRIu64 ",\"p50\":%" PRId64 ",\"p90\":%" PRId64 "}\n",
			hits, half, most);
	histogram_told(h);
}

static int run(int argc, char *argv[])
{
	static const struct summary how = {sum_read_histogram, print_all, print_json,
					   print_line};
	struct live_options o = {.session.job = JOB_HISTOGRAM};
	struct histogram histogram = {0};
	struct sum sum = {.how = &how, .data = &histogram};
	int status = live_options_parse(&hist_command, argc, argv, &o);

	if (status)
		return status < 0 ? EXIT_YES : status;
	if (argc - optind < 2)
		return usage_error(&hist_command, "which argument? arg0 is the first");
	status = live_options_key(&hist_command, argv[argc - 1], &o.session);
	if (!status && o.session.key != KEY_ARG)
		return usage_error(&hist_command, "'%s' is no argument: arg0 to arg11",
				   argv[argc - 1]);
	if (!status)
		status = sum_run(&sum, &o, argv + optind, argc - optind - 1, 0);
	histogram_fini(&histogram);
	return status;
}
