// SPDX-License-Identifier: GPL-2.0-or-later
/* second-probe: Arguments 1 and 2 of the probe that was there */
#include <pwd.h>
#include <stdio.h>
#include <sys/sdt.h>
#include <unistd.h>

#include "heartbeat.h"
#include "passwd_db.h"
#include "seed.h"

static void look_up(FILE *db, uid_t sought)
{
	struct passwd *pw;

	rewind(db);
	while ((pw = fgetpwent(db))) {
		if (pw->pw_uid == sought)
			DTRACE_PROBE2(usdt_samp1, passwdfound, pw->pw_dir, pw->pw_name);
		else
			DTRACE_PROBE2(usdt_samp1, passwdmiss, pw->pw_name, pw->pw_uid);
	}
}

int main(void)
{
	unsigned long lookups = 0;
	uid_t sought;
	FILE *db = passwd_db_open(seed_read(), &sought);

	heartbeat_start("ten lookups a second");
	for (;;) {
		look_up(db, sought);
		heartbeat("lookups", ++lookups);
		usleep(100000);
	}
}
