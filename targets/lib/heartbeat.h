/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sign of life: whoever waits for a probe to fire wants to know that the program
 * works at all. Tells nothing but a count.
 */
#ifndef HEARTBEAT_H
#define HEARTBEAT_H

/* heartbeat_start - with a person watching, say once that it runs, and how FAST. */
void heartbeat_start(const char *fast);

/*
 * heartbeat - COUNT of WHAT so far. If standard output is a file opened to read and
 * write, its one line is rewritten ("lookups 0000001234"), so the file stays small and
 * its time of change tells whether the program is alive. Otherwise nothing.
 */
void heartbeat(const char *what, unsigned long count);

#endif
