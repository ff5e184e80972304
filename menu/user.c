// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Under `sudo` all three user ids are 0. Setting only the effective one to the learner's
 * makes every open(2), mkdir(2) and kill(2) an act of the learner, while the real and the
 * saved id stay 0, so that seteuid(0) works once more in a child. Groups go with it: the
 * supplementary ones first, while there still is the right to change them.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/num.h"
#include "menu/text.h"
#include "menu/user.h"

static uid_t sudo_uid(void)
{
	const char *text = getenv("SUDO_UID");
	uint64_t uid;

	if (geteuid() != 0 || !text || parse_u64(text, 1, UINT32_MAX - 1, &uid))
		return 0;
	return uid;
}

int user_init(struct user *user)
{
	const char *home = getenv("HOME");
	struct passwd *account;

	memset(user, 0, sizeof(*user));
	user->uid = sudo_uid();
	user->under_sudo = user->uid != 0;
	if (!user->under_sudo)
		user->uid = geteuid();
	user->is_root = user->uid == 0;

	errno = 0;
	account = getpwuid(user->uid);
	user->gid = account ? account->pw_gid : getegid();
	user->name = account ? text_copy(account->pw_name) : text_format("%u", user->uid);
	if (user->under_sudo || !home || home[0] != '/')
		home = account ? account->pw_dir : NULL;
	user->home = text_copy(home);

	if (!user->under_sudo)
		return 0;
	if (!account)
		return errno ? -errno : -ENOENT;
	if (initgroups(user->name, user->gid) || setegid(user->gid) || seteuid(user->uid))
		return -errno;
	/* sudo set these for root; editors and shells would write into root's home. */
	setenv("HOME", user->home, 1);
	setenv("USER", user->name, 1);
	setenv("LOGNAME", user->name, 1);
	return 0;
}

void user_fini(struct user *user)
{
	free(user->name);
	free(user->home);
}

bool user_has_root(const struct user *user)
{
	return user->is_root || user->under_sudo;
}

int user_settle(const struct user *user, bool as_root)
{
	if (!user->under_sudo)
		return 0;
	if (seteuid(0))
		return -errno;
	if (as_root) {
		if (initgroups("root", 0) || setresgid(0, 0, 0) || setresuid(0, 0, 0))
			return -errno;
		return 0;
	}
	if (initgroups(user->name, user->gid) ||
	    setresgid(user->gid, user->gid, user->gid) ||
	    setresuid(user->uid, user->uid, user->uid))
		return -errno;
	return 0;
}
