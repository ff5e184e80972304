# SPDX-License-Identifier: GPL-2.0-or-later
# The one Makefile: `make help` says what a person can ask of it.
#
# A .c file in one of the folders below belongs to what the folder makes; there is no
# list to edit. O= builds elsewhere, V=1 shows commands, SAN=address,undefined adds
# sanitizers, WERROR=1 turns warnings into errors.

O ?= .
PREFIX ?= /usr/local
BPF_CLANG ?= clang
BPFTOOL ?= $(firstword $(shell command -v bpftool) $(wildcard /usr/sbin/bpftool /usr/lib/linux-tools/*/bpftool))
B := $(O)/build
BIN := $(O)/bin

Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)	$(patsubst $(O)/%,%,$@)")

CFLAGS ?= -O2 -g
KIT_CFLAGS := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter \
	-Wno-sign-compare -Wmissing-prototypes -Wstrict-prototypes -I. -I$(B)/tracer/live \
	$(if $(WERROR),-Werror) $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
# One copy of a probe macro stays one location; see the handbook on why that needs saying.
TARGET_FLAGS := -D_GNU_SOURCE -Wall -Wextra -g -O1 -fno-inline
TARGET_WERROR := $(if $(WERROR),-Werror)
TARGET_CFLAGS := -std=gnu11 $(TARGET_FLAGS)
TARGET_CXXFLAGS := -std=gnu++17 $(TARGET_FLAGS)

COMMON := $(patsubst %.c,$(B)/%.o,$(filter-out common/lab%.c,$(wildcard common/*.c)))
LAB := $(patsubst %.c,$(B)/%.o,$(wildcard common/lab*.c))
STATIC := $(patsubst %.c,$(B)/%.o,$(wildcard tracer/static/*.c))
LIVE := $(patsubst %.c,$(B)/%.o,$(filter-out %.bpf.c,$(wildcard tracer/live/*.c)))
COMMANDS := $(patsubst %.c,$(B)/%.o,$(wildcard tracer/commands/*.c))
GRADER := $(patsubst %.c,$(B)/%.o,$(wildcard grader/*.c))
MENU := $(patsubst %.c,$(B)/%.o,$(wildcard menu/*.c))
TARGETS := $(basename $(notdir $(wildcard targets/*.c targets/*.cc targets/*.S)))
SHARED := $(patsubst targets/shared/%.c,lib%.so,$(wildcard targets/shared/*.c))
KITLIB := $(patsubst %.c,$(B)/%.o,$(wildcard targets/lib/*.c))
PROGRAMS := usdt grade bpfhol $(TARGETS)

MAN := $(patsubst handbook/man/%.md,$(B)/man/%,$(wildcard handbook/man/*.md))
SITE := $(B)/handbook/index.html

all: $(PROGRAMS:%=$(BIN)/%) $(SHARED:%=$(BIN)/%) $(BIN)/libtarget.a $(MAN) $(SITE)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all run setup test test-long bench check-labs check-style deps-peers handbook \
	install uninstall clean help

## What a person asks for

run: setup ##			install what is missing, build, open the menu (or play the first exercise)
	$(Q)$(MAKE) --no-print-directory -s all
	$(Q)scripts/run

setup: ##			install the packages the kit needs (Debian, Ubuntu)
	$(Q)scripts/setup

test: setup ##			every test; STRICT=1: a skipped test is a failure
	$(Q)$(MAKE) --no-print-directory -s all
	$(Q)tests/run $(TESTS)

test-long: setup ##		the parsers on hostile input, ten minutes each (FUZZ_SECONDS=600)
	$(Q)$(MAKE) --no-print-directory -s all
	$(Q)FUZZ_SECONDS=$(or $(FUZZ_SECONDS),600) tests/run tests/80-fuzz.bats

bench: all ##			costs and speed, as ratios against the tools that are here
	$(Q)tests/bench/run

check-labs: all ##		every right answer passes, every wrong one is refused
	$(Q)tests/run tests/60-labs.bats

check-style: ##		formatting, layers, spelling of the house style
	$(Q)tests/run tests/00-style.bats

deps-peers: setup ##		install the other tracers and programs that tests compare with
	$(Q)scripts/setup --peers

handbook: $(SITE) ##		the handbook as pages for a browser, in build/handbook/
	@echo "$<"

help: ##			this list
	@sed -n 's/^\([a-z-]*\):.* ##	*\(.*\)/\1	\2/p' $(MAKEFILE_LIST) | expand -t 14

clean: ##			remove what was built
	$(Q)rm -rf $(B) $(BIN)

# The installed kit has the shape of this tree, so its programs find their files the same
# way; symbolic links bring them onto $PATH.
# Quoted, as DESTDIR may have blanks in its name.
KITDIR = "$(DESTDIR)$(PREFIX)/lib/bpfhol"
BINDIR = "$(DESTDIR)$(PREFIX)/bin"
MANDIR = "$(DESTDIR)$(PREFIX)/share/man/man1"
DOCDIR = "$(DESTDIR)$(PREFIX)/share/doc/bpfhol"

# Labs are folders with a number in front: one of an older kit would be listed beside. Nor
# should pages of an older handbook stay.
install: all ##		install to PREFIX (/usr/local), below DESTDIR
	$(Q)rm -rf $(KITDIR)/labs $(DOCDIR)/handbook
	$(Q)umask 022 && install -d $(KITDIR)/bin $(KITDIR)/labs $(KITDIR)/targets/lib \
		$(KITDIR)/targets/include $(KITDIR)/targets/shared \
		$(KITDIR)/handbook $(BINDIR) $(MANDIR) $(DOCDIR)/handbook
	$(Q)install -m 755 $(PROGRAMS:%=$(BIN)/%) $(SHARED:%=$(BIN)/%) $(KITDIR)/bin
	$(Q)install -m 644 $(BIN)/libtarget.a $(KITDIR)/bin
	$(Q)cp -RL labs/. $(KITDIR)/labs
	$(Q)chmod -R u=rwX,go=rX $(KITDIR)/labs
	$(Q)install -m 644 targets/*.c targets/*.cc targets/*.S targets/*.thrift \
		$(KITDIR)/targets
	$(Q)install -m 644 targets/lib/*.h $(KITDIR)/targets/lib
	$(Q)install -m 644 targets/include/*.h $(KITDIR)/targets/include
	$(Q)install -m 644 targets/shared/*.c $(KITDIR)/targets/shared
	$(Q)install -m 644 handbook/*.md $(KITDIR)/handbook
	$(Q)install -m 644 $(MAN) $(MANDIR)
	$(Q)cp -R $(dir $(SITE)). $(DOCDIR)/handbook
	$(Q)chmod -R u=rwX,go=rX $(DOCDIR)/handbook
	$(Q)for program in usdt grade bpfhol; do \
		ln -sf ../lib/bpfhol/bin/$$program $(BINDIR)/$$program; done

uninstall: ##		remove what install put there
	$(Q)rm -rf $(KITDIR) $(DOCDIR)
	$(Q)for program in usdt grade bpfhol; do rm -f $(BINDIR)/$$program; done
	$(Q)for page in $(notdir $(MAN)); do rm -f $(MANDIR)/$$page; done

## How things are built

$(B)/man/%: handbook/man/%.md
	$(call say,MAN)
	$(Q)mkdir -p $(@D) && lowdown -s -Tman --out-no-smarty -o $@ $<

# One page shows in the contents of all others: they are made together.
$(SITE): scripts/handbook $(wildcard handbook/* handbook/man/* handbook/figures/*)
	$(call say,HTML)
	$(Q)scripts/handbook handbook $(@D)

$(B)/%.o: %.c
	$(call say,CC)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(KIT_CFLAGS) -MMD -MP -c -o $@ $<

# The BPF program: no CO-RE, so no kernel BTF is needed to build or to load it.
BPF_INCLUDE := $(addprefix -idirafter ,$(wildcard /usr/include/$(shell uname -m)-linux-gnu))
$(B)/%.bpf.o: %.bpf.c
	$(call say,BPF)
	$(Q)mkdir -p $(@D)
	$(Q)$(BPF_CLANG) -target bpf -D__TARGET_ARCH_x86 -g -O2 -mcpu=v3 -Wall -I. $(BPF_INCLUDE) -MMD -MP -c -o $@ $<

$(B)/%.skel.h: $(B)/%.bpf.o
	$(call say,SKEL)
	$(Q)$(BPFTOOL) gen skeleton $< name $(subst .,_,$(notdir $*))_bpf > $@

$(LIVE): | $(patsubst %.bpf.c,$(B)/%.skel.h,$(wildcard tracer/live/*.bpf.c))

link = $(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) $(KIT_CFLAGS) $(LDFLAGS) -o $@ $^ $(1)

# `usdt` is linked statically where the archives are here: otherwise the dynamic loader
# takes longer than listing the probes of a large library does.
STATIC_LIBS := -static -lbpf -ldw -lelf -llzma -lbz2 \
	$(if $(wildcard /usr/lib/*/libzstd.a /usr/lib*/libzstd.a),-lzstd) -lz
