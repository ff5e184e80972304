/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small PostgreSQL database of its own in a temporary folder, for as long as this
 * process lives: another one, which outlives it, removes the folder. */
#ifndef WILD_DATABASE_H
#define WILD_DATABASE_H

#include <stdbool.h>

#define WILD_DATABASE_MAX 300

extern char wild_database_folder[WILD_DATABASE_MAX];

/* wild_database_make - by initdb, which is beside the SERVER. False: it could not be
 * made, and standard error has why. */
bool wild_database_make(const char *server);

/* wild_database_end - wait until the folder is gone. Fit for a signal handler. */
void wild_database_end(void);

#endif
