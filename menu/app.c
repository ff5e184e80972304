// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/exit.h"
#include "menu/app.h"

int complain(int status, char *error)
{
	fprintf(stderr, "bpfhol: %s\n", error ? error : "something went wrong");
	free(error);
	return status;
}

int status_of(int err)
{
	switch (-err) {
	case 0:
		return EXIT_YES;
	case ENOENT: /* no such lab or question */
		return EXIT_USAGE;
	case EINVAL:
	case ENOMEM:
	case EPROTO:
		return EXIT_BROKEN;
	default: /* the state or the disk: no defect of the kit */
		return EXIT_CANNOT;
	}
}
