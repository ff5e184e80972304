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

/* "parcels, shelf or scale" */
static char *names(const struct lab *lab)
{
	const struct lab_target *target;
	struct text text;
	unsigned int i;

	text_begin(&text);
	for (i = 0; (target = lab_source(lab, i)); i++)
		fprintf(text.stream, "%s%s",
			i == 0			 ? ""
			: lab_source(lab, i + 1) ? ", "
						 : " or ",
			target->program);
	return text_done(&text);
}

int work_find(const struct lab *lab, const char *program, struct work *work, char **error)
{
	char *all;

	work->lab = lab;
	work->target = program ? lab_target(lab, program) : lab_source(lab, 0);
	if (work->target && work->target->source && (program || !lab_source(lab, 1)))
		return 0;
	if (!lab_source(lab, 0)) {
		*error = text_format("lab '%s' has no source to edit", lab->name);
		return -ENOENT;
	}
	all = names(lab);
	if (program)
		*error = text_format("lab '%s' has no source of a program '%s'\n"
				     "  try: %s",
				     lab->name, program, all);
	else
		*error = text_format("lab '%s' has several sources\n"
				     "  try: behind the lab, the program: %s",
				     lab->name, all);
	free(all);
	return -ENOENT;
}

char *work_source(const char *folder, const struct work *work)
{
	return text_format("%s/work/%s/%s", folder, work->lab->name,
			   work->target->source);
}

char *work_program(const char *folder, const struct work *work)
{
	return text_format("%s/work/%s/%s", folder, work->lab->name,
			   work->target->program);
}

char *work_words(const struct work *work)
{
	char *words = lab_source_words(work->lab, work->target),
	     *copy = text_copy(words ?: work->lab->name);

	free(words);
	return copy;
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

static char *original(const struct work *work)
{
	return text_format("%s/start/%s", work->lab->folder, work->target->source);
}

int work_changed(const char *folder, const struct work *work)
{
	char *source = work_source(folder, work), *from = original(work);
	int changed = !access(source, R_OK) && !same_file(from, source);

	free(source);
	free(from);
	return changed;
}

int work_make(const char *folder, const struct work *work, char **error)
{
	char *source = work_source(folder, work), *from = original(work);
	int err = make_folder(folder, "work", work->lab->name);

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

int work_prepare(const char *folder, const struct work *work, char **error)
{
	struct state state;
	int err = state_lock(folder, &state, error);

	if (err)
		return err;
	err = work_make(folder, work, error);
	state_free(&state);
	return err;
}

/* FOLDER/backup/LAB-YYYYMMDD-HHMMSS.c, or LAB-PROGRAM-... where the lab has several; one
 * that is not there yet. */
static char *backup_path(const char *folder, const struct work *work)
{
	char stamp[32], *path, *name = work_words(work), *blank = strchr(name, ' ');
	const char *suffix = strrchr(work->target->source, '.');
	time_t now = time(NULL);
	unsigned int i;

	if (blank)
		*blank = '-';
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", localtime(&now));
	path = text_format("%s/backup/%s-%s%s", folder, name, stamp, suffix);
	for (i = 2; !access(path, F_OK); i++) {
		free(path);
		path = text_format("%s/backup/%s-%s-%u%s", folder, name, stamp, i,
				   suffix);
	}
	free(name);
	return path;
}

int work_reset(const char *folder, const struct work *work, char **backup, char **error)
{
	char *source = work_source(folder, work), *from = original(work);
	char *program = work_program(folder, work);
	int err = 0;

	*backup = NULL;
	if (access(source, F_OK))
		goto out;
	if (!same_file(from, source)) {
		err = make_folder(folder, "backup", NULL);
		*backup = backup_path(folder, work);
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
