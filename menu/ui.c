// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The menu's frame: may it open at all, its first screen, and sudo. Each screen is one
 * run of dialog(1); between two of them the terminal is as it was, so an editor or a
 * password prompt can use it.
 */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/array.h"
#include "common/exit.h"
#include "menu/catalog.h"
#include "menu/checkup.h"
#include "menu/command.h"
#include "menu/dialog.h"
#include "menu/progress.h"
#include "menu/report.h"
#include "menu/run.h"
#include "menu/state.h"
#include "menu/text.h"
#include "menu/ui.h"
#include "menu/ui_parts.h"

void ui_error(struct ui *ui, char *error)
{
	char *words = ui_words(error ? error : "something went wrong");
	struct text text;

	*words = toupper((unsigned char)*words);
	text_begin(&text);
	text_wrap(text.stream, words, DIALOG_WIDTH, "");
	text_done(&text);
	dialog_text(ui->app, "This did not work", text.data);
	free(text.data);
	free(words);
	free(error);
}

static void show_status(struct ui *ui)
{
	struct state state;
	char *error = NULL;
	struct text text;

	if (state_read(ui->app->folder, &state, &error)) {
		ui_error(ui, error);
		return;
	}
	text_begin(&text);
	report_status(text.stream, &state);
	text_done(&text);
	state_free(&state);
	ui_show(ui, "What runs, and how far you are", text.data);
	free(text.data);
}

static void show_doctor(struct ui *ui)
{
	struct checkup checkup;
	char *error = NULL;
	struct text text;

	ui_sudo_again(ui);
	if (checkup_run(ui->app, &checkup, &error)) {
		ui_error(ui, error);
		checkup_fini(&checkup);
		return;
	}
	text_begin(&text);
	checkup_print(text.stream, &checkup);
	text_done(&text);
	checkup_fini(&checkup);
	dialog_text(ui->app, "What works on this machine", text.data);
	free(text.data);
}

static void start_set(struct ui *ui, const struct lab_set *set)
{
	const char *const *name;
	char *error = NULL;
	struct lab *lab;

	for (name = set->labs; *name; name++) {
		if (!lab_load(*name, &lab, &error)) {
			ui_start(ui, lab);
			lab_free(lab);
		}
		free(error);
		error = NULL;
	}
}

/* The entries of the first screen that are no labs. */
static const struct item fixed[] = {
	{"status", "What runs, and how far you are"},
	{"handbook", "All chapters"},
	{"doctor", "What works on this machine, and how to mend the rest"},
	{"stop", "End the programs that run"},
	{"quit", "Leave the menu"},
};

#define FIXED (sizeof(fixed) / sizeof(*fixed))

struct entries {
	struct item *items;
	size_t count;
};

static void add_item(struct entries *entries, const char *tag, char *text)
{
	struct item *item = array_add(entries->items, entries->count);

	if (item)
		*item = (struct item){text_copy(tag), text};
	else
		free(text);
}

static void entries_fini(struct entries *entries)
{
	size_t i;

	for (i = 0; i < entries->count; i++) {
		free((char *)entries->items[i].tag);
		free((char *)entries->items[i].text);
	}
	free(entries->items);
}

/* "Start the programs of passwd and thrift in one go": those that are in this kit. */
static char *set_text(const struct lab_set *set, struct lab *const *labs)
{
	const char *const *name, *joint = "";
	struct lab *const *lab;
	struct text text;

	text_begin(&text);
	fputs("Start the programs of ", text.stream);
	for (name = set->labs; *name; name++) {
		for (lab = labs; *lab && strcmp((*lab)->name, *name); lab++)
			;
		if (*lab) {
			fprintf(text.stream, "%s%s", joint, *name);
			joint = " and ";
		}
	}
	fputs(" in one go", text.stream);
	return text_done(&text);
}

