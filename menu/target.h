/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The programs with probes, as the menu sees them: started, stopped, looked at. What runs
 * is in the state; whether it still runs is asked of /proc each time.
 */
#ifndef BPFHOL_MENU_TARGET_H
#define BPFHOL_MENU_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct lab_target;
struct state;
struct target_record;
struct user;

enum target_condition {
	TARGET_NEVER, /* not started, or stopped by `stop` */
	TARGET_RUNNING,
	TARGET_HELD, /* stopped: by a debugger, or by Ctrl-Z's signal */
	TARGET_GONE, /* started, and it is not there any more */
};

struct target_look {
	enum target_condition condition;
	pid_t pid;  /* 0 unless running or held */
	bool beats; /* is there a heartbeat to read? */
	uint64_t count;
	double age; /* seconds since the last beat */
};

const char *target_condition_name(enum target_condition condition);

void target_look(const struct state *state, const char *program,
		 struct target_look *look);

/* target_program - the file that `start` runs: the kit's, or what it compiles for this
 * learner. To be freed; NULL with errno. */
char *target_program(const struct state *state, const struct lab_target *target);

/*
 * target_start - run a program of the lab in the background and record it.
 * @state: locked; saved here. @leash: see keeper.h, or -1.
 * Returns 1 when it was running already, 0 when it is now, or a negative errno with
 * *ERROR; -ENOPKG: it must be compiled first, and cannot be here.
 */
int target_start(const struct user *user, struct state *state, const char *lab,
		 const struct lab_target *target, int leash, char **error);

/* target_stop - end it and drop the record (the caller saves). True when it is gone. */
bool target_stop(struct state *state, const char *program);

/* target_file - FOLDER/run/PROGRAM.KIND, to be freed; KIND: heartbeat, log. */
char *target_file(const struct state *state, const char *program, const char *kind);

#endif
