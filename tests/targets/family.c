// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * family CHILDREN WORD...: fires f:alive("parent", pid, ppid) and f:word(i, WORD) for
 * each word, then has CHILDREN children, each of which fires f:alive("child", ...) and
 * becomes this program anew, as "family leaf", to fire f:alive("leaf", ...). Ends when
 * they have.
 */
#include <string.h>
#include <sys/sdt.h>
#include <sys/wait.h>

#include "go.h"

static void alive(const char *role)
{
	STAP_PROBE3(f, alive, role, getpid(), getppid());
}

static void word(int number, const char *text)
{
	STAP_PROBE2(f, word, number, text);
}

int main(int argc, char *argv[])
{
	int i;

	if (argc > 1 && !strcmp(argv[1], "leaf")) {
		alive("leaf");
		return 0;
	}
	alive("parent");
	for (i = 2; i < argc; i++)
		word(i - 2, argv[i]);
	for (i = argc > 1 ? atoi(argv[1]) : 0; i > 0; i--)
		if (fork() == 0) {
			alive("child");
			execl("/proc/self/exe", "family", "leaf", NULL);
			_exit(1);
		}
	while (wait(NULL) > 0)
		;
	return 3; /* the tracer's status is not this */
}