TRY_STATIC := extern int bpf_object__load(), dwarf_begin_elf(); \
	int main(void) { return bpf_object__load() + dwarf_begin_elf(); }
can_static = $(shell echo '$(TRY_STATIC)' | \
	$(CC) -w -x c -o /dev/null - $(STATIC_LIBS) 2>/dev/null && echo yes)
USDT_LIBS = $(if $(SAN),-lbpf -ldw -lelf,$(if $(can_static),$(STATIC_LIBS),-lbpf -ldw -lelf))

$(BIN)/usdt: $(COMMANDS) $(LIVE) $(STATIC) $(COMMON)
	$(call say,LD)
	$(call link,$(USDT_LIBS))

$(BIN)/grade: $(GRADER) $(LAB) $(LIVE) $(STATIC) $(COMMON)
	$(call say,LD)
	$(call link,-lbpf -ldw -lelf -lcyaml -ljansson)

$(BIN)/bpfhol: $(MENU) $(LAB) $(COMMON)
	$(call say,LD)
	$(call link,-lcyaml -ljansson)

# Targets: compiled by the command learners' copies are compiled with.
$(B)/targets/lib/%.o: targets/lib/%.c
	$(call say,CC)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(TARGET_CFLAGS) $(TARGET_WERROR) -Itargets/lib -MMD -MP -c -o $@ $<

