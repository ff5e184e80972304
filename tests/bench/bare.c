// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bare OBJECT PROGRAM FILE COMMAND...: run it with that program of bare.bpf.c at FILE's
 * one location. What comes through the ring is read and forgotten.
 */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/live/attach.h"
#include "tracer/live/ring.h"
#include "tracer/static/probe.h"

static int forget(const void *record, size_t size, void *data)
{
	return 0;
}

/* The probe's second argument is in a register or in a variable. */
static void tell_operand(struct bpf_object *object, const struct location *location)
{
	const struct operand *op = &location->args[1];
	struct bpf_map *constants = bpf_object__find_map_by_name(object, ".rodata");
	long at = op->kind == OPERAND_MEMORY ? op->constant - location->address : 0;

	bpf_map__set_initial_value(constants, &at, sizeof(at));
}

int main(int argc, char *argv[])
{
	struct bpf_object *object = bpf_object__open_file(argv[1], NULL);
	struct bpf_program *program, *job;
	struct attachment attachment = {0};
	struct attach_point point;
	struct probe_list list;
	struct ring *ring;
	struct bpf_map *map;
	int stopped;
	pid_t pid;

	if (!object || probes_read(argv[3], NULL, PROBE_NOTES, &list, NULL))
		return 1;
	job = bpf_object__find_program_by_name(object, argv[2]);
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, program == job);
	bpf_program__set_expected_attach_type(job, ATTACH_TYPE_UPROBE_MULTI);
	tell_operand(object, &list.probes[0].locations[0]);
	if (bpf_object__load(object))
		return 1;
	map = bpf_object__find_map_by_name(object, "ring");
	ring = ring_open(bpf_map__fd(map), bpf_map__max_entries(map));
	point = (struct attach_point){.fd = list.fd,
				      .offset = list.probes[0].locations[0].offset};
	if (!ring || attach_multi(job, 0, &point, 1, &attachment) != 1)
		return 1;
	pid = fork();
	if (!pid) {
		execvp(argv[4], argv + 4);
		_exit(127);
	}
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		ring_read(ring, forget, NULL, &stopped);
		usleep(10000);
	}
	ring_close(ring);
	attachment_fini(&attachment);
	return 0;
}
