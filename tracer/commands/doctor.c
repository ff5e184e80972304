// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What this machine and this user can do, found out by doing it: the probe below is
 * traced in this very process, once for each way the kernel offers.
 */
#define _SDT_HAS_SEMAPHORES 1
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sdt.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/exit.h"
#include "common/json_out.h"
#include "tracer/commands/command.h"
#include "tracer/commands/nop5.h"
#include "tracer/commands/privilege.h"
#include "tracer/commands/real_program.h"
#include "tracer/live/kernel_btf.h"
#include "tracer/live/session.h"

static int run(int argc, char *argv[]);

static const struct option_def options[] = {OPTION_JSON, OPTION_HELP, {0}};

const struct command doctor_command = {
	.name = "doctor",
	.arguments = "",
	.summary = "what this machine and this user can trace, and what is in the way",
	.details = "Everything is tried for real, on a probe of its own.\n"
		   "Exit status: 0 if probes can be traced, 77 if not.\n",
	.options = options,
	.run = run,
};

#define NUMBER -42
#define WARM_TEXT "warm"
#define COLD_TEXT "cold"

__extension__ unsigned short usdt_doctor_semaphore __attribute__((section(".probes")));

__attribute__((noinline)) static void scratch_probe(int number, const char *warm,
						    const char *cold)
{
	STAP_PROBE3(usdt, doctor, number, warm, cold);
}

