// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "wild_database.h"
#include "wild_find.h"
#include "wild_programs.h"

#define START_MS 20000 /* until it takes work */
#define WORK_MS 4000   /* until its first word */
#define ARGUMENTS_MAX 10
#define QUIET_MS 100 /* then it is done when it has said nothing for so long */

/* Imports a module anew each time, with all that came along with it the last time. */
static const char script[] = "import sys\n"
			     "kept = set(sys.modules)\n"
			     "for line in sys.stdin:\n"
			     "    for name in set(sys.modules) - kept:\n"
			     "        del sys.modules[name]\n"
			     "    import ntpath\n"
			     "    print(flush=True)\n";

static char *const python[] = {NULL, "-I", "-S", "-c", (char *)script, NULL};

/* keytool waits for a certificate on its standard input, which never comes. At the signal
 * QUIT any Java program prints what its threads do, and here what is in its memory. */
static char *const java[] = {NULL,
			     "-Xint",
			     "-Xmx32m",
			     "-XX:+UseSerialGC",
			     "-XX:-UsePerfData",
			     "-XX:+PrintClassHistogram",
			     "sun.security.tools.keytool.Main",
			     "-printcert",
			     NULL};

static char *const postgres[] = {NULL,
				 "--single",
				 "-D",
				 (char *)wild_database_folder,
				 "-F",
				 "-c",
				 "shared_buffers=8MB",
				 "template1",
				 NULL};

static struct program {
	const char *name, *package;
	struct wild_place place;
	char *const *arguments; /* but for the first, which is the program's path */
	const char *work;	/* a line on its standard input; NULL: the signal QUIT */
	bool (*prepare)(const char *path);
	pid_t pid; /* 0: it does not run */
	int in, out;
} programs[] = {
	{.name = "python3",
	 .package = "python3",
	 .place = {"/usr/bin/python3 /usr/local/bin/python3", NULL, "python",
		   "import__find__load__start"},
	 .arguments = python,
	 .work = "go on\n"},
	{.name = "java",
	 .package = "default-jre-headless",
	 .place = {"/usr/bin/java /usr/lib/jvm/*/bin/java", "../lib/server/libjvm.so",
		   "hotspot", "vmops__begin"},
	 .arguments = java},
	{.name = "postgres",
	 .package = "postgresql",
	 .place = {"/usr/lib/postgresql/*/bin/postgres /usr/bin/postgres", NULL,
		   "postgresql", "buffer__read__start"},
	 .arguments = postgres,
	 .work = "select count(*) from pg_proc p, pg_description d where d.objoid = "
		 "p.oid\n",
	 .prepare = wild_database_make},
};

#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

static void leave_root(void)
{
	const struct passwd *nobody = getpwnam("nobody");
	int death;

	if (geteuid() || !nobody)
		return;
	/* The signal for when our parent dies is lost with a change of ids. */
	prctl(PR_GET_PDEATHSIG, &death);
	if (setgroups(0, NULL) || setgid(nobody->pw_gid) || setuid(nobody->pw_uid))
		exit(1);
	prctl(PR_SET_PDEATHSIG, death);
}

static _Noreturn void run(const struct program *program, char *path, int in, int out)
{
	static char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", NULL};
	char *arguments[ARGUMENTS_MAX + 1] = {path};
	int null = open("/dev/null", O_WRONLY);
	size_t i;

	for (i = 1; i < ARGUMENTS_MAX && program->arguments[i]; i++)
		arguments[i] = program->arguments[i];

	signal(SIGPIPE, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	close_range(3, ~0u, 0);
	/* The folder that we are in may be gone, or not be for nobody. */
	if (chdir("/"))
		_exit(127);
	execve(path, arguments, environment);
	_exit(127);
}

static void start(struct program *program, char *path)
{
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		exit(1);
	program->pid = fork();
	if (program->pid < 0)
		exit(1);
	if (!program->pid)
		run(program, path, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	program->in = in[1];
	program->out = out[0];
	fprintf(stderr, "wild: %s is process %d\n", program->name, program->pid);
}

/* At the end of its input each program ends by itself. */
static void end(int number)
{
	size_t i;

	for (i = 0; i < PROGRAMS; i++) {
		if (programs[i].pid)
			close(programs[i].in);
	}
	wild_database_end();
	signal(number, SIG_DFL);
	raise(number); /* comes when this function has returned */
}

static void give_up(struct program *program)
{
	fprintf(stderr, "wild: %s has ended; bpfhol stop, then start, brings it back\n",
		program->name);
	close(program->in);
	close(program->out);
	kill(program->pid, SIGKILL);
	waitpid(program->pid, NULL, 0);
	program->pid = 0;
}

/* A Java program that has not asked for the signal yet would be ended by it. */
static bool takes_quit(pid_t pid)
{
	char path[64], line[256];
	unsigned long long caught = 0;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status))
		sscanf(line, "SigCgt: %llx", &caught);
	if (status)
		fclose(status);
	return caught & 1ull << (SIGQUIT - 1);
}

static void await_quit(struct program *program)
{
	int waited;

	for (waited = 0; waited < START_MS && !takes_quit(program->pid); waited += 10)
		usleep(10000);
	if (waited >= START_MS)
		give_up(program);
}

void wild_programs_start(void)
{
	struct program *program;

	leave_root();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTERM, end);
	signal(SIGINT, end);
	signal(SIGHUP, end);
	for (program = programs; program < programs + PROGRAMS; program++) {
		char *path = wild_find(&program->place);

		if (!path)
			fprintf(stderr,
				"wild: no %s with probes is installed; try: sudo apt "
				"install %s\n",
				program->name, program->package);
		else if (!program->prepare || program->prepare(path))
			start(program, path);
		free(path);
	}
	for (program = programs; program < programs + PROGRAMS; program++) {
		if (program->pid && !program->work)
			await_quit(program);
	}
}

static bool give_work(const struct program *program)
{
	ssize_t len;

	if (!program->work)
		return kill(program->pid, SIGQUIT) == 0;
	len = strlen(program->work);
	return write(program->in, program->work, len) == len;
}

/* Until it has said something and then nothing for a while. False: it has ended. */
static bool work_done(const struct program *program)
{
	struct pollfd output = {.fd = program->out, .events = POLLIN};
	int patience = WORK_MS;
	char text[4096];

	while (poll(&output, 1, patience) > 0) {
		if (read(program->out, text, sizeof(text)) <= 0)
			return false;
		patience = QUIET_MS;
	}
	return true;
}

void wild_programs_work(void)
{
	struct program *program;

	for (program = programs; program < programs + PROGRAMS; program++) {
		if (program->pid && !give_work(program))
			give_up(program);
	}
	for (program = programs; program < programs + PROGRAMS; program++) {
		if (program->pid && !work_done(program))
			give_up(program);
	}
}
