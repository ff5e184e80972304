/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stack behind an event. */
#ifndef BPFHOL_TRACER_COMMANDS_PRINT_STACK_H
#define BPFHOL_TRACER_COMMANDS_PRINT_STACK_H

#include <stdio.h>

#include "tracer/live/stack.h"

/* Lines of text, and a JSON array. Both return stacks_walk()'s answer. */
bool print_stack_text(FILE *out, struct stacks *stacks, const struct event *event);
bool print_stack_json(FILE *out, struct stacks *stacks, const struct event *event);

#endif
