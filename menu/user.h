/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is at the keyboard, and as whom things run.
 *
 * The menu never needs to be root: files, targets, editors and compilers belong to the
 * learner. Only `grade` (and `usdt doctor`) want privilege. Started by `sudo bpfhol` the
 * program therefore gives root's effective ids away first thing and takes them back only
 * in a child that is about to run one of those two; see run.h.
 */
#ifndef BPFHOL_MENU_USER_H
#define BPFHOL_MENU_USER_H

#include <stdbool.h>
#include <sys/types.h>

struct user {
	uid_t uid;
	gid_t gid;
	char *name;
	char *home;	 /* as the environment says, or the account under sudo */
	bool is_root;	 /* root, and nobody behind it */
	bool under_sudo; /* an ordinary user who started this by sudo */
};

/*
 * user_init - find out who it is and, under sudo, act as them from here on.
 * Returns 0, or a negative errno: -ENOENT the invoking user has no account.
 */
int user_init(struct user *user);
void user_fini(struct user *user);

/* user_has_root - can a child of this process run as root without asking sudo? */
bool user_has_root(const struct user *user);

/*
 * user_settle - for a child about to exec: be the invoking user for good, or (AS_ROOT)
 * root. Without either right it changes nothing. Returns 0 or a negative errno.
 */
int user_settle(const struct user *user, bool as_root);

#endif
