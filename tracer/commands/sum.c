// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "common/exit.h"
#include "tracer/commands/histogram.h"
#include "tracer/commands/sum.h"

#define REDRAW_SECONDS 1

/* Where it goes, and what stands there to be drawn over. */
struct screen {
	FILE *out;
	bool redraw; /* a terminal, on which the last drawing is replaced */
	size_t lines;
};

static size_t terminal_rows(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row < 3)
		return 23;
	return size.ws_row - 1;
}

/* Up to where the last drawing began, and all behind it cleared (ECMA-48). */
static void draw(struct sum *sum, struct screen *screen, size_t rows)
{
	char *text = NULL;
	size_t size = 0, i;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		return;
	sum->how->print(sum, memory, rows);
	if (fclose(memory)) {
		free(text);
		return;
	}
	if (screen->lines)
		fprintf(screen->out, "\033[%zuA\r\033[J", screen->lines);
	fwrite(text, 1, size, screen->out);
	for (screen->lines = 0, i = 0; i < size; i++)
		screen->lines += text[i] == '\n';
	free(text);
	fflush(screen->out);
}

static void tell(struct sum *sum, struct screen *screen)
{
	time_t now = time(NULL);
	struct tm tm;
	char when[16];

	localtime_r(&now, &tm);
	strftime(when, sizeof(when), "%H:%M:%S", &tm);
	sum->how->line(sum, screen->out,
		       sum->live.options->format == FORMAT_JSON ? NULL : when);
	fflush(screen->out);
}

static int follow(struct sum *sum, struct screen *screen)
{
	const struct live_options *o = sum->live.options;
	double step = o->interval ? o->interval : REDRAW_SECONDS;
	double next = seconds_now() + step;
	int err = 0;

	while (!err && !live_over(&sum->live) && !ferror(screen->out)) {
		session_poll(sum->live.session, 20, NULL, NULL);
		live_tick(&sum->live, sum->hits > 0);
		if (seconds_now() < next)
			continue;
		next += step;
		err = sum->how->read(sum);
		if (!err && o->interval)
			tell(sum, screen);
		else if (!err && screen->redraw)
			draw(sum, screen, terminal_rows());
	}
	session_detach(sum->live.session);
	return err ? err : sum->how->read(sum);
}

static int show(struct sum *sum, struct screen *screen)
{
	const char *output = sum->live.options->output;
	int err = follow(sum, screen);

	if (err) {
		complain("cannot read what was counted: %s", strerror(-err));
		return EXIT_BROKEN;
	}
	if (sum->live.options->format == FORMAT_JSON)
		sum->how->print_json(sum, screen->out);
	else
		draw(sum, screen, 0);
	if (!fflush(screen->out) && !ferror(screen->out))
		return EXIT_YES;
	if (errno == EPIPE)
		return EXIT_YES;
	complain("cannot write %s: %s", output ? output : "the result", strerror(errno));
	return EXIT_NO;
}

int sum_run(struct sum *sum, const struct live_options *o, char *const patterns[],
	    size_t count, size_t ends)
{
	struct screen screen = {.out = stdout};
	int status = live_find(&sum->live, o, patterns, count, ends);

	if (!status && o->output) {
		screen.out = fopen(o->output, "we");
		if (!screen.out) {
			complain("cannot write '%s': %s", o->output, strerror(errno));
			status = EXIT_NO;
		}
	}
	screen.redraw = !o->output && !o->interval && o->format == FORMAT_TEXT &&
			isatty(STDOUT_FILENO);
	if (!status)
		status = live_attach(&sum->live, o->session);
	if (!status)
		status = show(sum, &screen);
	live_fini(&sum->live);
	if (o->output && screen.out && fclose(screen.out) && !status)
		status = EXIT_NO;
	return status;
}

int sum_read_histogram(struct sum *sum)
{
	struct histogram *h = sum->data;
	int err = 0;

	if (!h->slots)
		err = histogram_init(h, session_options_of(sum->live.session));
	if (!err)
		err = aggregate_histogram(sum->live.session, h->slots);
	sum->hits = err ? 0 : histogram_hits(h, false);
	return err;
}

void sum_print_totals(const struct sum *sum, FILE *out)
{
	struct aggregate_totals t;

	aggregate_totals(sum->live.session, &t);
	if (t.unreadable)
		fprintf(out, "%llu hits left out: their argument could not be read\n",
			(unsigned long long)t.unreadable);
	if (t.no_room)
		fprintf(out, "%llu hits left out: too many different keys\n",
			(unsigned long long)t.no_room);
}

void sum_print_totals_json(const struct sum *sum, FILE *out)
{
	struct aggregate_totals t;

	aggregate_totals(sum->live.session, &t);
	fprintf(out, ",\"unreadable\":%llu,\"no_room\":%llu",
		(unsigned long long)t.unreadable, (unsigned long long)t.no_room);
}
