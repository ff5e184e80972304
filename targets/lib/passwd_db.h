/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A made-up passwd database: a file in memory only, in the format of /etc/passwd, which
 * it never touches. It goes when the process goes; until then /proc/PID/fd shows it as
 * "passwd.db" and it can be read there.
 *
 * It has PASSWD_DB_ENTRIES lines. Every user name stands in it twice, with another uid
 * and another home directory; no uid and no home stands in it twice. Reading it does not
 * tell which entry the program is after.
 */
#ifndef PASSWD_DB_H
#define PASSWD_DB_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define PASSWD_DB_ENTRIES 1024

/*
 * passwd_db_open - the database that SEED gives, ready for fgetpwent(3), and in *SOUGHT
 * the uid of the entry to look for. Ends the program with a message if that fails.
 */
FILE *passwd_db_open(uint64_t seed, uid_t *sought);

#endif