$(BIN)/libtarget.a: $(KITLIB)
	$(call say,AR)
	$(Q)mkdir -p $(@D) && rm -f $@ && $(AR) rcs $@ $^

target = $(Q)mkdir -p $(@D) $(B)/targets && $(1) $(TARGET_WERROR) -Itargets/lib -Itargets/include \
	-MMD -MP -MF $(B)/targets/$*.d -o $@ $< $(BIN)/libtarget.a

$(BIN)/%: targets/%.c $(BIN)/libtarget.a
	$(call say,CC)
	$(call target,$(CC) $(TARGET_CFLAGS))

$(BIN)/%: targets/%.cc $(BIN)/libtarget.a
	$(call say,CXX)
	$(call target,$(CXX) $(TARGET_CXXFLAGS))

$(BIN)/%: targets/%.S $(BIN)/libtarget.a
	$(call say,AS)
	$(call target,$(CC) $(TARGET_CFLAGS))

# Libraries that targets load, from their own folder.
$(SHARED:%=$(BIN)/%): $(BIN)/lib%.so: targets/shared/%.c
	$(call say,CC)
	$(Q)mkdir -p $(@D) $(B)/targets/shared
	$(Q)$(CC) $(TARGET_CFLAGS) $(TARGET_WERROR) -fPIC -shared -Itargets/lib -MMD -MP -MF $(B)/targets/shared/$*.d -o $@ $<

-include $(shell find $(B) -name '*.d' 2>/dev/null)
