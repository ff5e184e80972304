// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/kit.h"

char *kit_path(const char *relative)
{
	char self[PATH_MAX];
	char *path, *slash;
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int level;

	if (len < 0)
		return NULL;
	self[len] = '\0';
	for (level = 0; level < 2; level++) { /* /kit/bin/prog -> /kit */
		slash = strrchr(self, '/');
		if (slash)
			*slash = '\0';
	}
	if (asprintf(&path, "%s/%s", self, relative) < 0) {
		errno = ENOMEM;
		return NULL;
	}
	return path;
}

/* Debian's secure_path in sudoers(5): sudo looks nowhere else. */
#define SUDO_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Is the first PROGRAM on PATH the file SELF? */
static int leads_to(const char *path, const char *program, const char *self)
{
	const char *end;
	char file[PATH_MAX], real[PATH_MAX];

	for (; path && *path; path = *end ? end + 1 : end) {
		end = strchrnul(path, ':');
		if (end == path ||
		    snprintf(file, sizeof(file), "%.*s/%s", (int)(end - path), path,
			     program) >= (int)sizeof(file))
			continue;
		if (!access(file, X_OK))
			return realpath(file, real) && !strcmp(real, self);
	}
	return 0;
}

const char *kit_bpfhol(void)
{
	static char self[PATH_MAX];
	char *path;

	if (*self)
		return self;
	path = kit_path("bin/bpfhol");
	snprintf(self, sizeof(self), "%s",
		 !path || leads_to(getenv("PATH"), "bpfhol", path) ? "bpfhol" : path);
	free(path);
	return self;
}

const char *kit_usdt_for_sudo(void)
{
	static char self[PATH_MAX];
	char *path;

	if (*self)
		return self;
	path = kit_path("bin/usdt");
	snprintf(self, sizeof(self), "%s",
		 !path || leads_to(SUDO_PATH, "usdt", path) ? "usdt" : path);
	free(path);
	return self;
}
