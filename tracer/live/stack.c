// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two kinds of stack come out of the ring (shared.h). By frame pointers the kernel has
 * already walked: there are addresses to be named. Else there are the registers and the
 * upper end of the stack, which libdwfl unwinds by the unwind tables (.eh_frame) of the
 * files that the process maps, reading memory and registers through our callbacks.
 *
 * A process may have ended before its hit is looked at. Then only the file that has the
 * probe is known, and where it was: the hit's address less the location's.
 *
 * Nor is a process the same all its life: after exec(2), or once its number has been
 * given to another, what was known of it is wrong.
 */
#include <dirent.h>
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tracer/live/process.h"
#include "tracer/live/shared.h"
#include "tracer/live/stack.h"

#define FRAMES_MAX 128
#define VIEWED_MAX 32 /* each keeps a file descriptor a file */
#define REREAD_SECONDS 1

/* One process as libdwfl sees it. */
struct viewed {
	pid_t pid;
	Dwfl *dwfl;	     /* NULL: nobody is viewed here */
	bool attached;	     /* to the callbacks below */
	bool is_elsewhere;   /* paths do not mean there what they mean here */
	struct stat program; /* all zero: it was gone already */
	time_t read;
	uint64_t used; /* at which hit, counted from the first */
};

struct stacks {
	enum session_stack kind;
	struct viewed viewed[VIEWED_MAX];
	uint64_t hits;
	const struct stack *stack; /* that is being unwound */
	pid_t pid;
	uint64_t addresses[FRAMES_MAX];
	size_t naddresses;
};

struct stacks *stacks_new(enum session_stack kind)
{
	struct stacks *s = calloc(1, sizeof(*s));

	if (s)
		s->kind = kind;
	unsetenv("DEBUGINFOD_URLS"); /* nobody expects a tracer to ask the network */
	return s;
}

void stacks_free(struct stacks *s)
{
	size_t i;

	for (i = 0; s && i < VIEWED_MAX; i++)
		dwfl_end(s->viewed[i].dwfl);
	free(s);
}

static time_t seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* What PID has mapped at ADDRESS, whatever its name leads to by now, or from here. */
static int open_mapped(pid_t pid, uint64_t address)
{
	struct dirent *entry;
	char path[64];
	DIR *mapped;
	int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/map_files", pid);
	mapped = opendir(path);
	while (mapped && fd < 0 && (entry = readdir(mapped)))
		if (strtoull(entry->d_name, NULL, 16) == address)
			fd = openat(dirfd(mapped), entry->d_name, O_RDONLY | O_CLOEXEC);
	if (mapped)
		closedir(mapped);
	return fd;
}

/* Called by libdwfl when it needs a file for the first time. */
static int find_elf(Dwfl_Module *module, void **userdata, const char *name,
		    Dwarf_Addr base, char **file_name, Elf **elf)
{
	const struct viewed *v = *userdata;
	int fd = v && *name == '/' ? open_mapped(v->pid, base) : -1;

	if (fd >= 0)
		*file_name = strdup(name);
	else if (!v || !v->is_elsewhere || *name != '/')
		fd = dwfl_linux_proc_find_elf(module, userdata, name, base, file_name,
					      elf);
	return fd;
}

