// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fires `hit` twenty times in a second from a second thread, while the first has ended
 * ("leader"), or under a name with a newline and an escape sequence in it ("name").
 * "late": as "leader", but only after a byte on stdin. "plain": none of it.
 */
#include <pthread.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sdt.h>
#include <unistd.h>

#include "go.h"

static void *work(void *late)
{
	int i;

	if (late)
		wait_for_go();
	for (i = 0; i < 20; i++) {
		STAP_PROBE1(odd_process, hit, i);
		usleep(50000);
	}
	_exit(0);
}

int main(int argc, char *argv[])
{
	pthread_t thread;

	if (!strcmp(argv[1], "name"))
		prctl(PR_SET_NAME, "a\nFORGED\033[31m");
	pthread_create(&thread, NULL, work, strcmp(argv[1], "late") ? NULL : argv[1]);
	if (!strcmp(argv[1], "leader") || !strcmp(argv[1], "late"))
		pthread_exit(NULL);
	return pthread_join(thread, NULL);
}
