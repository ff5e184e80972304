// SPDX-License-Identifier: GPL-2.0-or-later
/* The screen of one lab: its chapter, its program, its questions, its source. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/array.h"
#include "menu/catalog.h"
#include "menu/dialog.h"
#include "menu/editor.h"
#include "menu/next.h"
#include "menu/progress.h"
#include "menu/state.h"
#include "menu/target.h"
#include "menu/text.h"
#include "menu/ui_parts.h"
#include "menu/work.h"

/* Tags of questions have a dot, so these cannot be mistaken for one. */
static void read_chapter(struct ui *ui, const struct lab *lab)
{
	ui_chapter(ui, lab->chapter);
}

static void stop(struct ui *ui, const struct lab *lab)
{
	ui_stop(ui, lab->name);
}

static void show_commands(struct ui *ui, const struct lab *lab)
{
	struct target_look look;
	struct state state;
	char *error = NULL;
	struct text text;
	unsigned int i;

	if (state_read(ui->app->folder, &state, &error)) {
		ui_error(ui, error);
		return;
	}
	text_begin(&text);
	for (i = 0; i < lab->targets_count; i++) {
		const struct lab_target *target = &lab->targets[i];
		char *path = target_program(&state, target);

		target_look(&state, target->program, &look);
		if (lab->targets_count > 1)
			fprintf(text.stream, "%s%s:\n\n", i ? "\n" : "", target->program);
		if (look.pid)
			next_running(text.stream, &ui->app->user, path, look.pid);
		else
			fprintf(text.stream, "%s does not run: `start` comes first.\n",
				target->program);
		free(path);
	}
	text_done(&text);
	state_free(&state);
	dialog_text(ui->app, "To type in another terminal", text.data);
	free(text.data);
}

static void edit(struct ui *ui, const struct work *work)
{
	char *source = work_source(ui->app->folder, work), *error = NULL;

	if (work_prepare(ui->app->folder, work, &error) < 0) {
		ui_error(ui, error);
	} else {
		dialog_clear();
		if (editor_run(&ui->app->user, source, &error)) {
			char *whole = text_format("%s\nThe file: %s", error, source);

			free(error);
			ui_error(ui, whole);
		}
	}
	free(source);
}

static void build(struct ui *ui, const struct work *work)
{
	char *program = work_program(ui->app->folder, work), *how = work_environment();
	char *command, *messages, *error = NULL;
	struct text text;
	int err = work_build(ui->app, work, how, &command, &messages, &error);

	if (err < 0) {
		ui_error(ui, error);
	} else {
		text_begin(&text);
		fputs(messages ? messages : "", text.stream);
		if (err) {
			fputs("\nIt does not compile; the compiler's words are above. "
			      "`edit` again.\n",
			      text.stream);
		} else {
			fprintf(text.stream, "Built %s\n\nIn another terminal:\n\n",
				program);
			next_built(text.stream, &ui->app->user, work->lab, program);
		}
		text_done(&text);
		dialog_text(ui->app, err ? "It does not compile" : "Built", text.data);
		free(text.data);
	}
	free(command);
	free(messages);
	free(program);
	free(how);
}

