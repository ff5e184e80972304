/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exit statuses of every program of the kit: people script against them. */
#ifndef BPFHOL_COMMON_EXIT_H
#define BPFHOL_COMMON_EXIT_H

enum exit_status {
	EXIT_YES = 0,	  /* done; attached; the answer is right */
	EXIT_NO = 1,	  /* nothing matched; a wrong answer */
	EXIT_USAGE = 2,	  /* the command line is off */
	EXIT_CANNOT = 77, /* not on this machine or not as this user, and why */
	EXIT_BROKEN = 99, /* the kit itself is broken */
};

#endif
