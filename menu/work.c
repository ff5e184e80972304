// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "menu/state.h"
#include "menu/text.h"
#include "menu/work.h"

const struct lab_target *work_target(const struct lab *lab)
{
	unsigned int i;

	for (i = 0; i < lab->targets_count; i++) {
		if (lab->targets[i].source)
			return &lab->targets[i];
	}
	return NULL;
}

char *work_source(const char *folder, const struct lab *lab)
{
	const struct lab_target *target = work_target(lab);

	return target ? text_format("%s/work/%s/%s", folder, lab->name, target->source)
		      : NULL;
}

char *work_program(const char *folder, const struct lab *lab)
{
	const struct lab_target *target = work_target(lab);

	return target ? text_format("%s/work/%s/%s", folder, lab->name, target->program)
		      : NULL;
}

/* Copy FROM to a file TO that must not be there; half a copy is removed again. */
static int copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = -1, err = 0;
	ssize_t sent;

	if (in < 0)
		return -errno;
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (out < 0) {
		err = -errno;
		goto out;
	}
	while ((sent = sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	if (sent < 0 || fsync(out))
		err = -errno;
	if (err)
		unlink(to);
	close(out);
out:
	close(in);
	return err;
}

static int same_file(const char *a, const char *b)
{
	FILE *first = fopen(a, "re"), *second = fopen(b, "re");
	int left = 0, right = EOF;

	if (first && second) {
		do {
			left = getc(first);
			right = getc(second);
		} while (left == right && left != EOF);
	}
	if (first)
		fclose(first);
	if (second)
		fclose(second);
	return left == right;
}

static int make_folder(const char *folder, const char *sub, const char *name)
{
	char *path = text_format("%s/%s", folder, sub);
	int err = mkdir(path, 0700) && errno != EEXIST ? -errno : 0;

	if (!err && name) {
		free(path);
		path = text_format("%s/%s/%s", folder, sub, name);
		err = mkdir(path, 0700) && errno != EEXIST ? -errno : 0;
	}
	free(path);
	return err;
}

static char *original(const struct lab *lab)
{
	return text_format("%s/start/%s", lab->folder, work_target(lab)->source);
}

int work_changed(const char *folder, const struct lab *lab)
{
	char *source = work_source(folder, lab), *from = source ? original(lab) : NULL;
	int changed = source && !access(source, R_OK) && !same_file(from, source);

	free(source);
	free(from);
	return changed;
}

static int nothing_to_edit(const struct lab *lab, char **error)
{
	*error = text_format("lab '%s' has no source to edit", lab->name);
	return -ENOENT;
}

int work_make(const char *folder, const struct lab *lab, char **error)
{
	char *source = work_source(folder, lab), *from;
	int err;

	if (!source)
		return nothing_to_edit(lab, error);
	from = original(lab);
	err = make_folder(folder, "work", lab->name);
	if (!err)
		err = copy_file(from, source);
	if (!err)
		err = 1;
	else if (err == -EEXIST)
		err = 0;
	else
		*error = text_format("cannot copy '%s' to '%s': %s", from, source,
				     strerror(-err));
	free(from);
	free(source);
	return err;
}

int work_prepare(const char *folder, const struct lab *lab, char **error)
{
	struct state state;
	int err = state_lock(folder, &state, error);

	if (err)
		return err;
	err = work_make(folder, lab, error);
	state_free(&state);
	return err;
}

/* FOLDER/backup/LAB-YYYYMMDD-HHMMSS.c, one that is not there yet. */
static char *backup_path(const char *folder, const struct lab *lab)
{
	char stamp[32], *path;
	time_t now = time(NULL);
	unsigned int i;

	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", localtime(&now));
	path = text_format("%s/backup/%s-%s.c", folder, lab->name, stamp);
	for (i = 2; !access(path, F_OK); i++) {
		free(path);
		path = text_format("%s/backup/%s-%s-%u.c", folder, lab->name, stamp, i);
	}
	return path;
}

int work_reset(const char *folder, const struct lab *lab, char **backup, char **error)
{
	char *source = work_source(folder, lab), *from, *program;
	int err = 0;

	*backup = NULL;
	if (!source)
		return nothing_to_edit(lab, error);
	from = original(lab);
	program = work_program(folder, lab);
	if (access(source, F_OK))
		goto out;
	if (!same_file(from, source)) {
		err = make_folder(folder, "backup", NULL);
		*backup = backup_path(folder, lab);
		if (!err && rename(source, *backup))
			err = -errno;
		if (!err)
			err = copy_file(from, source);
		if (err) {
			*error = text_format("cannot put '%s' aside as '%s': %s", source,
					     *backup, strerror(-err));
			goto out;
		}
	}
	unlink(program); /* it was built from what is no longer there */
	err = 1;
out:
	free(from);
	free(source);
	free(program);
	return err;
}
