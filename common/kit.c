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

/* Is the first bpfhol on $PATH the file SELF? */
static int leads_to(const char *self)
{
	const char *path = getenv("PATH"), *end;
	char file[PATH_MAX], real[PATH_MAX];

	for (; path && *path; path = *end ? end + 1 : end) {
		end = strchrnul(path, ':');
		if (end == path || snprintf(file, sizeof(file), "%.*s/bpfhol",
					    (int)(end - path), path) >= (int)sizeof(file))
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
	snprintf(self, sizeof(self), "%s", !path || leads_to(path) ? "bpfhol" : path);
	free(path);
	return self;
}