static const Dwfl_Callbacks file_callbacks = {
	.find_elf = find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

static int set_viewed(Dwfl_Module *module, void **userdata, const char *name,
		      Dwarf_Addr base, void *data)
{
	*userdata = data;
	return DWARF_CB_OK;
}

/* What the process maps. */
static void read_process(struct viewed *v)
{
	v->read = seconds();
	if (process_ended(v->pid))
		return;
	dwfl_report_begin(v->dwfl);
	dwfl_linux_proc_report(v->dwfl, v->pid);
	dwfl_report_end(v->dwfl, NULL, NULL);
	dwfl_getmodules(v->dwfl, set_viewed, v, 0);
}

/* All that is known of a process that is gone, or has become another. */
static void add_probe_file(struct viewed *v, const struct event *event)
{
	int fd = fcntl(event->fd, F_DUPFD_CLOEXEC, 0);

	dwfl_report_begin_add(v->dwfl);
	if (fd >= 0 &&
	    !dwfl_report_elf(v->dwfl, event->probe->path, event->probe->path, fd,
			     event->stack->ip - event->location->address, true))
		close(fd);
	dwfl_report_end(v->dwfl, NULL, NULL);
}

/* FILE of a process; false if the process is gone, or not ours to look at. */
static bool stat_of(pid_t pid, const char *file, struct stat *out)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	return !stat(path, out);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

static bool begin_view(struct viewed *v, pid_t pid)
{
	struct stat ours, theirs;

	dwfl_end(v->dwfl);
	*v = (struct viewed){.pid = pid, .dwfl = dwfl_begin(&file_callbacks)};
	if (!v->dwfl)
		return false;
	if (!stat_of(pid, "exe", &v->program))
		v->program = (struct stat){0};
	v->is_elsewhere = !stat_of(getpid(), "ns/mnt", &ours) ||
			  !stat_of(pid, "ns/mnt", &theirs) || !same_file(&ours, &theirs);
	read_process(v);
	return true;
}

static bool is_another_now(const struct viewed *v)
{
	struct stat program;

	return stat_of(v->pid, "exe", &program) && !same_file(&program, &v->program);
}

static struct viewed *view(struct stacks *s, const struct event *event)
{
	struct viewed *v = &s->viewed[0];
	size_t i;

	for (i = 0; i < VIEWED_MAX; i++) {
		if (s->viewed[i].dwfl && s->viewed[i].pid == event->pid) {
			v = &s->viewed[i];
			break;
		}
		if (s->viewed[i].used < v->used)
			v = &s->viewed[i];
	}
	if ((!v->dwfl || v->pid != event->pid || is_another_now(v)) &&
	    !begin_view(v, event->pid))
		return NULL;
	v->used = ++s->hits;
	/* It maps more by now, or has become the same program anew, elsewhere. */
	if (!dwfl_addrmodule(v->dwfl, event->stack->ip))
		read_process(v);
	if (!dwfl_addrmodule(v->dwfl, event->stack->ip))
		add_probe_file(v, event);
	return v;
}

/* What was mapped since is not known yet; a look at it costs, so not too often. */
static Dwfl_Module *module_at(struct viewed *v, uint64_t address)
{
	Dwfl_Module *module = dwfl_addrmodule(v->dwfl, address);

	if (module || seconds() - v->read < REREAD_SECONDS)
		return module;
	read_process(v);
	return dwfl_addrmodule(v->dwfl, address);
}

static bool read_memory(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *out, void *data)
{
	const struct stacks *s = data;
	uint64_t start = s->stack->regs[19]; /* rsp */

	if (s->stack->size < sizeof(*out) || address < start ||
	    address - start > s->stack->size - sizeof(*out))
		return false;
	memcpy(out, s->stack->bytes + (address - start), sizeof(*out));
	return true;
}

/* From the slots of struct pt_regs to DWARF's numbers: see spec.c. */
static bool set_registers(Dwfl_Thread *thread, void *data)
{
	static const unsigned char slots[] = {10, 12, 11, 5, 13, 14, 4, 19, 9,
					      8,  7,  6,  3, 2,	 1,  0, 16};
	const struct stacks *s = data;
	Dwarf_Word registers[sizeof(slots)];
	size_t i;

	for (i = 0; i < sizeof(slots); i++)
		registers[i] = s->stack->regs[slots[i]];
	return dwfl_thread_state_registers(thread, 0, sizeof(slots), registers);
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *data, void **thread_data)
{
	*thread_data = data;
	return true;
}

static pid_t next_thread(Dwfl *dwfl, void *data, void **thread_data)
{
	const struct stacks *s = data;

	if (*thread_data)
		return 0;
	*thread_data = data;
	return s->pid;
}

static const Dwfl_Thread_Callbacks thread_callbacks = {
	.next_thread = next_thread,
	.get_thread = get_thread,
	.memory_read = read_memory,
	.set_initial_registers = set_registers,
};

/* A return address stands behind the call: the frame is where the byte before it is. */
static int keep_frame(Dwfl_Frame *frame, void *data)
{
	struct stacks *s = data;
	Dwarf_Addr pc;
	bool is_activation;

	if (s->naddresses == FRAMES_MAX || !dwfl_frame_pc(frame, &pc, &is_activation))
		return DWARF_CB_ABORT;
	s->addresses[s->naddresses++] = is_activation ? pc : pc - 1;
	return DWARF_CB_OK;
}

static void unwind(struct stacks *s, struct viewed *v, const struct event *event)
{
	s->pid = event->pid;
	if (!v->attached)
		v->attached = dwfl_attach_state(v->dwfl, NULL, event->pid,
						&thread_callbacks, s);
	if (v->attached)
		dwfl_getthread_frames(v->dwfl, event->pid, keep_frame, s);
	if (!s->naddresses)
		s->addresses[s->naddresses++] = event->stack->ip;
}

static void take_addresses(struct stacks *s, const struct event *event)
{
	size_t i, n = event->stack->size / sizeof(*event->stack->addresses);

	for (i = 0; i < n && i < FRAMES_MAX; i++)
		s->addresses[s->naddresses++] = event->stack->addresses[i] - (i ? 1 : 0);
	if (!n)
		s->addresses[s->naddresses++] = event->stack->ip;
}

/* Functions written into the one at ADDRESS by the compiler, innermost first. */
static void walk_inlined(Dwfl_Module *module, struct frame *frame, frame_fn fn,
			 void *data)
{
	Dwarf_Addr bias;
	Dwarf_Die *unit = dwfl_module_addrdie(module, frame->address, &bias), *scopes;
	int i, n = unit ? dwarf_getscopes(unit, frame->address - bias, &scopes) : 0;

	for (i = 0; i < n; i++) {
		struct frame inlined = {.address = frame->address,
					.symbol = dwarf_diename(&scopes[i]),
					.path = frame->path,
					.inlined = true};

		if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram)
			break;
		if (dwarf_tag(&scopes[i]) == DW_TAG_inlined_subroutine)
			fn(&inlined, data);
	}
	if (n > 0)
		free(scopes);
}

