// SPDX-License-Identifier: GPL-2.0-or-later
/* empty OBJECT FILE COMMAND...: run it with the empty program at FILE's one location. */
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/live/attach.h"
#include "tracer/static/probe.h"

int main(int argc, char *argv[])
{
	struct bpf_object *object = bpf_object__open_file(argv[1], NULL);
	struct bpf_program *program = bpf_object__find_program_by_name(object, "empty");
	struct attachment attachment = {0};
	struct probe_list list;
	struct attach_point point;

	bpf_program__set_expected_attach_type(program, ATTACH_TYPE_UPROBE_MULTI);
	if (probes_read(argv[2], NULL, PROBE_NAMES, &list, NULL) ||
	    bpf_object__load(object))
		return 1;
	point = (struct attach_point){.fd = list.fd,
				      .offset = list.probes[0].locations[0].offset};
	if (attach_multi(program, 0, &point, 1, &attachment) != 1)
		return 1;
	if (!fork()) {
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	wait(NULL);
	attachment_fini(&attachment);
	return 0;
}
