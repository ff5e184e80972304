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

/* One line is left for the cursor. */
static struct winsize terminal_size(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		return (struct winsize){.ws_row = 23, .ws_col = 80};
	size.ws_row -= size.ws_row > 1;
	return size;
}

/*
 * How many bytes of a line fit: one that went on below could not be drawn over. The
 * lowest character that some terminals draw two columns wide has three bytes in UTF-8.
 */
static size_t fitting(const char *line, size_t len, unsigned int columns)
{
	size_t i, column = 0;

	for (i = 0; i < len; i++) {
		unsigned char c = line[i];

		if ((c & 0xc0) == 0x80) /* belongs to the one before */
			continue;
		column += c >= 0xe0 ? 2 : 1;
		if (column > columns)
			break;
	}
	return i;
}

/* Up to where the last drawing began, and all behind it cleared (ECMA-48). FIT: what the
 * terminal has room for, else all of it. */
static void draw(struct sum *sum, struct screen *screen, const struct winsize *fit)
{
	char *text = NULL, *line, *end;
	size_t size = 0, lines = 0;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		return;
	sum->how->print(sum, memory, fit ? fit->ws_row : 0);
	if (fclose(memory)) {
		free(text);
		return;
	}
	if (screen->lines)
		fprintf(screen->out, "\033[%zuA\r\033[J", screen->lines);
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		size_t len = end - line;

		if (fit && lines == fit->ws_row)
			break;
		fwrite(line, 1, fit ? fitting(line, len, fit->ws_col) : len, screen->out);
		fputc('\n', screen->out);
		lines++;
	}
	screen->lines = lines;
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
	struct winsize size;
	int err = 0;

	while (!err && !live_over(&sum->live) && !ferror(screen->out)) {
		session_poll(sum->live.session, 20, NULL, NULL);
		if (live_explains(&sum->live))
			err = sum->how->read(sum);
		live_tick(&sum->live, sum->hits > 0);
		if (err || seconds_now() < next)
			continue;
		next += step;
		size = terminal_size();
		err = sum->how->read(sum);
		if (!err && o->interval)
			tell(sum, screen);
		else if (!err && screen->redraw)
			draw(sum, screen, &size);
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
		draw(sum, screen, NULL);
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
	if (!status)
		status = live_found(&sum->live);
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
