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
