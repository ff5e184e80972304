/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Debug information that need not be trusted. */
#ifndef BPFHOL_TRACER_STATIC_SOUND_H
#define BPFHOL_TRACER_STATIC_SOUND_H

#include <elfutils/libdw.h>
#include <stdbool.h>

/*
 * dwarf_is_sound - does what libdw (0.188) takes on trust hold: that units end within
 * their section, and texts too? It reads beyond the end where they do not.
 */
bool dwarf_is_sound(Dwarf *dwarf);

#endif
