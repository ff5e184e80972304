// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two kinds of stack come out of the ring (shared.h). By frame pointers the kernel has
 * already walked: there are addresses to be named. Else there are the registers and the
 * upper end of the stack, which libdwfl unwinds by the unwind tables (.eh_frame) of the
 * files that the process maps, reading memory and registers through our callbacks.
 *
 * A process may have ended before its hit is looked at. Then only the file that has the
 * probe is known, and where it was: the hit's address less the location's.
 */
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/array.h"
#include "tracer/live/shared.h"
#include "tracer/live/stack.h"

#define FRAMES_MAX 128
#define REREAD_SECONDS 1

/* One process as libdwfl sees it. */
struct viewed {
	pid_t pid;
	Dwfl *dwfl;
	bool alone;    /* only the probe's file: the process was gone */
	bool attached; /* to the callbacks below */
	time_t read;
};

struct stacks {
	enum session_stack kind;
	struct viewed *viewed;
	size_t count;
	const struct stack *stack; /* that is being unwound */
	pid_t pid;
	uint64_t addresses[FRAMES_MAX];
	size_t naddresses;
};

static const Dwfl_Callbacks file_callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
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

	if (!s)
		return;
	for (i = 0; i < s->count; i++)
		dwfl_end(s->viewed[i].dwfl);
	free(s->viewed);
	free(s);
}

static time_t seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* What the process maps, or of one that is gone the probe's file alone. */
static void read_process(struct viewed *v, const struct event *event)
{
	int err;

	dwfl_report_begin(v->dwfl);
	err = dwfl_linux_proc_report(v->dwfl, v->pid);
	if (err || !dwfl_addrmodule(v->dwfl, event->stack->ip)) {
		v->alone = true;
		dwfl_report_begin(v->dwfl);
		dwfl_report_elf(v->dwfl, event->probe->path, event->probe->path, -1,
				event->stack->ip - event->location->address, true);
	}
	dwfl_report_end(v->dwfl, NULL, NULL);
	v->read = seconds();
}

static struct viewed *view(struct stacks *s, const struct event *event)
{
	struct viewed *v;
	size_t i;

	for (i = 0; i < s->count; i++)
		if (s->viewed[i].pid == event->pid)
			return &s->viewed[i];
	v = array_add(s->viewed, s->count);
	if (!v)
		return NULL;
	v->pid = event->pid;
	v->dwfl = dwfl_begin(&file_callbacks);
	if (!v->dwfl) {
		s->count--;
		return NULL;
	}
	read_process(v, event);
	return v;
}

/* What was mapped since is not known yet; a look at it costs, so not too often. */
static Dwfl_Module *module_at(struct viewed *v, const struct event *event,
			      uint64_t address)
{
	Dwfl_Module *module = dwfl_addrmodule(v->dwfl, address);

	if (module || v->alone || seconds() - v->read < REREAD_SECONDS)
		return module;
	read_process(v, event);
	return dwfl_addrmodule(v->dwfl, address);
}

static bool read_memory(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *out, void *data)
{
	const struct stacks *s = data;
	uint64_t start = s->stack->regs[19]; /* rsp */

	if (address < start || address - start + sizeof(*out) > s->stack->size)
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
	static const char *const names[] = {"_start",
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
		if (!strncmp(symbol, names[i], strlen(names[i])))
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
	struct viewed *v = view(s, event);
	bool complete = false;
	size_t i;

	if (!v || !event->stack)
		return true;
	s->stack = event->stack;
	s->naddresses = 0;
	if (s->kind == STACK_COPY)
		unwind(s, v, event);
	else
		take_addresses(s, event);
	for (i = 0; i < s->naddresses; i++) {
		struct frame frame = {.address = s->addresses[i]};
		Dwfl_Module *module = module_at(v, event, frame.address);

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
			   (!frame.symbol && is_libc(frame.path));
	}
	return complete;
}
