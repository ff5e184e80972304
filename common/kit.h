/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the kit's own files are.
 *
 * The source tree and the installed tree ($PREFIX/lib/bpfhol) have the same shape:
 * bin/, labs/, targets/, handbook/ side by side. So a program finds the kit as the
 * parent of the folder it stands in, whatever $PATH or the environment say: `grade`
 * runs as root and must not be led elsewhere.
 */
#ifndef BPFHOL_COMMON_KIT_H
#define BPFHOL_COMMON_KIT_H

#define KIT_VERSION "0.1.0"

/*
 * kit_path - absolute path of a file of the kit, e.g. kit_path("labs/02-passwd").
 * Returns a string the caller frees, or NULL with errno set (ENOMEM, or what
 * readlink(2) of /proc/self/exe gave). The file need not exist.
 */
char *kit_path(const char *relative);

/*
 * kit_bpfhol - what to type for this kit's bpfhol, so that advice works as printed: the
 * bare name if $PATH leads to this kit's, else the absolute path. Never NULL; stays
 * valid.
 */
const char *kit_bpfhol(void);

/* kit_usdt_for_sudo - the same for this kit's usdt, as sudo(8) finds programs. */
const char *kit_usdt_for_sudo(void);

#endif
