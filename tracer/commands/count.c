// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "common/exit.h"
#include "common/json_out.h"
#include "tracer/commands/print_event.h"
#include "tracer/commands/safe_text.h"
#include "tracer/commands/sum.h"

static int run(int argc, char *argv[]);

const struct command count_command = {
	.name = "count",
	.arguments = "PATTERN...",
	.summary = "count hits by probe, place, process or argument",
	.details = "Counts in the kernel, so that it costs the program next to nothing, "
		   "and shows\n"
		   "the table at the end (on a terminal also once a second).\n"
		   "\n"
		   "  usdt count -p 1234 '*'\n"
		   "  usdt count -d 10 -k arg0 python3:python:function__entry\n"
		   "  usdt count -i 1 -f 'arg1 > 0' ./program:hit\n",
	.options = count_option_defs,
	.run = run,
};

struct row {
	const struct probe *probe;
	const struct location *location;
	uint64_t number, hits;
	char *text; /* owned; NULL if .number counts */
	size_t len;
	bool cut;
};

struct table {
	struct row *rows; /* most hits first */
	size_t count;
	uint64_t told; /* hits at the last line */
};

static void table_clear(struct table *table)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		free(table->rows[i].text);
	free(table->rows);
	table->rows = NULL;
	table->count = 0;
}

static enum session_key key_of(const struct sum *sum)
{
	return session_options_of(sum->live.session)->key;
}

/* A probe's locations come one after the other. */
static int add_row(const struct counted *counted, void *data)
{
	struct sum *sum = data;
	struct table *table = sum->data;
	struct row *last = table->count ? &table->rows[table->count - 1] : NULL;

	sum->hits += counted->hits;
	if (key_of(sum) == KEY_PROBE && last && last->probe == counted->probe) {
		last->hits += counted->hits;
		return 0;
	}
	last = array_add(table->rows, table->count);
	if (!last)
		return -ENOMEM;
	*last = (struct row){
		.probe = counted->probe,
		.location = counted->location,
		.number = counted->number,
		.hits = counted->hits,
		.len = counted->len,
		.cut = counted->cut,
	};
	if (counted->text) {
		last->text = strndup(counted->text, counted->len);
		if (!last->text)
			return -ENOMEM;
	}
	return 0;
}

static int by_hits(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->hits != y->hits)
		return x->hits < y->hits ? 1 : -1;
	return (x->number > y->number) - (x->number < y->number);
}

static int read_rows(struct sum *sum)
{
	struct table *table = sum->data;
	int err;

	table_clear(table);
	sum->hits = 0;
	err = aggregate_counts(sum->live.session, add_row, sum);
	if (!err && table->count)
		qsort(table->rows, table->count, sizeof(*table->rows), by_hits);
	return err;
}

/* The bits of a number are an IEEE 754 one. */
static double to_real(uint64_t number, size_t size)
{
	uint32_t low = (uint32_t)number;
	double real;
	float single;

	if (size == sizeof(single)) {
		memcpy(&single, &low, sizeof(single));
		return single;
	}
	memcpy(&real, &number, sizeof(real));
	return real;
}

/* QUOTE: around what JSON has no number for. Returns its width. */
static int print_number(const struct sum *sum, const struct row *row, const char *quote,
			FILE *out)
{
	const struct session_options *o = session_options_of(sum->live.session);
	const struct location *first = &row->probe->locations[0];
	const struct operand *op =
		o->key == KEY_ARG && o->arg < first->nargs ? &first->args[o->arg] : NULL;

	if (op && op->is_float && (op->size == 4 || op->size == 8))
		return print_real(out, to_real(row->number, op->size), quote);
	if (op && op->is_signed)
		return fprintf(out, "%" PRId64, (int64_t)row->number);
	if (o->key == KEY_ARG && o->styles[o->arg] == STYLE_HEX && !*quote)
		return fprintf(out, "%#" PRIx64, row->number);
	return fprintf(out, "%" PRIu64, row->number);
}

/* Returns its width. */
static int print_key(const struct sum *sum, const struct row *row, FILE *out)
{
	enum session_key key = key_of(sum);
	int width;

	if (key == KEY_PROBE)
		return 0;
	if (key == KEY_LOCATION)
		return fprintf(out, "%#" PRIx64, row->location->address);
	if (!row->text)
		return print_number(sum, row, "", out);
	if (key != KEY_ARG)
		return print_safe(out, row->text, row->len);
	fputc('"', out);
	width = 1 + print_quoted(out, row->text, row->len);
	return width + fprintf(out, row->cut ? "\"..." : "\"");
}

