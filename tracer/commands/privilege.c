// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tracer/commands/privilege.h"

#define STATUS_PATH "/proc/self/status"
#define LOCKDOWN_PATH "/sys/kernel/security/lockdown"

/* capabilities(7); the numbers are ABI, older headers lack the newer names. */
static const struct {
	int number;
	const char *name;
} needed[] = {{39, "CAP_BPF"}, {38, "CAP_PERFMON"}};

#define SYS_ADMIN 21 /* stands in for both */

static bool read_line(const char *path, const char *key, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	bool found = false;

	while (file && !found && fgets(out, size, file))
		found = !strncmp(out, key, strlen(key));
	if (file)
		fclose(file);
	return found;
}

static uint64_t effective_capabilities(void)
{
	unsigned long long set = 0;
	char line[128];

	if (read_line(STATUS_PATH, "CapEff:", line, sizeof(line)))
		sscanf(line, "CapEff: %llx", &set);
	return set;
}

static void name_missing(uint64_t have, char *out, size_t size)
{
	size_t i;

	out[0] = '\0';
	for (i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!(have & 1ULL << needed[i].number) && !(have & 1ULL << SYS_ADMIN))
			snprintf(out + strlen(out), size - strlen(out), "%s%s",
				 *out ? " and " : "", needed[i].name);
}

void privilege_read(struct privilege *out)
{
	char missing[64], line[128];
	int seccomp = 0;

	*out = (struct privilege){0};
	name_missing(effective_capabilities(), missing, sizeof(missing));
	if (read_line(STATUS_PATH, "Seccomp:", line, sizeof(line)))
		sscanf(line, "Seccomp: %d", &seccomp);
	if (*missing && geteuid()) {
		snprintf(out->cause, sizeof(out->cause), "user %d has no %s", geteuid(),
			 missing);
		snprintf(out->fix, sizeof(out->fix), "run it as root: sudo ...");
	} else if (*missing) {
		snprintf(out->cause, sizeof(out->cause),
			 "root without %s, as in a container", missing);
		snprintf(out->fix, sizeof(out->fix),
			 "start the container privileged, or with these capabilities");
	} else if (read_line(LOCKDOWN_PATH, "", line, sizeof(line)) &&
		   strstr(line, "[confidentiality]")) {
		snprintf(out->cause, sizeof(out->cause), "the kernel is locked down");
		snprintf(out->fix, sizeof(out->fix),
			 "boot with lockdown=integrity or none");
	} else if (seccomp == 2) {
		snprintf(out->cause, sizeof(out->cause),
			 "a seccomp filter forbids bpf(2)");
		snprintf(out->fix, sizeof(out->fix),
			 "start the container with a profile that allows it");
	}
}
