// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/array.h"
#include "common/utf8.h"
#include "menu/state.h"
#include "menu/text.h"

#define STATE_MAX (4 << 20) /* bytes; a real one has some thousands */
#define LOCK_WAIT 20	    /* seconds; a state is held for some milliseconds */
#define TURN_WAIT 300	    /* an answer may mean to compile and to trace */

char *state_folder(const char *home)
{
	const char *own = getenv("BPFHOL_HOME"), *xdg = getenv("XDG_STATE_HOME");

	if (own && own[0] == '/')
		return text_copy(own);
	if (own && own[0]) {
		char *here = get_current_dir_name();
		char *folder = here ? text_format("%s/%s", here, own) : NULL;

		free(here);
		return folder;
	}
	if (xdg && xdg[0] == '/')
		return text_format("%s/bpfhol", xdg);
	return home ? text_format("%s/.local/state/bpfhol", home) : NULL;
}

static int complain(char **error, int err, const char *action, const char *path,
		    const char *advice)
{
	*error = text_format("cannot %s '%s': %s%s%s", action, path, strerror(-err),
			     advice ? "\n  try: " : "", advice ? advice : "");
	return err;
}

/* The whole file; a NULL *TEXT with 0 means there is none. */
static int slurp(const char *path, char **text, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = 0;
	struct stat stat;
	ssize_t got;

	*text = NULL;
	*length = 0;
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(fd, &stat))
		err = -errno;
	else if (!S_ISREG(stat.st_mode))
		err = -EISDIR;
	else if (stat.st_size > STATE_MAX)
		err = -EFBIG;
	if (err)
		goto out;
	*text = malloc(stat.st_size + 1);
	if (!*text) {
		err = -ENOMEM;
		goto out;
	}
	while (*length < (size_t)stat.st_size &&
	       (got = read(fd, *text + *length, stat.st_size - *length)) > 0)
		*length += got;
out:
	close(fd);
	return err;
}

static int load(struct state *state, char **error)
{
	char *path = text_format("%s/state.json", state->folder), *text = NULL,
	     *why = NULL;
	size_t length;
	int err = utf8_printable(path, strlen(path)) ? slurp(path, &text, &length)
						     : -EILSEQ;

	if (err == -EILSEQ) {
		*error = text_format("cannot use the folder '%s': its path is no text "
				     "(UTF-8), and stands in JSON\n"
				     "  try: set $BPFHOL_HOME to another folder",
				     state->folder);
	} else if (err == -EISDIR) {
		*error = text_format("cannot read '%s': it is no file but a folder, a "
				     "pipe or the like\n"
				     "  try: move it away",
				     path);
	} else if (err) {
		complain(error, err, "read", path,
			 "look at who may read it, and what it is");
	} else if (text) {
		err = state_parse(text, length, state, &why);
		if (err)
			*error = text_format("cannot use '%s': %s\n"
					     "  try: nothing was changed. Put a good "
					     "copy back, or begin "
					     "anew: mv '%s' '%s.broken'",
					     path, why, path, path);
		err = err ? -EBADMSG : 0;
	}
	free(why);
	free(text);
	free(path);
	return err;
}

int state_read(const char *folder, struct state *state, char **error)
{
	int err;

	memset(state, 0, sizeof(*state));
	state->lock = -1;
	state->folder = text_copy(folder);
	err = load(state, error);
	if (err)
		state_free(state);
	return err;
}

/* mkdir -p, the last folder for its owner only: answers are nobody else's business. */
static int make_folders(const char *folder)
{
	char *path = text_copy(folder), *slash;
	int err = 0;

	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0755) && errno != EEXIST)
			err = -errno;
		*slash = '/';
	}
	if (mkdir(path, 0700) && errno != EEXIST)
		err = -errno;
	else
		err = 0;
	free(path);
	return err;
}

static int take_lock(const char *folder, const char *name, int seconds, char **error)
{
	char *path = text_format("%s/%s", folder, name);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), tries, err = 0;
	const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};

	if (fd < 0)
		err = complain(error, -errno, "write", path,
			       "whose folder is it? see $BPFHOL_HOME");
	for (tries = 0; !err && flock(fd, LOCK_EX | LOCK_NB); tries++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			err = complain(error, -errno, "lock", path, NULL);
		else if (tries >= seconds * 50)
			err = complain(
				error, -EBUSY, "lock", path,
				"another bpfhol holds it: fuser -v on the file names it");
		else
			nanosleep(&pause, NULL);
	}
	if (err && fd >= 0)
		close(fd);
	free(path);
	return err ? err : fd;
}

static int need_folder(const char *folder, char **error)
{
	int err = make_folders(folder);

	if (err)
		complain(error, err, "make the folder", folder,
			 "set $BPFHOL_HOME to a folder you may write to");
	return err;
}

int state_turn(const char *folder, char **error)
{
	int err = need_folder(folder, error);

	return err ? err : take_lock(folder, "turn", TURN_WAIT, error);
}

int state_lock(const char *folder, struct state *state, char **error)
{
	int err = need_folder(folder, error);

	memset(state, 0, sizeof(*state));
	state->lock = -1;
	if (err)
		return err;
	state->lock = take_lock(folder, "lock", LOCK_WAIT, error);
	if (state->lock < 0)
		return state->lock;
	state->folder = text_copy(folder);
	err = load(state, error);
	if (!err && !state->drawn) {
		if (getrandom(&state->seed, sizeof(state->seed), 0) !=
		    sizeof(state->seed))
			err = complain(error, -errno, "draw", "a seed", NULL);
		state->drawn = true;
	}
	if (err)
		state_free(state);
	return err;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t length = strlen(text), done = 0;
	int err = 0;

	if (fd < 0)
		return -errno;
	while (!err && done < length) {
		ssize_t put = write(fd, text + done, length - done);

		if (put >= 0)
			done += put;
		else if (errno != EINTR)
			err = -errno;
	}
	if (!err && (write(fd, "\n", 1) != 1 || fsync(fd)))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int state_save(struct state *state, char **error)
{
	char *path = text_format("%s/state.json", state->folder);
	char *fresh = text_format("%s/state.json.new", state->folder);
	char *text = state_print(state);
	int folder, err;

	err = text ? write_file(fresh, text) : -EILSEQ;
	if (!err && rename(fresh, path))
		err = -errno;
	if (err) {
		complain(error, err, "write", path,
			 "what it said before is still there; is the disk full?");
		unlink(fresh);
		goto out;
	}
	/* The rename itself reaches the disk with the folder. */
	folder = open(state->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder >= 0) {
		fsync(folder);
		close(folder);
	}
out:
	free(text);
	free(fresh);
	free(path);
	return err;
}

void state_free(struct state *state)
{
	unsigned int i;

	for (i = 0; i < state->targets_count; i++) {
		free(state->targets[i].program);
		free(state->targets[i].lab);
	}
	for (i = 0; i < state->questions_count; i++) {
		free(state->questions[i].id);
		free(state->questions[i].answer);
		free(state->questions[i].right);
	}
	for (i = 0; i < state->builds_count; i++) {
		free(state->builds[i].source);
		free(state->builds[i].build);
	}
	free(state->targets);
	free(state->questions);
	free(state->builds);
	free(state->folder);
	if (state->lock >= 0)
		close(state->lock);
	memset(state, 0, sizeof(*state));
	state->lock = -1;
}
