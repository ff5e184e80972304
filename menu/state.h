/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kit remembers of one learner: FOLDER/state.json, version 1.
 *
 *	{
 *	  "version": 1,
 *	  "seed": "1234567890123456789",        a u64 in decimal, drawn once, never
 *changed "targets": {                          what `start` started; gone after `stop`
 *	    "usdt-passwd": {
 *	      "lab": "passwd", "pid": 1234, "start_time": 98765, "boot": "6f1c...",
 *	      "keeper": 1233, "keeper_start_time": 98764, "started": 1767225600,
 *	      "menu": false                     true: started from the menu
 *	    }
 *	  },
 *	  "questions": {
 *	    "passwd.user": {
 *	      "status": "open",                 open, wrong, passed, revealed or not here
 *	      "wrong": 0, "last_wrong": 0,      how many, and when the last (epoch
 *seconds) "hints": 0,                       how many hints were asked for "answer": null,
 *"right": null     the last one given, the last right one
 *	    }
 *	  },
 *	  "builds": { "passwd": "clang -O2" }   compiler and flags of the last `build`;
 *	                                        "LAB PROGRAM" where a lab has several
 *	}
 *
 * Not here lasts until an answer to it is judged, on a machine that has what it takes.
 * Passed stays passed. Revealed stays revealed, also when a right answer follows: then
 * "right" holds it. Writers hold FOLDER/lock (flock) from reading to writing, and replace
 * the file by rename, so a reader needs no lock and a crash leaves the old file or the
 * new one. A file that is not understood is refused: never erased, never overwritten.
 */
#ifndef BPFHOL_MENU_STATE_H
#define BPFHOL_MENU_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "menu/process.h"

enum question_status {
	STATUS_OPEN,
	STATUS_WRONG,
	STATUS_PASSED,
	STATUS_REVEALED,
	STATUS_NOT_HERE, /* this machine lacks what it needs */
};

struct question_record {
	char *id; /* "passwd.user" */
	enum question_status status;
	unsigned int wrong;
	unsigned int hints;
	int64_t last_wrong;
	char *answer; /* or NULL */
	char *right;  /* or NULL */
};

struct target_record {
	char *program;
	char *lab;
	struct process target;
	struct process keeper;
	int64_t started;
	bool menu;
};

struct build_record {
	char *source; /* as work_words() has it: "passwd", "writing shelf" */
	char *build;
};

struct state {
	char *folder;
	int lock;   /* descriptor, -1 when opened for reading */
	bool drawn; /* is there a seed yet? */
	uint64_t seed;
	struct target_record *targets;
	unsigned int targets_count;
	struct question_record *questions;
	unsigned int questions_count;
	struct build_record *builds;
	unsigned int builds_count;
};

/* state_folder - where it is for a user with this HOME: $BPFHOL_HOME, else
 * $XDG_STATE_HOME/bpfhol, else HOME/.local/state/bpfhol. To be freed; NULL without any.
 */
char *state_folder(const char *home);

/*
 * state_read - as it is now; no file is a fresh state. Makes nothing on disk.
 * state_lock - the same for writing: makes the folder, draws the seed if need be, and
 * holds the lock until state_free().
 * Both return 0 or a negative errno (-EBADMSG: the file is not understood), and then
 * *ERROR says what and why (to be freed).
 */
int state_read(const char *folder, struct state *state, char **error);
int state_lock(const char *folder, struct state *state, char **error);

/*
 * state_turn - one at a time, across processes: wait for the turn to give an answer. The
 * state itself stays free. Returns a descriptor to close afterwards, or a negative errno
 * with *ERROR.
 */
int state_turn(const char *folder, char **error);

/* state_save - write what state_lock() opened. 0 or a negative errno with *ERROR. */
int state_save(struct state *state, char **error);
void state_free(struct state *state);

/* state_question - the record of "lab.question", made if there is none; good until the
 * next one is made. */
struct question_record *state_question(struct state *state, const char *id);

/* state_forget - all questions of one lab, as if never asked. */
void state_forget(struct state *state, const char *lab);

/* state_target - the record of a program, or NULL. */
struct target_record *state_target(const struct state *state, const char *program);
struct target_record *state_add_target(struct state *state, const char *program);
void state_drop_target(struct state *state, const char *program);

/* state_build - what `build` remembered for a source, by work_words(), or NULL.
 * state_set_build with NULL forgets it. */
const char *state_build(const struct state *state, const char *source);
void state_set_build(struct state *state, const char *source, const char *build);

/* The two halves of state_json.c. Parsing returns 0 or -EINVAL with *WHY. */
int state_parse(const char *text, size_t length, struct state *state, char **why);
char *state_print(const struct state *state);
const char *status_name(enum question_status status);

#endif
