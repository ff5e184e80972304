/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A running process: what it is, and which files it has mapped. */
#ifndef BPFHOL_TRACER_LIVE_PROCESS_H
#define BPFHOL_TRACER_LIVE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct mapping {
	uint64_t start, end, offset; /* addresses in the process; offset in the file */
	bool writable, executable;
};

/* A mapped file; process_files_read() keeps those with an executable part. */
struct mapped_file {
	char *path;	 /* as the process sees it */
	char *open_path; /* as we can open it: through its root if that is not ours, or
			    through its mapping if it was deleted */
	struct mapping *mappings;
	size_t nmappings;
	bool has_code;
};

struct process_files {
	struct mapped_file *files;
	size_t count;
};

/*
 * process_files_read - in the order of their addresses. Returns 0, -ESRCH no such
 * process, -EACCES or -EPERM not ours to look at, -ENOMEM.
 */
int process_files_read(pid_t pid, struct process_files *out);
void process_files_fini(struct process_files *files);

/* process_files_find - the one at PATH, NULL if it is not mapped. */
struct mapped_file *process_files_find(struct process_files *files, const char *path);

/*
 * process_address - where the process has the code at a file's OFFSET.
 * Returns 0, or -ENOENT if no executable mapping holds it.
 */
int process_address(const struct mapped_file *file, uint64_t offset, uint64_t *out);

/*
 * process_read - SIZE bytes of the process' memory; fewer where its mapping ends.
 * Returns how many, -EACCES or -EPERM not ours to read, -ESRCH it has ended, -errno.
 */
ssize_t process_read(pid_t pid, uint64_t address, void *out, size_t size);

/*
 * process_mapping_name - what proc(5)'s maps call the mapping that holds ADDRESS: a path,
 * "[uprobes-trampoline]"; empty if it has no name or there is none. Cut to SIZE.
 */
void process_mapping_name(pid_t pid, uint64_t address, char *out, size_t size);

/* process_mapping_start - where the mapping that holds ADDRESS begins; -ENOENT: none. */
int process_mapping_start(pid_t pid, uint64_t address, uint64_t *out);

/*
 * process_read_u16 - the value at a file's OFFSET in the process' memory (a semaphore).
 * Returns 0, -ENOENT if no writable mapping holds it, or -errno.
 */
int process_read_u16(pid_t pid, const struct mapped_file *file, uint64_t offset,
		     uint16_t *out);

/* process_state - the letter of proc(5)'s stat ('R', 'S', 'T', 't', 'Z', ...), 0 if gone.
 */
char process_state(pid_t pid);

/* process_first_thread_ended - it has, while another of the process goes on. */
bool process_first_thread_ended(pid_t pid);

/* process_ended - gone, or a zombie; not one of whose threads only the first has ended.
 */
bool process_ended(pid_t pid);

#endif