static int widest_key(const struct sum *sum, const struct row *rows, size_t count)
{
	FILE *nowhere = fopen("/dev/null", "we");
	int width, most = 0;
	size_t i;

	for (i = 0; nowhere && i < count; i++) {
		width = print_key(sum, &rows[i], nowhere);
		most = width > most ? width : most;
	}
	if (nowhere)
		fclose(nowhere);
	return most;
}

static void print_rows(const struct sum *sum, const struct row *rows, size_t count,
		       FILE *out)
{
	enum session_key key = key_of(sum);
	bool with_probe = key <= KEY_LOCATION || sum->live.probes > 1;
	int most = with_probe ? widest_key(sum, rows, count) : 0;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct probe *probe = rows[i].probe;
		int width;

		fprintf(out, "%12" PRIu64 "  ", rows[i].hits);
		width = print_key(sum, &rows[i], out);
		if (with_probe) {
			fprintf(out, "%*s", most - width + (key != KEY_PROBE ? 2 : 0),
				"");
			print_safe(out, probe->provider, strlen(probe->provider));
			fputc(':', out);
			print_safe(out, probe->name, strlen(probe->name));
		}
		fputc('\n', out);
	}
}

static void print_table(struct sum *sum, FILE *out, size_t rows)
{
	static const char *const titles[] = {
		[KEY_PROBE] = "PROBE", [KEY_LOCATION] = "LOCATION", [KEY_PID] = "PID",
		[KEY_TID] = "TID",     [KEY_COMM] = "COMM",	    [KEY_ARG] = "ARG",
	};
	const struct table *table = sum->data;
	size_t shown = table->count;
	enum session_key key = key_of(sum);

	if (rows && shown + 3 > rows)
		shown = rows > 3 ? rows - 3 : 1;
	fprintf(out, "%12s  %s", "HITS", titles[key]);
	if (key == KEY_ARG)
		fprintf(out, "%u", session_options_of(sum->live.session)->arg);
	fputc('\n', out);
	print_rows(sum, table->rows, shown < table->count ? shown : table->count, out);
	if (shown < table->count)
		fprintf(out, "%12s  %zu more\n", "...", table->count - shown);
	fprintf(out, "%12" PRIu64 "  in all\n", sum->hits);
	sum_print_totals(sum, out);
}

static void print_row_json(const struct sum *sum, const struct row *row, FILE *out)
{
	enum session_key key = key_of(sum);

	fputs("{\"path\":", out);
	json_out_string(out, row->probe->path, strlen(row->probe->path));
	fputs(",\"provider\":", out);
	json_out_string(out, row->probe->provider, strlen(row->probe->provider));
	fputs(",\"name\":", out);
	json_out_string(out, row->probe->name, strlen(row->probe->name));
	if (key == KEY_LOCATION)
		fprintf(out, ",\"location\":\"%#" PRIx64 "\"", row->location->address);
	if (key > KEY_LOCATION) {
		fputs(",\"key\":", out);
		if (row->text)
			json_out_string(out, row->text, row->len);
		else
			print_number(sum, row, "\"", out);
	}
	fprintf(out, ",\"hits\":%" PRIu64 "}\n", row->hits);
}

static void print_json(struct sum *sum, FILE *out)
{
	const struct table *table = sum->data;
	size_t i;

	for (i = 0; i < table->count; i++)
		print_row_json(sum, &table->rows[i], out);
	fprintf(out, "{\"hits\":%" PRIu64, sum->hits);
	sum_print_totals_json(sum, out);
	fputs("}\n", out);
}

static void print_line(struct sum *sum, FILE *out, const char *when)
{
	struct table *table = sum->data;

	if (when)
		fprintf(out, "%s %12" PRIu64 " hits\n", when, sum->hits - table->told);
	else
		fprintf(out, "{\"new\":%" PRIu64 "}\n", sum->hits - table->told);
	table->told = sum->hits;
}

static int run(int argc, char *argv[])
{
	static const struct summary how = {read_rows, print_table, print_json,
					   print_line};
	struct live_options o = {.session = {.job = JOB_COUNT, .key = KEY_PROBE}};
	struct table table = {0};
	struct sum sum = {.how = &how, .data = &table};
	int status = live_options_parse(&count_command, argc, argv, &o);

	if (status)
		return status < 0 ? EXIT_YES : status;
	status = sum_run(&sum, &o, argv + optind, argc - optind, 0);
	table_clear(&table);
	return status;
}
