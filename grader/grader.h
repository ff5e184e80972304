/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grader: answers in, judgements out. It keeps what several questions share, so that
 * a running target is watched once and a reference made once.
 */
#ifndef BPFHOL_GRADER_GRADER_H
#define BPFHOL_GRADER_GRADER_H

#include "grader/judgement.h"
#include "grader/request.h"

struct grader;

/* Returns NULL with errno. */
struct grader *grader_new(void);
void grader_free(struct grader *grader);

/*
 * grader_watch - look at the running programs that the answers will be compared with,
 * several at the same time, so that they need not be waited for one after the other. May
 * be left out: grader_judge() looks where nobody has.
 */
void grader_watch(struct grader *grader, const struct request *requests, size_t count);

/* grader_judge - one answer; judgement_fini() it. */
void grader_judge(struct grader *grader, const struct request *request,
		  struct judgement *judgement);

#endif
