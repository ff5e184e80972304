// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Truth that is worked out, as learners do it on paper: the operand in the note of the
 * file that runs, read in a picture of registers and memory that the process keeps.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "grader/picture.h"
#include "grader/process.h"
#include "grader/truth.h"

static bool take_picture(const struct asked *asked, const struct truth *truth,
			 struct picture *out, struct judgement *j)
{
	const struct target_use use = {asked->lab, asked->learner};
	struct target *target = asked->target;
	FILE *file = NULL;
	int fd, err;

	if (!target_is_fit(target, &use)) {
		judge_unchecked(j, "%s", target->trouble ?: "out of memory");
		return false;
	}
	fd = process_memfd(target->pid, truth->file, asked->learner);
	if (fd < 0) {
		judge_broken(j, "%s (PID %d) keeps no file %s; try: make",
			     target->program, target->pid, truth->file);
		return false;
	}
	file = fdopen(fd, "r");
	err = file ? picture_read(file, out) : -errno;
	if (file)
		fclose(file);
	else
		close(fd);
	return !err;
}

/* As somebody reads it who forgets a part. */
static struct operand misread(const struct operand *operand, const struct truth *truth,
			      const struct picture *picture)
{
	struct operand copy = *operand;
	uint64_t address;

	if (truth->size)
		copy.size = truth->size;
	switch (truth->without) {
	case WITHOUT_NOTHING:
		break;
	case WITHOUT_SIZE:
		copy.size = 8;
		copy.is_signed = false;
		break;
	case WITHOUT_SIGN:
		copy.is_signed = false;
		break;
	case WITHOUT_OFFSET:
		copy.constant = 0;
		break;
	case WITHOUT_INDEX:
		copy.index = -1;
		break;
	case WITHOUT_SCALE:
		copy.scale = 1;
		break;
	case WITHOUT_ORDER:
		/* In a word of the picture the lowest address is the last byte. */
		if (picture_address(picture, operand, &address) && copy.size <= 8)
			copy.constant += 8 - copy.size - 2 * (int)(address % 8);
		break;
	}
	return copy;
}

bool truth_operand(const struct asked *asked, const struct truth *truth,
		   struct true_value *out, struct judgement *j)
{
	const struct probe *probe = truth_subject(asked, truth->probe, j).probe;
	struct operand operand;
	struct picture picture;
	bool told;

	if (!probe)
		return false;
	if (truth->arg >= probe->locations[0].nargs)
		return truth_not_one(j);
	if (!take_picture(asked, truth, &picture, j))
		return false;
	operand = misread(&probe->locations[0].args[truth->arg], truth, &picture);
	if (truth->give == GIVE_ADDRESS)
		told = picture_address(&picture, &operand, &out->number);
	else
		told = picture_value(&picture, &operand, &out->number);
	picture_fini(&picture);
	out->kind = TRUE_NUMBER;
	out->is_negative = truth->give != GIVE_ADDRESS && operand.is_signed &&
			   (int64_t)out->number < 0;
	return told || truth_not_one(j);
}
