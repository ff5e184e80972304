// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/exit.h"
#include "tracer/commands/command.h"
static int run(int argc, char *argv[]) { return EXIT_CANNOT; }
static const struct option_def options[] = {OPTION_HELP, {0}};
const struct command doctor_command = {.name = "doctor", .arguments = "", .summary = "what this machine and user can do", .details = "", .options = options, .run = run};
