// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "common/kit.h"
#include "common/lab.h"
#include "menu/next.h"
#include "menu/run.h"
#include "menu/text.h"
#include "menu/user.h"

/* Root needs no sudo, and may not have it. */
static const char *sudo_for(const struct user *user)
{
	return user->is_root ? "" : "sudo";
}

/*
 * One command, its words up to a NULL. Where it gets wider than a screen of 80 shows, it
 * goes on in the next line, behind a backslash, so that it can still be pasted whole.
 */
static void put_command(FILE *out, const char *const words[])
{
	size_t column = 2;
	int i;

	fputc(' ', out);
	for (i = 0; words[i]; i++) {
		size_t wide = strlen(words[i]);

		if (!wide)
			continue;
		if (i && column > 6 && column + 1 + wide > 72) {
			fputs(" \\\n   ", out);
			column = 4;
		}
		fprintf(out, " %s", words[i]);
		column += 1 + wide;
	}
	fputc('\n', out);
}

#define put(out, ...) put_command(out, (const char *const[]){__VA_ARGS__, NULL})

void next_running(FILE *out, const struct user *user, const char *program, pid_t pid)
{
	char *usdt = kit_path("bin/usdt"), *kit = kit_path("bin"),
	     *bpftrace = run_find("bpftrace");
	char *number = text_format("%d", pid),
	     *pattern = text_format("'%s/%s:*'", kit, program);
	char *list = text_format("'usdt:%s/%s:*'", kit, program);
	char *script = text_format("'usdt:%s/%s:* { printf(\"%%s\\n\", probe); }'", kit,
				   program);
	const char *sudo = sudo_for(user);

	fputs("List the probes of the running program:\n", out);
	put(out, usdt, "list", "-p", number);
	fputs("See them fire, with all they hand over (Ctrl-C ends it):\n", out);
	put(out, sudo, usdt, "trace", "-p", number, pattern);
	if (bpftrace) {
		fputs("The same with bpftrace (this prints only which probe fired):\n",
		      out);
		put(out, sudo, "bpftrace", "-p", number, "-l", list);
		put(out, sudo, "bpftrace", "-p", number, "-e", script);
	}
	free(bpftrace);
	free(usdt);
	free(kit);
	free(number);
	free(pattern);
	free(list);
	free(script);
}

void next_built(FILE *out, const struct user *user, const struct lab *lab,
		const char *program)
{
	char *usdt = kit_path("bin/usdt"), *bpfhol = kit_path("bin/bpfhol");
	char *pattern = text_format("'%s:*'", program);

	fputs("List the probes of your program, with their locations:\n", out);
	put(out, usdt, "list", "-v", program);
	fputs("Run it and see them fire, twenty times:\n", out);
	put(out, sudo_for(user), usdt, "trace", "-n", "20", "-c", program, pattern);
	fputs("Have it judged:\n", out);
	put(out, bpfhol, "check", lab->name);
	free(bpfhol);
	free(pattern);
	free(usdt);
}
