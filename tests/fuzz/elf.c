// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a file: notes, operands, symbols and DWARF, by libelf and libdw. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/check.h"
#include "tracer/static/probe.h"

static void check_location(const struct probe_list *list, const struct location *l,
			   size_t file_size)
{
	size_t i;

	check(l->args_text && l->nargs <= OPERANDS_MAX);
	check(l->problem || l->offset < file_size);
	check(!l->semaphore_offset || l->semaphore);
	check(l->semaphore_offset <= file_size);
	for (i = 0; i < l->nargs; i++)
		check_operand(list->machine, &l->args[i]);
}

static void check_list(const struct probe_list *list, size_t file_size)
{
	size_t i, j;

	for (i = 0; i < list->count; i++) {
		const struct probe *probe = &list->probes[i];

		check(probe->path == list->path);
		check(*probe->provider && *probe->name && probe->nlocations);
		if (i) {
			int order = strcmp(probe[-1].provider, probe->provider);

			check(order < 0 ||
			      (!order && strcmp(probe[-1].name, probe->name) < 0));
		}
		for (j = 0; j < probe->nlocations; j++)
			check_location(list, &probe->locations[j], file_size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static int file = -1;
	static char path[64];
	struct probe_list list;
	char *error = NULL;
	int err;

	if (file < 0) {
		file = memfd_create("input", 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	}
	check(!ftruncate(file, 0) && pwrite(file, bytes, size, 0) == (ssize_t)size);
	err = probes_read("input", path, PROBE_TYPES, &list, &error);
	if (err)
		check((err == -ENOEXEC || err == -EBADMSG || err == -ENOTSUP) && error &&
		      *error);
	else
		check(!error);
	if (!err) {
		check_list(&list, size);
		probes_fini(&list);
	}
	free(error);
	return 0;
}
