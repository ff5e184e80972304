/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From an operand in words of the file to one in words of the BPF program. */
#ifndef BPFHOL_TRACER_LIVE_SPEC_H
#define BPFHOL_TRACER_LIVE_SPEC_H

#include <elf.h>

#include "tracer/live/session.h"
#include "tracer/live/shared.h"
#include "tracer/static/probe.h"

/* The architecture whose registers the BPF program can reach: the kit is built for it. */
#define SPEC_MACHINE EM_X86_64

/*
 * spec_fill - how the BPF program is to fetch a location's arguments. Returns how many
 * string slots a record of this location needs.
 */
unsigned int spec_fill(int machine, const struct location *location,
		       const enum session_style styles[OPERANDS_MAX], struct spec *out);

#endif
