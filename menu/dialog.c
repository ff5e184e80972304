// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/array.h"
#include "menu/app.h"
#include "menu/dialog.h"
#include "menu/fold.h"
#include "menu/run.h"
#include "menu/text.h"

#define RESULT_FD 3
#define WIDTH "78"
#define HEIGHT 22

/* An argument vector that grows; it owns no string. */
struct arguments {
	char **words;
	size_t count;
};

static void put(struct arguments *arguments, const char *word)
{
	char **slot = array_add(arguments->words, arguments->count);

	if (slot)
		*slot = (char *)word;
}

static void put_option(struct arguments *arguments, const char *option, const char *value)
{
	if (!value)
		return;
	put(arguments, option);
	put(arguments, value);
}

static void begin(struct arguments *arguments, const char *title,
		  const struct buttons *buttons)
{
	*arguments = (struct arguments){0};
	put(arguments, "dialog");
	put_option(arguments, "--title", title);
	put_option(arguments, "--output-fd", "3");
	put(arguments, "--no-collapse");
	if (!buttons)
		return;
	put_option(arguments, "--ok-label", buttons->ok);
	put_option(arguments, "--yes-label", buttons->ok);
	put_option(arguments, "--cancel-label", buttons->cancel);
	put_option(arguments, "--no-label", buttons->cancel);
	if (buttons->extra)
		put(arguments, "--extra-button");
	put_option(arguments, "--extra-label", buttons->extra);
	if (buttons->help)
		put(arguments, "--help-button");
	put_option(arguments, "--help-label", buttons->help);
}

/* Runs and frees ARGUMENTS. Anything that is no button counts as Escape. */
static int finish(const struct app *app, struct arguments *arguments, int pass,
		  char **output)
{
	struct run run = {.capture = RESULT_FD, .pass = pass, .dies_with_us = true};
	int err;

	put(arguments, NULL);
	run.argv = arguments->words;
	err = run_program(&app->user, &run);
	if (err)
		run.status = BUTTON_ESCAPE;
	if (output) {
		*output = run.output;
		run.output = NULL;
	}
	run_fini(&run);
	free(arguments->words);
	return run.status <= BUTTON_EXTRA ? run.status : BUTTON_ESCAPE;
}

/* Lines of TEXT, as dialog breaks it at WIDTH columns. */
static unsigned int text_height(const char *text)
{
	struct text wrapped;
	unsigned int lines = 0;
	const char *c;

	text_begin(&wrapped);
	text_wrap(wrapped.stream, text, DIALOG_WIDTH, "");
	text_done(&wrapped);
	for (c = wrapped.data; *c; c++)
		lines += *c == '\n';
	free(wrapped.data);
	return lines;
}

static char *height_for(const char *text, unsigned int frame)
{
	unsigned int height = text_height(text) + frame;

	return text_format("%u", height > HEIGHT ? HEIGHT : height);
}

/* A list may be longer than a small screen has room for: as high as this one is. */
static unsigned int tallest(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row < HEIGHT + 2)
		return HEIGHT;
	return size.ws_row - 2;
}

int dialog_menu(const struct app *app, const char *title, const char *text,
		const struct buttons *buttons, const struct item *items, size_t count,
		const char *current, char **choice)
{
	struct arguments arguments;
	unsigned int room = tallest() - 6 - text_height(text);
	char *list = text_format("%zu", count < room ? count : room);
	char *height =
		text_format("%zu", (count < room ? count : room) + 6 + text_height(text));
	size_t i;
	int button;

	begin(&arguments, title, buttons);
	put_option(&arguments, "--default-item", current);
	put_option(&arguments, "--menu", text);
	put(&arguments, height);
	put(&arguments, WIDTH);
	put(&arguments, list);
	for (i = 0; i < count; i++) {
		put(&arguments, items[i].tag);
		put(&arguments, items[i].text);
	}
	button = finish(app, &arguments, 0, choice);
	free(list);
	free(height);
	if (button != BUTTON_OK) {
		free(*choice);
		*choice = NULL;
	}
	return button;
}