static bool starts_everything(const char *symbol)
{
	static const char *const names[] = {"main",
					    "_start",
					    "__libc_start_call_main",
					    "__libc_start_main",
					    "__libc_start_main_impl",
					    "start_thread",
					    "clone",
					    "__clone",
					    "clone3",
					    "__clone3"};
	size_t i;

	for (i = 0; symbol && i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(symbol, names[i], strcspn(symbol, "@.")) &&
		    !names[i][strcspn(symbol, "@.")])
			return true;
	return false;
}

/* Debian's libc has these in no table that is left: what main returns to is told by
 * its file. */
static bool is_libc(const char *path)
{
	const char *base = path ? strrchr(path, '/') : NULL;

	return base && !strncmp(base, "/libc.so", 8);
}

bool stacks_walk(struct stacks *s, const struct event *event, frame_fn fn, void *data)
{
	struct viewed *v = event->stack ? view(s, event) : NULL;
	bool complete = false;
	size_t i;

	if (!v)
		return true;
	s->stack = event->stack;
	s->naddresses = 0;
	if (s->kind == STACK_COPY)
		unwind(s, v, event);
	else
		take_addresses(s, event);
	for (i = 0; i < s->naddresses; i++) {
		struct frame frame = {.address = s->addresses[i]};
		Dwfl_Module *module = module_at(v, frame.address);

		if (module) {
			GElf_Sym symbol;

			frame.path = dwfl_module_info(module, NULL, NULL, NULL, NULL,
						      NULL, NULL, NULL);
			frame.symbol =
				dwfl_module_addrinfo(module, frame.address, &frame.offset,
						     &symbol, NULL, NULL, NULL);
			if (s->kind == STACK_COPY)
				walk_inlined(module, &frame, fn, data);
		}
		fn(&frame, data);
		complete = starts_everything(frame.symbol) ||
			   (!frame.symbol && (complete || is_libc(frame.path)));
	}
	return complete;
}
