// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/array.h"
#include "common/kit.h"
#include "menu/app.h"
#include "menu/catalog.h"
#include "menu/checkup.h"
#include "menu/privileged.h"
#include "menu/run.h"
#include "menu/text.h"

static void add(struct checkup *checkup, const char *name, bool ok, bool optional,
		const char *what, const char *cause, const char *fix)
{
	struct check *check = array_add(checkup->checks, checkup->count);

	if (!check)
		return;
	*check = (struct check){text_copy(name),
				ok,
				optional,
				text_copy(what),
				text_copy(ok ? "" : cause),
				text_copy(ok ? "" : fix)};
}

/* Each line of `usdt doctor -j`: check, ok, optional, what, cause, fix. */
static void take_checks(struct checkup *checkup, const char *output)
{
	while (*output) {
		size_t length = strcspn(output, "\n");
		json_t *line = json_loadb(output, length, 0, NULL);
		const char *name, *what, *cause = "", *fix = "";
		int ok, optional = 0;

		if (line && !json_unpack(line, "{s:s, s:b, s?b, s:s, s?s, s?s}", "check",
					 &name, "ok", &ok, "optional", &optional, "what",
					 &what, "cause", &cause, "fix", &fix))
			add(checkup, name, ok, optional, what, cause, fix);
		json_decref(line);
		output += length + (output[length] == '\n');
	}
}

static int check_tracer(const struct app *app, struct checkup *checkup, char **error)
{
	char *reason = NULL;
	struct run run;
	int err = privileged_run(app, true, "bin/usdt", "doctor", NULL, &run, &reason);

	if (err) {
		*error = text_format(
			"cannot run usdt doctor: %s\n  try: make, in the kit's folder",
			strerror(-err));
	} else {
		checkup->traces = run.status == 0;
		take_checks(checkup, run.output);
		if (reason)
			add(checkup, "sudo", false, false, "sudo lets the kit trace",
			    reason,
			    "ask whoever runs this machine, or answer what needs no "
			    "root");
	}
	free(reason);
	run_fini(&run);
	return err;
}

static const struct {
	const char *program;
	bool optional;
	const char *what, *fix;
} tools[] = {
	{"dialog", true, "dialog is there, for the menu",
	 "install dialog, or use the subcommands"},
	{"lowdown", true, "lowdown is there, to show chapters",
	 "install lowdown; without it chapters are shown as they were written"},
	{"less", true, "less is there, to page through chapters",
	 "install less, or set $PAGER"},
};

/* Found out by trying: where sys/sdt.h lies differs, and $CC may look elsewhere. */
static void check_compiler(const struct app *app, struct checkup *checkup)
{
	const char *set = getenv("CC");
	char *command = text_format("%s -fsyntax-only -x c -", set && *set ? set : "cc");
	char **argv = text_words(command);
	struct run run = {.argv = argv, .input = "int answer;\n", .capture_errors = true};
	int err = run_program(&app->user, &run);

	add(checkup, "compiler", !err && run.status == 0, false,
	    "a C compiler is there, for your edited sources",
	    err ? strerror(-err) : run.errors, "install gcc, or set $CC");
	run_fini(&run);
	run.input = "#include <sys/sdt.h>\n";
	err = run_program(&app->user, &run);
	add(checkup, "sdt", !err && run.status == 0, false,
	    "it finds sys/sdt.h, which has the probe macros",
	    "the compiler does not find it", "install systemtap-sdt-dev");
	run_fini(&run);
	free(argv);
	free(command);
}

static void check_tools(struct checkup *checkup)
{
	unsigned int i;
	char *found;

	for (i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
		found = run_find(tools[i].program);
		add(checkup, tools[i].program, found, tools[i].optional, tools[i].what,
		    "not on $PATH", tools[i].fix);
		free(found);
	}
}

static void check_programs(struct checkup *checkup, struct lab *const *labs)
{
	struct text missing;
	char *path, *relative;
	unsigned int i;

	text_begin(&missing);
	for (; *labs; labs++) {
		for (i = 0; i < (*labs)->targets_count; i++) {
			relative = text_format("bin/%s", (*labs)->targets[i].program);
			path = kit_path(relative);
			if (!path || access(path, X_OK))
				fprintf(missing.stream, " %s", relative);
			free(path);
			free(relative);
		}
	}
	text_done(&missing);
	path = text_format("missing:%s", missing.data);
	add(checkup, "programs", !*missing.data, false, "the labs' programs are built",
	    path, "make, in the kit's folder");
	free(path);
	free(missing.data);
}

