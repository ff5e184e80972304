/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Targets whose machine code is the subject: where the lab says `variant: true`, a
 * learner's own program is made from the kit's source, with -DVARIANT=N.
 */
#ifndef BPFHOL_MENU_VARIANT_H
#define BPFHOL_MENU_VARIANT_H

struct user;

#define VARIANTS 64 /* N is below this; the source must take each */

/*
 * variant_build - compile targets/PROGRAM.c of the kit, as USER and by the kit's own
 * command (common/compile.h), to the file OUTPUT.
 * Returns 0, or a negative errno with *ERROR: -ENOPKG there is no compiler, or what it
 * needs is not there.
 */
int variant_build(const struct user *user, const char *program, unsigned int variant,
		  const char *output, char **error);

#endif