/* A string on a page of this process that nobody has touched yet. */
static const char *cold_string(void)
{
	int fd = memfd_create("cold", MFD_CLOEXEC);
	void *page = MAP_FAILED;

	if (fd >= 0 && write(fd, COLD_TEXT, sizeof(COLD_TEXT)) == sizeof(COLD_TEXT))
		page = mmap(NULL, sizeof(COLD_TEXT), PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	return page == MAP_FAILED ? NULL : page;
}

/* What one attempt to trace the scratch probe brought. */
struct trial {
	int err; /* of session_attach() */
	char error[512];
	bool hit, number, warm, cold, semaphore;
};

static bool is_text(const struct value *value, const char *text)
{
	return value->kind == VALUE_STRING && value->len == strlen(text) &&
	       !memcmp(value->text, text, value->len);
}

static int on_hit(const struct event *event, void *data)
{
	struct trial *trial = data;

	trial->hit = true;
	trial->number = event->nargs == 3 && event->args[0].kind == VALUE_SIGNED &&
			(int64_t)event->args[0].number == NUMBER;
	trial->warm = event->nargs == 3 && is_text(&event->args[1], WARM_TEXT);
	trial->cold = event->nargs == 3 && is_text(&event->args[2], COLD_TEXT);
	return 1;
}

static const struct probe *find_scratch(const struct probe_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (!strcmp(list->probes[i].provider, "usdt") &&
		    !strcmp(list->probes[i].name, "doctor"))
			return &list->probes[i];
	return NULL;
}

static void try_backend(enum session_backend backend, struct trial *out)
{
	struct session_options options = {.pid = getpid(),
					  .backend = backend,
					  .buffer_size = 64 << 10};
	struct session *session = session_new(&options);
	struct probe_list list = {0};
	const struct probe *probe;
	volatile int number = NUMBER; /* or the compiler would make it a constant */

	*out = (struct trial){.err = -ENOMEM};
	if (!session || probes_read("/proc/self/exe", NULL, PROBE_NOTES, &list, NULL))
		goto out;
	probe = find_scratch(&list);
	if (!probe || session_add(session, &list, probe))
		goto out;
	out->err = session_attach(session);
	snprintf(out->error, sizeof(out->error), "%s", session_error(session));
	if (!out->err)
		out->semaphore = *(volatile unsigned short *)&usdt_doctor_semaphore > 0;
	/* In any case: somebody else may be looking, as the handbook has people do. */
	scratch_probe(number, WARM_TEXT, cold_string());
	if (!out->err)
		session_poll(session, 1000, on_hit, out);
out:
	session_free(session);
	probes_fini(&list);
}

/* One line of the report. */
struct finding {
	const char *name; /* for scripts */
	const char *what; /* for people */
	bool ok;
	const char *cause, *fix; /* if not ok */
	bool optional;		 /* nothing is missed without it */
};

struct report {
	bool json;
	bool can_trace;
};

static void print_finding(const struct report *report, const struct finding *f)
{
	if (!report->json) {
		printf("%-4s %s\n", f->ok ? "yes" : "NO", f->what);
		if (!f->ok && f->cause && *f->cause)
			printf("       cause: %s\n", f->cause);
		if (!f->ok && f->fix && *f->fix)
			printf("       fix:   %s\n", f->fix);
		return;
	}
	printf("{\"check\":\"%s\",\"ok\":%s,\"optional\":%s,\"what\":", f->name,
	       f->ok ? "true" : "false", f->optional ? "true" : "false");
	json_out_string(stdout, f->what, strlen(f->what));
	printf(",\"cause\":");
	json_out_string(stdout, f->ok ? "" : f->cause, f->ok ? 0 : strlen(f->cause));
	printf(",\"fix\":");
	json_out_string(stdout, f->ok ? "" : f->fix, f->ok ? 0 : strlen(f->fix));
	printf("}\n");
}

static void report_trial(const struct report *report, const struct trial *t, bool loaded)
{
	static const char gone[] = "nothing could be attached";
	struct finding findings[] = {
		{"hit", "a hit of the probe arrives", t->hit,
		 loaded ? "it did not" : gone,
		 loaded ? "report it with the output of 'usdt trace -vv'" : "", false},
		{"number", "a number is read", t->number, "it was not", "", false},
		{"string", "a string is read", t->warm, "it was not", "", false},
		{"cold-string", "a string on a page nobody touched yet is read", t->cold,
		 "sleepable programs on uprobes are missing", "a kernel from 6.0 up",
		 false},
		{"semaphore", "a probe's semaphore is raised while it is traced",
		 t->semaphore, "the kernel cannot count references of uprobes",
		 "a kernel from 4.20 up", false},
	};
	size_t i;

	for (i = 0; i < sizeof(findings) / sizeof(*findings); i++) {
		if (!t->hit && i)
			break; /* what did not arrive could not be right */
		print_finding(report, &findings[i]);
	}
}

/* What there is to trace beside the kit's own programs. */
static void report_real_programs(const struct report *report)
{
	size_t i;

	for (i = 0; i < real_programs_count; i++) {
		const struct real_program *program = &real_programs[i];
		char *cause = real_program_missing(program);

		print_finding(report,
			      &(struct finding){program->check, program->what, !cause,
						cause, program->fix, true});
		free(cause);
	}
}

static int diagnose(struct report *report)
{
	static const char *const members[] = {"pid", "tgid"};
	struct trial multi, perf, *best;
	struct privilege privilege;
	uint32_t offsets[2];
	bool denied, btf;

	try_backend(BACKEND_MULTI, &multi);
	try_backend(BACKEND_PERF, &perf);
	best = multi.hit ? &multi : &perf;
	denied = multi.err == -EPERM && perf.err == -EPERM;
	privilege_read(&privilege);
	btf = !kernel_btf_offsets("task_struct", members, offsets, 2);
	report->can_trace = best->hit && best->number && best->warm;

	print_finding(report,
		      &(struct finding){"privilege", "this user may trace", !denied,
					privilege.cause, privilege.fix, false});
	print_finding(report,
		      &(struct finding){"uprobe-multi",
					"all locations are attached in one go", multi.hit,
					denied ? "no privilege" : multi.error,
					denied ? ""
					       : "a kernel from 6.6 up; slower without",
					false});
	print_finding(report,
		      &(struct finding){
			      "uprobe-perf", "locations are attached one by one",
			      perf.hit, denied ? "no privilege" : perf.error,
			      denied ? ""
				     : "a kernel from 6.0 up with CONFIG_UPROBE_EVENTS",
			      false});
	if (!denied)
		report_trial(report, best, !best->err);
	print_finding(report,
		      &(struct finding){"children", "children of 'trace -c' are traced",
					btf && !denied,
					denied ? "no privilege" : "the kernel has no BTF",
					denied ? ""
					       : "a kernel with CONFIG_DEBUG_INFO_BTF",
					false});
	print_finding(report,
		      &(struct finding){"nop5",
					"a hit at a 5-byte nop is a call, no trap",
					report->can_trace && nop5_becomes_call(),
					denied ? "no privilege"
					       : "the kernel makes it a breakpoint, too",
					denied ? ""
					       : "a kernel from 6.18 up; slower without",
					true});
	report_real_programs(report);
	return report->can_trace ? EXIT_YES : EXIT_CANNOT;
}

static int run(int argc, char *argv[])
{
	struct report report = {0};
	struct utsname system;
	int letter, status;

	while ((letter = next_option(&doctor_command, argc, argv)) != -1) {
		if (letter == 'h') {
			print_help(&doctor_command);
			return EXIT_YES;
		}
		if (letter != 'j')
			return EXIT_USAGE;
		report.json = true;
	}
	if (optind < argc)
		return usage_error(&doctor_command, "'%s' is one word too many",
				   argv[optind]);
	uname(&system);
	if (!report.json)
		printf("Linux %s on %s, user %d\n", system.release, system.machine,
		       geteuid());
	status = diagnose(&report);
	if (!report.json)
		printf("%s\n", report.can_trace
				       ? "Probes can be traced here."
				       : "Probes cannot be traced here as things are.");
	return status;
}