/* The nearest folder that exists must be one to write in. */
static void check_folder(const struct app *app, struct checkup *checkup)
{
	char *path = text_copy(app->folder), *slash;
	char *what = text_format("your work can be kept in %s", app->folder);
	bool ok;

	while (access(path, F_OK) && (slash = strrchr(path, '/')) && slash != path)
		*slash = '\0';
	ok = !faccessat(AT_FDCWD, path, W_OK, AT_EACCESS);
	add(checkup, "folder", ok, false, what, strerror(errno),
	    "set $BPFHOL_HOME to a folder you may write to");
	free(what);
	free(path);
}

int checkup_run(const struct app *app, struct checkup *checkup, char **error)
{
	struct lab **labs = catalog_all(NULL, error);
	int err;

	memset(checkup, 0, sizeof(*checkup));
	if (!labs)
		return -EINVAL;
	err = check_tracer(app, checkup, error);
	if (!err) {
		check_compiler(app, checkup);
		check_tools(checkup);
		check_programs(checkup, labs);
		check_folder(app, checkup);
	}
	catalog_free(labs);
	return err;
}

void checkup_fini(struct checkup *checkup)
{
	unsigned int i;

	for (i = 0; i < checkup->count; i++) {
		free(checkup->checks[i].name);
		free(checkup->checks[i].what);
		free(checkup->checks[i].cause);
		free(checkup->checks[i].fix);
	}
	free(checkup->checks);
}

void checkup_print(FILE *out, const struct checkup *checkup)
{
	unsigned int i;

	for (i = 0; i < checkup->count; i++) {
		const struct check *check = &checkup->checks[i];

		fprintf(out, "%-4s %s\n", check->ok ? "yes" : "NO", check->what);
		if (!check->ok && *check->cause)
			text_wrap(out, check->cause, 78, "       cause: ");
		if (!check->ok && *check->fix)
			text_wrap(out, check->fix, 78, "       fix:   ");
	}
	fputs(checkup->traces ? "Probes can be traced here.\n"
			      : "Probes cannot be traced here as things are.\n",
	      out);
}

void checkup_json(FILE *out, const struct checkup *checkup)
{
	unsigned int i;

	for (i = 0; i < checkup->count; i++) {
		const struct check *check = &checkup->checks[i];
		json_t *line =
			json_pack("{s:s, s:b, s:b, s:s, s:s, s:s}", "check", check->name,
				  "ok", check->ok, "optional", check->optional, "what",
				  check->what, "cause", check->cause, "fix", check->fix);

		json_dumpf(line, out, JSON_COMPACT);
		fputc('\n', out);
		json_decref(line);
	}
}

/* By the name of a check, or of a program on $PATH. */
static bool met(const struct checkup *checkup, const char *name)
{
	char *found;
	unsigned int i;

	for (i = 0; i < checkup->count; i++) {
		if (!strcmp(checkup->checks[i].name, name))
			return checkup->checks[i].ok;
	}
	found = run_find(name);
	free(found);
	return found;
}

static bool need_met(const struct checkup *checkup, const char *need)
{
	bool any = false;
	unsigned int n;
	char *option;

	for (n = 0; !any && (option = need_option(need, n)); n++) {
		any = met(checkup, option);
		free(option);
	}
	return any;
}

/* Why a question cannot be judged here, to be freed; NULL: it can. */
static char *hindrance(const struct checkup *checkup, const struct question *question)
{
	unsigned int i;

	if (!met(checkup, "programs"))
		return text_copy("a lab's program is not built");
	if (question_privileged(question) && !checkup->traces)
		return text_copy("probes cannot be traced");
	if (question_edits(question) && !met(checkup, "compiler"))
		return text_copy("no C compiler");
	if (question_edits(question) && !met(checkup, "sdt"))
		return text_copy("no sys/sdt.h");
	for (i = 0; i < question->needs_count; i++) {
		if (!need_met(checkup, question->needs[i]))
			return text_format("needs %s", question->needs[i]);
	}
	return NULL;
}

bool checkup_lab(FILE *out, const struct checkup *checkup, const struct lab *lab,
		 bool json)
{
	bool all = true;
	unsigned int i;

	for (i = 0; i < lab->questions_count; i++) {
		const struct question *question = &lab->questions[i];
		char *why = hindrance(checkup, question);

		if (json)
			fprintf(out,
				"{\"lab\":\"%s\",\"question\":\"%s\",\"ok\":%s,\"cause\":"
				"\"%s\"}\n",
				lab->name, question->id, why ? "false" : "true",
				why ? why : "");
		else
			fprintf(out, "%-4s %s.%s%s%s\n", why ? "NO" : "yes", lab->name,
				question->id, why ? ": " : " can be checked here",
				why ? why : "");
		all &= !why;
		free(why);
	}
	return all;
}
