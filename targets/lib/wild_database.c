// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wild_database.h"

#define PATIENCE_MS 10000 /* for the server to end by itself */

char wild_database_folder[WILD_DATABASE_MAX];

static int alive = -1,
	   tidied = -1; /* pipes: to the process that tidies up, and from it */

/* With its whole path: it is used from other folders, too. */
static bool make_folder(void)
{
	const char *const parents[] = {getenv("TMPDIR"), "/tmp", "/var/tmp"};
	size_t i;

	for (i = 0; i < sizeof(parents) / sizeof(parents[0]); i++) {
		if (!parents[i] || parents[i][0] != '/' ||
		    strlen(parents[i]) > WILD_DATABASE_MAX / 2)
			continue;
		snprintf(wild_database_folder, sizeof(wild_database_folder),
			 "%s/bpfhol-wild.XXXXXX", parents[i]);
		if (mkdtemp(wild_database_folder))
			return true;
	}
	return false;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

/* The server has this file for as long as it runs. */
static bool is_in_use(void)
{
	char path[WILD_DATABASE_MAX + 20];

	snprintf(path, sizeof(path), "%s/postmaster.pid", wild_database_folder);
	return access(path, F_OK) == 0;
}

/* When nobody can write to FROM any more, the process that started us has ended, or wants
 * to: then it waits until nobody can write to TO any more. */
static _Noreturn void tidy_up_after(int from, int to)
{
	int waited, null = open("/dev/null", O_RDWR);
	char byte;

	setsid();
	prctl(PR_SET_NAME, "wild-tidy");
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	dup2(from, STDIN_FILENO);
	dup2(to, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	close_range(3, ~0u, 0);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	for (waited = 0; waited < PATIENCE_MS && is_in_use(); waited += 20)
		usleep(20000);
	/* initdb, if it is what was interrupted, may still be writing. */
	for (waited = 0; waited < PATIENCE_MS && !access(wild_database_folder, F_OK);
	     waited += 20) {
		nftw(wild_database_folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
		usleep(20000);
	}
	_exit(0);
}

/* A second fork: it is nobody's child then, and not among those that are watched. */
static bool start_tidying(void)
{
	int to[2], from[2];
	pid_t middle;

	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
		return false;
	middle = fork();
	if (middle == 0) {
		close(to[1]);
		if (fork() == 0)
			tidy_up_after(to[0], from[1]);
		_exit(0);
	}
	close(to[0]);
	close(from[1]);
	alive = to[1]; /* open until we end, however that comes about */
	tidied = from[0];
	return middle > 0 && waitpid(middle, NULL, 0) == middle;
}

void wild_database_end(void)
{
	char byte;

	if (alive < 0)
		return;
	close(alive);
	while (read(tidied, &byte, 1) > 0)
		;
}

static bool initialise(const char *server)
{
	int folder = strrchr(server, '/') - server, status = -1;
	char program[400];
	pid_t pid;

	snprintf(program, sizeof(program), "%.*s/initdb", folder, server);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* It wants a folder that it may get back to. */
		if (chdir("/"))
			_exit(127);
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		execl(program, "initdb", "-D", wild_database_folder, "-U", "wild", "-A",
		      "trust", "--locale=C", "-E", "UTF8", "--wal-segsize=1", "--no-sync",
		      NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

bool wild_database_make(const char *server)
{
	if (!make_folder()) {
		fprintf(stderr, "wild: no folder for postgres' database: %m\n");
		return false;
	}
	if (start_tidying() && initialise(server))
		return true;
	fprintf(stderr, "wild: postgres could not make a database in %s\n",
		wild_database_folder);
	return false;
}
