// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/kit.h"
#include "common/lab.h"
#include "menu/keeper.h"
#include "menu/state.h"
#include "menu/target.h"
#include "menu/text.h"
#include "menu/variant.h"

static const char *const condition_names[] = {
	[TARGET_NEVER] = "not started",
	[TARGET_RUNNING] = "running",
	[TARGET_HELD] = "held",
	[TARGET_GONE] = "gone",
};

const char *target_condition_name(enum target_condition condition)
{
	return condition_names[condition];
}

char *target_file(const struct state *state, const char *program, const char *kind)
{
	return text_format("%s/run/%s.%s", state->folder, program, kind);
}

/* The first number of the heartbeat, e.g. "lookups 0000001234\n". */
static void read_heartbeat(const struct state *state, const char *program,
			   struct target_look *look)
{
	char *path = target_file(state, program, "heartbeat"), line[128];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct timespec now;
	struct stat stat;
	ssize_t length;
	char *digits;

	free(path);
	if (fd < 0)
		return;
	length = read(fd, line, sizeof(line) - 1);
	if (length > 0 && !fstat(fd, &stat)) {
		line[length] = '\0';
		digits = line + strcspn(line, "0123456789\n");
		look->beats = *digits >= '0' && *digits <= '9';
		look->count = strtoull(digits, NULL, 10);
		clock_gettime(CLOCK_REALTIME, &now);
		look->age = now.tv_sec - stat.st_mtim.tv_sec +
			    (now.tv_nsec - stat.st_mtim.tv_nsec) / 1e9;
		if (look->age < 0)
			look->age = 0;
	}
	close(fd);
}

void target_look(const struct state *state, const char *program, struct target_look *look)
{
	const struct target_record *record = state_target(state, program);
	char letter;

	memset(look, 0, sizeof(*look));
	if (!record)
		return;
	letter = process_state(&record->target);
	if (!letter) {
		look->condition = TARGET_GONE;
	} else {
		look->condition =
			letter == 'T' || letter == 't' ? TARGET_HELD : TARGET_RUNNING;
		look->pid = record->target.pid;
	}
	read_heartbeat(state, program, look);
}

/*
 * Every program has a seed of its own, all from the one in the state (FNV-1a over the
 * name, then the finaliser of splitmix64): the same learner sees the same values again.
 */
static uint64_t seed_for(uint64_t seed, const char *program)
{
	uint64_t hash = 0xcbf29ce484222325u ^ seed;

	for (; *program; program++)
		hash = (hash ^ (unsigned char)*program) * 0x100000001b3u;
	hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
	hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
	return hash ^ (hash >> 31);
}

static int make_run_folder(const struct state *state)
{
	char *folder = text_format("%s/run", state->folder);
	int err = mkdir(folder, 0700) && errno != EEXIST ? -errno : 0;

	free(folder);
	return err;
}

static void record_target(struct state *state, const char *lab, const char *program,
			  const struct keeper *keeper, bool menu)
{
	struct target_record *record = state_add_target(state, program);

	record->lab = text_copy(lab);
	record->target = keeper->target;
	record->keeper = keeper->keeper;
	record->started = time(NULL);
	record->menu = menu;
}

char *target_program(const struct state *state, const struct lab_target *target)
{
	char *relative, *path;

	if (target->variant)
		return text_format("%s/run/%s", state->folder, target->program);
	relative = text_format("bin/%s", target->program);
	path = kit_path(relative);
	free(relative);
	return path;
}

int target_start(const struct user *user, struct state *state, const char *lab,
		 const struct lab_target *target, int leash, char **error)
{
	const char *program = target->program;
	struct keeper_order order = {.folder = state->folder, .leash = leash};
	char *path = target_program(state, target);
	char *beat = target_file(state, program, "heartbeat");
	char *log = target_file(state, program, "log");
	struct target_look look;
	struct keeper keeper;
	int err;

	target_look(state, program, &look);
	if (look.pid) {
		err = 1;
		goto out;
	}
	order.program = path;
	order.heartbeat = beat;
	order.log = log;
	order.seed = seed_for(state->seed, program);
	err = path ? make_run_folder(state) : -errno;
	if (!err && target->variant) {
		err = variant_build(user, program, order.seed % VARIANTS, path, error);
		if (err)
			goto out;
	}
	if (!err)
		err = keeper_start(user, &order, &keeper);
	if (err) {
		*error = text_format("cannot start '%s': %s%s", path ? path : program,
				     strerror(-err),
				     err == -ENOENT ? "\n  try: make, in the kit's folder"
						    : "");
		goto out;
	}
	record_target(state, lab, program, &keeper, leash >= 0);
	err = state_save(state, error);
	close(keeper.hold); /* without a record in the file the keeper ends it again */
out:
	free(path);
	free(beat);
	free(log);
	return err;
}

bool target_stop(struct state *state, const char *program)
{
	struct target_record *record = state_target(state, program);
	bool gone;

	if (!record)
		return true;
	process_end(&record->keeper, SIGTERM, 4);
	/* Without its keeper the kernel has ended it; this is for a keeper that hangs. */
	gone = !process_state(&record->target) ||
	       process_end(&record->target, SIGKILL, 2);
	if (gone)
		state_drop_target(state, program);
	return gone;
}
