/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding a program or library by its bare name, as the shell and the loader would. */
#ifndef BPFHOL_TRACER_STATIC_FIND_FILE_H
#define BPFHOL_TRACER_STATIC_FIND_FILE_H

/*
 * find_file - NAME with a slash: made absolute. Without: executables on $PATH, then the
 * loader's libraries (/etc/ld.so.cache; "libfoo" finds libfoo.so and libfoo.so.N too).
 * Returns a path to be freed, or NULL with errno ENOENT or ENOMEM. A path with a slash
 * need not exist.
 */
char *find_file(const char *name);

#endif