/* Labs with progress, the sets, then the fixed ones. */
static int make_entries(struct ui *ui, struct entries *entries, char **error)
{
	struct lab **labs = catalog_all(NULL, error), **lab;
	const struct lab_set *set;
	struct state state;
	size_t i;
	int err;

	*entries = (struct entries){0};
	if (!labs)
		return -1;
	err = state_read(ui->app->folder, &state, error);
	for (lab = labs; !err && *lab; lab++) {
		struct progress progress;

		/* What was revealed is told in the lab's own menu: here it does not fit.
		 */
		progress_count(*lab, &state, &progress);
		add_item(entries, (*lab)->name,
			 text_format("%s (%u of %u passed)", (*lab)->title,
				     progress.passed, progress.total));
	}
	for (set = lab_sets; !err && set->name; set++)
		add_item(entries, set->name, set_text(set, labs));
	for (i = 0; !err && i < FIXED; i++)
		add_item(entries, fixed[i].tag, text_copy(fixed[i].text));
	if (!err)
		state_free(&state);
	catalog_free(labs);
	return err;
}

/* False: the learner wants to quit. */
static bool open_entry(struct ui *ui, const char *tag)
{
	const struct lab_set *set = catalog_set(tag);

	if (!strcmp(tag, "quit"))
		return false;
	if (!strcmp(tag, "status"))
		show_status(ui);
	else if (!strcmp(tag, "handbook"))
		ui_handbook(ui);
	else if (!strcmp(tag, "doctor"))
		show_doctor(ui);
	else if (!strcmp(tag, "stop"))
		ui_stop(ui, NULL);
	else if (set)
		start_set(ui, set);
	else
		ui_lab(ui, tag);
	return true;
}

static int main_screen(struct ui *ui)
{
	static const struct buttons buttons = {.ok = "Open", .cancel = "Quit"};
	char *current = NULL, *choice, *error = NULL;
	struct entries entries;
	int button;

	for (;;) {
		if (make_entries(ui, &entries, &error)) {
			free(current);
			entries_fini(&entries);
			dialog_clear();
			return complain(EXIT_CANNOT, error);
		}
		button = dialog_menu(
			ui->app, "Labs",
			"A lab is a program with probes and some questions about it. "
			"Open one and read its chapter first. Keep a second terminal "
			"at hand, to trace in.",
			&buttons, entries.items, entries.count, current, &choice);
		entries_fini(&entries);
		if (button != BUTTON_OK || !open_entry(ui, choice)) {
			free(choice);
			choice = NULL;
			if (ui_leave(ui))
				break;
			continue;
		}
		free(current);
		current = choice;
	}
	free(current);
	dialog_clear();
	return EXIT_YES;
}

/* Unknown counts as large enough. */
static bool small_terminal(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col || !size.ws_row)
		return false;
	return size.ws_col < 80 || size.ws_row < 24;
}

/* What is in the way of a menu, or NULL. */
static const char *hindrance(int *status)
{
	const char *term = getenv("TERM");
	char *dialog = run_find("dialog");

	*status = EXIT_USAGE;
	free(dialog);
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return "there is no terminal";
	if (!term || !*term || !strcmp(term, "dumb"))
		return "this terminal cannot draw one (TERM is unset or dumb)";
	if (small_terminal())
		return "this terminal is smaller than 80 columns and 24 lines";
	*status = EXIT_CANNOT;
	if (!dialog)
		return "dialog(1) is not installed";
	return NULL;
}

int ui_main(struct app *app)
{
	struct ui ui = {.app = app};
	int status;
	const char *why = hindrance(&status);

	if (why) {
		fprintf(stderr,
			"bpfhol: cannot open the menu: %s\n"
			"  try: the same by commands, e.g. bpfhol list\n\n",
			why);
		commands_list();
		return status;
	}
	signal(SIGINT,
	       SIG_IGN); /* for dialog, editor and sudo: not the end of the menu */
	signal(SIGQUIT, SIG_IGN);
	setenv("DIALOG_ERROR", "254", 1);
	dialog_locale();
	ui_sudo(&ui);
	app->menu = true;
	return main_screen(&ui);
}
