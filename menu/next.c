// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "common/kit.h"
#include "common/lab.h"
#include "menu/next.h"
#include "menu/run.h"
#include "menu/user.h"

/* Root needs no sudo, and may not have it. */
static const char *sudo_for(const struct user *user)
{
	return user->is_root ? "" : "sudo ";
}

void next_running(FILE *out, const struct user *user, const char *program, pid_t pid)
{
	char *usdt = kit_path("bin/usdt"), *kit = kit_path("bin"),
	     *bpftrace = run_find("bpftrace");
	const char *sudo = sudo_for(user);

	fprintf(out,
		"List the probes of the running program:\n"
		"  %s list -p %d\n"
		"See them fire, with all they hand over (Ctrl-C ends it):\n"
		"  %s%s trace -p %d '%s/%s:*'\n",
		usdt, pid, sudo, usdt, pid, kit, program);
	if (bpftrace)
		fprintf(out,
			"The same with bpftrace (this prints only which probe fired):\n"
			"  %sbpftrace -p %d -l 'usdt:%s/%s:*'\n"
			"  %sbpftrace -p %d -e 'usdt:%s/%s:* { printf(\"%%s\\n\", "
			"probe); }'\n",
			sudo, pid, kit, program, sudo, pid, kit, program);
	free(bpftrace);
	free(usdt);
	free(kit);
}

void next_built(FILE *out, const struct user *user, const struct lab *lab,
		const char *program)
{
	char *usdt = kit_path("bin/usdt");

	fprintf(out,
		"List the probes of your program, with their locations:\n"
		"  %s list -v %s\n"
		"Run it and see them fire, twenty times:\n"
		"  %s%s trace -n 20 -c %s '%s:*'\n"
		"Have it judged:\n"
		"  bpfhol check %s\n",
		usdt, program, sudo_for(user), usdt, program, program, lab->name);
	free(usdt);
}
