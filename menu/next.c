// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "common/kit.h"
#include "common/lab.h"
#include "menu/fold.h"
#include "menu/next.h"
#include "menu/run.h"
#include "menu/text.h"
#include "menu/user.h"

/* Root needs no sudo, and may not have it. */
static const char *sudo_for(const struct user *user)
{
	return user->is_root ? "" : "sudo";
}

/* One command, its words up to a NULL; empty ones are left out. */
static void put_command(FILE *out, const char *const words[])
{
	struct text line;

	text_begin(&line);
	fputc(' ', line.stream);
	for (; *words; words++) {
		if (**words)
			fprintf(line.stream, " %s", *words);
	}
	text_done(&line);
	fold_command(out, line.data, COMMAND_WIDTH, NULL);
	free(line.data);
}

#define put(out, ...) put_command(out, (const char *const[]){__VA_ARGS__, NULL})

void next_running(FILE *out, const struct user *user, const char *program, pid_t pid)
{
	char *usdt = kit_path("bin/usdt"), *bpftrace = run_find("bpftrace");
	char *number = text_format("%d", pid), *pattern = text_format("'%s:*'", program);
	char *list = text_format("'usdt:%s:*'", program);
	char *script = text_format("'usdt:%s:* { printf(\"%%s\\n\", probe); }'", program);
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
	fputs("What fires rarely is hardly among twenty: for that, name it instead of "
	      "the *.\n"
	      "Have it judged:\n",
	      out);
	put(out, bpfhol, "check", lab->name);
	free(bpfhol);
	free(pattern);
	free(usdt);
}