static const struct entry {
	const char *tag;
	const char *text;
	const char *several; /* the same for a lab with more than one program, or NULL */
	void (*open)(struct ui *ui, const struct lab *lab);
	void (*open_work)(struct ui *ui, const struct work *work); /* once a source */
} before[] =
	{
		{"read", "The chapter: what this is about, and how", NULL, read_chapter,
		 NULL},
		{"start", "Run the program in the background",
		 "Run the programs in the background", ui_start, NULL},
		{"commands", "What to type in another terminal", NULL, show_commands,
		 NULL},
},
  after[] = {
	  {"edit", "Edit your copy of the program's source", NULL, NULL, edit},
	  {"build", "Compile your copy", NULL, NULL, build},
	  {"stop", "End the program", "End the programs", stop, NULL},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct list {
	struct item *items;
	size_t count;
};

static void add_item(struct list *list, const char *tag, char *text)
{
	struct item *item = array_add(list->items, list->count);

	if (item)
		*item = (struct item){text_copy(tag), text};
	else
		free(text);
}

/* "edit", or "edit shelf" where the lab has several sources */
static char *work_tag(const struct entry *entry, const struct work *work)
{
	return lab_source(work->lab, 1)
		       ? text_format("%s %s", entry->tag, work->target->program)
		       : text_copy(entry->tag);
}

static void add_entries(struct list *list, const struct lab *lab,
			const struct entry *entries, size_t count)
{
	struct work work = {.lab = lab};
	unsigned int i;

	for (; count--; entries++) {
		bool several = entries->several && lab->targets_count > 1;

		if (entries->open)
			add_item(list, entries->tag,
				 text_copy(several ? entries->several : entries->text));
		for (i = 0; entries->open_work && (work.target = lab_source(lab, i));
		     i++) {
			char *tag = work_tag(entries, &work);

			add_item(list, tag, text_copy(entries->text));
			free(tag);
		}
	}
}

/* "passwd.user  wrong     Ten times a second ..." */
static void add_questions(struct list *list, const struct lab *lab, struct state *state)
{
	unsigned int i;

	for (i = 0; i < lab->questions_count; i++) {
		const struct question *q = &lab->questions[i];
		char *id = question_id(lab, q);
		const struct question_record *record = state_question(state, id);

		add_item(list, id,
			 text_format("%-8s  %.36s...", status_name(record->status),
				     q->ask));
		free(id);
	}
}

static void list_fini(struct list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		free((char *)list->items[i].tag);
		free((char *)list->items[i].text);
	}
	free(list->items);
}

/* "usdt-passwd: running, process 12, heartbeat 345" and "passwd: 1 of 6 passed" */
static char *describe(const struct lab *lab, struct state *state)
{
	struct target_look look;
	struct text text;
	char *progress;
	unsigned int i;

	text_begin(&text);
	for (i = 0; i < lab->targets_count; i++) {
		const char *program = lab->targets[i].program;

		target_look(state, program, &look);
		fprintf(text.stream, "%s%s: %s", i ? "\n" : "", program,
			target_condition_name(look.condition));
		if (look.pid)
			fprintf(text.stream, ", process %d", look.pid);
		if (look.pid && look.beats)
			fprintf(text.stream, ", heartbeat %llu",
				(unsigned long long)look.count);
		if (look.condition == TARGET_GONE)
			fputs("; `start` brings it back", text.stream);
	}
	progress = progress_text(lab, state);
	fprintf(text.stream, "\n%s: %s", lab->name, progress);
	free(progress);
	return text_done(&text);
}

static void open_if(struct ui *ui, const struct lab *lab, const struct entry *entry,
		    const char *tag)
{
	struct work work = {.lab = lab};
	unsigned int i;

	if (entry->open && !strcmp(entry->tag, tag))
		entry->open(ui, lab);
	for (i = 0; entry->open_work && (work.target = lab_source(lab, i)); i++) {
		char *own = work_tag(entry, &work);

		if (!strcmp(own, tag))
			entry->open_work(ui, &work);
		free(own);
	}
}

static void open_entry(struct ui *ui, const struct lab *lab, const char *tag)
{
	const struct question *question;
	size_t i;

	if (strchr(tag, '.')) {
		question = lab_question(lab, strchr(tag, '.') + 1);
		if (question)
			ui_question(ui, lab, question);
		return;
	}
	for (i = 0; i < COUNT(before); i++)
		open_if(ui, lab, &before[i], tag);
	for (i = 0; i < COUNT(after); i++)
		open_if(ui, lab, &after[i], tag);
}

void ui_lab(struct ui *ui, const char *name)
{
	static const struct buttons buttons = {.ok = "Open", .cancel = "Back"};
	char *error = NULL, *about, *choice = NULL, *current = NULL;
	struct state state;
	struct list list;
	struct lab *lab;
	int button = BUTTON_OK;

	if (catalog_lab(name, &lab, &error)) {
		ui_error(ui, error);
		return;
	}
	while (button == BUTTON_OK) {
		if (state_read(ui->app->folder, &state, &error)) {
			ui_error(ui, error);
			break;
		}
		list = (struct list){0};
		add_entries(&list, lab, before, COUNT(before));
		add_questions(&list, lab, &state);
		add_entries(&list, lab, after, COUNT(after));
		about = describe(lab, &state);
		state_free(&state);
		button = dialog_menu(ui->app, lab->title, about, &buttons, list.items,
				     list.count, current, &choice);
		free(about);
		list_fini(&list);
		if (button == BUTTON_OK) {
			open_entry(ui, lab, choice);
			free(current);
			current = choice;
		}
	}
	free(current);
	lab_free(lab);
}
