/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a file's debug information is: in the file itself, or in a separate file that its
 * build-id or its .gnu_debuglink leads to. Only files on this machine are looked for; the
 * network (debuginfod) never is.
 */
#ifndef BPFHOL_TRACER_STATIC_DEBUG_FILE_H
#define BPFHOL_TRACER_STATIC_DEBUG_FILE_H

#include <elfutils/libdw.h>

#include "tracer/static/elf_file.h"

struct debug_file; /* opaque: holds files open */

/*
 * debug_file_open - for FILE, which must stay open as long.
 * @path: FILE's path as the process that runs it knows it; @open_path: as it was opened.
 * If that is below /proc/PID, the root folder of that process is searched before ours.
 * Returns NULL with errno ENOENT if there is no debug information, or ENOMEM.
 */
struct debug_file *debug_file_open(const struct elf_file *file, const char *path,
				   const char *open_path);
void debug_file_close(struct debug_file *debug);

/* debug_file_elf - the file that has it; may be the file itself. */
const struct elf_file *debug_file_elf(const struct debug_file *debug);

/*
 * debug_file_dwarf - its DWARF, read at the first call: that unpacks compressed sections
 * and takes a second and more with hundreds of MiB. NULL if it is broken. dwz's alternate
 * file (.gnu_debugaltlink) is set up.
 */
Dwarf *debug_file_dwarf(struct debug_file *debug);

#endif
