/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a program is that has probes, of those that come with a system: its folders, and
 * not $PATH, so that whoever looks finds the same one.
 */
#ifndef WILD_FIND_H
#define WILD_FIND_H

struct wild_place {
	const char *programs;	      /* patterns of paths, blanks between, best first */
	const char *library;	      /* from the program's folder; NULL: the program */
	const char *provider, *probe; /* which that file must have */
};

/*
 * wild_find - the first program of that place whose file has the probe, symbolic links
 * followed. To be freed; NULL: there is none.
 */
char *wild_find(const struct wild_place *place);

#endif
