// SPDX-License-Identifier: GPL-2.0-or-later
/* Starting and stopping from the menu, and leaving it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/array.h"
#include "menu/dialog.h"
#include "menu/next.h"
#include "menu/state.h"
#include "menu/target.h"
#include "menu/text.h"
#include "menu/ui_parts.h"

/* Start one program under a leash of its own, and say so in OUT. */
static int start_one(struct ui *ui, struct state *state, const struct lab *lab,
		     const struct lab_target *target, FILE *out, char **error)
{
	const char *program = target->program;
	struct target_look look;
	struct leash *leash;
	int ends[2], err;
	char *path;

	if (pipe2(ends, O_CLOEXEC)) {
		*error = text_format("cannot make a pipe: %s", strerror(errno));
		return -errno;
	}
	err = target_start(&ui->app->user, state, lab->name, target, ends[0], error);
	close(ends[0]);
	leash = err == 0 ? array_add(ui->leashes, ui->leashes_count) : NULL;
	if (leash)
		*leash = (struct leash){text_copy(program), ends[1]};
	else
		close(ends[1]);
	if (err < 0)
		return err;
	target_look(state, program, &look);
	fprintf(out, "%s %s in the background as process %d.\n\n", program,
		err ? "runs already" : "runs now", look.pid);
	path = target_program(state, target);
	next_running(out, &ui->app->user, path, look.pid);
	free(path);
	fputc('\n', out);
	return 0;
}

void ui_start(struct ui *ui, const struct lab *lab)
{
	struct state state;
	char *error = NULL;
	struct text text;
	unsigned int i;
	int err = state_lock(ui->app->folder, &state, &error);

	if (err) {
		ui_error(ui, error);
		return;
	}
	text_begin(&text);
	for (i = 0; !err && i < lab->targets_count; i++)
		err = start_one(ui, &state, lab, &lab->targets[i], text.stream, &error);
	fputs("Type these in another terminal. They stay in the lab's menu, under "
	      "`commands`.\n",
	      text.stream);
	text_done(&text);
	state_free(&state);
	if (err)
		ui_error(ui, error);
	else
		dialog_text(ui->app, lab->title, text.data);
	free(text.data);
}

/* Let go of a program's leash: with LEAVE its keeper goes on without this menu. */
static void drop_leash(struct ui *ui, const char *program, bool leave)
{
	unsigned int i = 0;

	while (i < ui->leashes_count && strcmp(ui->leashes[i].program, program))
		i++;
	if (i == ui->leashes_count)
		return;
	if (leave && write(ui->leashes[i].fd, "l", 1) < 0)
		leave = false; /* its keeper is gone, and the program with it */
	close(ui->leashes[i].fd);
	free(ui->leashes[i].program);
	ui->leashes[i] = ui->leashes[--ui->leashes_count];
}

/* Does what this menu started still run? Not if it was started anew by a command. */
static pid_t leashed(const struct state *state, const struct leash *leash)
{
	const struct target_record *record = state_target(state, leash->program);
	struct target_look look;

	if (!record || !record->menu)
		return 0;
	target_look(state, leash->program, &look);
	return look.pid;
}

/* All of it in words, and how many; "" when nothing does. To be freed. */
static char *still_running(struct ui *ui, unsigned int *count)
{
	struct state state;
	struct text text;
	char *error = NULL;
	const char *comma = "";
	unsigned int i;

	*count = 0;
	text_begin(&text);
	if (!state_read(ui->app->folder, &state, &error)) {
		for (i = 0; i < ui->leashes_count; i++) {
			pid_t pid = leashed(&state, &ui->leashes[i]);

			if (!pid)
				continue;
			fprintf(text.stream, "%s%s (process %d)", comma,
				ui->leashes[i].program, pid);
			comma = ", ";
			++*count;
		}
		state_free(&state);
	}
	free(error);
	return text_done(&text);
}

static int stop_programs(struct ui *ui, const char *lab, FILE *out, char **error)
{
	struct state state;
	unsigned int i = 0, stopped = 0;
	int err = state_lock(ui->app->folder, &state, error);

	if (err)
		return err;
	while (i < state.targets_count) {
		char *program = text_copy(state.targets[i].program);

		if (lab && strcmp(state.targets[i].lab, lab)) {
			i++;
		} else if (target_stop(&state, program)) {
			drop_leash(ui, program, false);
			fprintf(out, "%s has ended.\n", program);
			stopped++;
		} else {
			fprintf(out, "%s does not go away.\n", program);
			i++;
		}
		free(program);
	}
	if (!stopped)
		fputs("Nothing is running.\n", out);
	err = state_save(&state, error);
	state_free(&state);
	return err;
}

void ui_stop(struct ui *ui, const char *lab)
{
	char *error = NULL;
	struct text text;
	int err;

	text_begin(&text);
	err = stop_programs(ui, lab, text.stream, &error);
	text_done(&text);
	if (err)
		ui_error(ui, error);
	else
		dialog_text(ui->app, "Stop", text.data);
	free(text.data);
}

/* On the way out. What goes wrong here the leash makes good: it is let go anyway. */
static void stop_leashed(struct ui *ui)
{
	struct state state;
	char *error = NULL;

	if (!state_lock(ui->app->folder, &state, &error)) {
		while (ui->leashes_count) {
			struct leash *leash = &ui->leashes[0];

			if (leashed(&state, leash))
				target_stop(&state, leash->program);
			drop_leash(ui, leash->program, false);
		}
		state_save(&state, &error);
		state_free(&state);
	}
	free(error);
}

int ui_leave(struct ui *ui)
{
	static const struct buttons one = {.ok = "Stop it",
					   .extra = "Leave it running",
					   .cancel = "Back"};
	static const struct buttons several = {.ok = "Stop them",
					       .extra = "Leave them running",
					       .cancel = "Back"};
	unsigned int count;
	char *running = still_running(ui, &count), *text;
	int button = BUTTON_OK;

	if (*running) {
		text = text_format(
			"Still running: %s.\n\n%s can go on in the background, with the "
			"same values; `bpfhol stop` ends %s later.",
			running, count > 1 ? "They" : "It", count > 1 ? "them" : "it");
		button = dialog_ask(ui->app, "Leave", text, count > 1 ? &several : &one);
		free(text);
	}
	free(running);
	if (button != BUTTON_OK && button != BUTTON_EXTRA)
		return 0;
	while (ui->leashes_count && button == BUTTON_EXTRA)
		drop_leash(ui, ui->leashes[0].program, true);
	if (ui->leashes_count)
		stop_leashed(ui);
	free(ui->leashes);
	ui->leashes = NULL;
	return 1;
}
