/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The libraries in targets/shared: islands that ships pass by. */
#ifndef ISLAND_H
#define ISLAND_H

#include <stdbool.h>

/*
 * What a library of that name does. The ship SHOWN gets to see a light, from the island's
 * northern or southern end, and the ship HEARD hears from both, if the island has any.
 */
void island(const char *shown, const char *heard, bool north);

#endif