/* A file in memory that a program we start can open as /proc/self/fd/N. */
static int memory_file(const char *text)
{
	int low = memfd_create("bpfhol", MFD_CLOEXEC), fd;
	size_t length = strlen(text);

	if (low < 0)
		return -1;
	fd = fcntl(low, F_DUPFD_CLOEXEC, 10);
	close(low);
	if (fd >= 0 && write(fd, text, length) != (ssize_t)length) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* TEXT as one word of a file of options, as dialog reads it. */
static char *quoted(const char *text)
{
	struct text word;

	text_begin(&word);
	fputc('"', word.stream);
	for (; *text; text++)
		fprintf(word.stream, "%s%c", strchr("\"\\", *text) ? "\\" : "", *text);
	fputs("\"\n", word.stream);
	return text_done(&word);
}

int dialog_input(const struct app *app, const char *title, const char *text,
		 const struct buttons *buttons, const char *start, char **value)
{
	char *height = height_for(text, 7), *word = quoted(start ? start : ""), *path;
	struct arguments arguments;
	int button, fd = memory_file(word);

	path = text_format("/proc/self/fd/%d", fd);
	begin(&arguments, title, buttons);
	put_option(&arguments, "--inputbox", text);
	put(&arguments, height);
	put(&arguments, WIDTH);
	if (start && *start && fd >= 0)
		put_option(&arguments, "--file", path);
	button = finish(app, &arguments, fd < 0 ? 0 : fd, value);
	if (fd >= 0)
		close(fd);
	free(path);
	free(word);
	free(height);
	if (button != BUTTON_OK) {
		free(*value);
		*value = NULL;
	}
	return button;
}

int dialog_ask(const struct app *app, const char *title, const char *text,
	       const struct buttons *buttons)
{
	struct arguments arguments;
	char *height = height_for(text, 5);
	int button;

	begin(&arguments, title, buttons);
	put_option(&arguments, "--yesno", text);
	put(&arguments, height);
	put(&arguments, WIDTH);
	button = finish(app, &arguments, 0, NULL);
	free(height);
	return button;
}

void dialog_text(const struct app *app, const char *title, const char *text)
{
	static const struct buttons buttons = {.ok = "Back"};
	struct arguments arguments;
	unsigned int lines = 0;
	struct text folded;
	const char *c;
	char *path, *height;
	int fd;

	text_begin(&folded);
	fold_text(folded.stream, text, TEXTBOX_WIDTH);
	text_done(&folded);
	fd = memory_file(folded.data);
	for (c = folded.data; *c; c++)
		lines += *c == '\n';
	path = text_format("/proc/self/fd/%d", fd);
	height = text_format("%u", lines + 4 > HEIGHT ? HEIGHT : lines + 4);
	begin(&arguments, title, &buttons);
	if (lines + 4 > HEIGHT)
		put_option(&arguments, "--hline",
			   "Space: on   b: back   arrows   Enter: leave");
	put_option(&arguments, "--exit-label", "Back");
	put_option(&arguments, "--textbox", path);
	put(&arguments, height);
	put(&arguments, WIDTH);
	if (fd >= 0) {
		finish(app, &arguments, fd, NULL);
		close(fd);
	} else {
		free(arguments.words);
	}
	free(path);
	free(height);
	free(folded.data);
}

/* Without such a locale dialog takes no letter but ASCII, and draws none. The C library
 * brings this one along. */
void dialog_locale(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8 = locale && !strcmp(nl_langinfo_l(CODESET, locale), "UTF-8");

	if (locale)
		freelocale(locale);
	if (!utf8)
		setenv("LC_ALL", "C.UTF-8", 1);
}

void dialog_clear(void)
{
	fputs("\033[H\033[2J", stdout);
	fflush(stdout);
}
