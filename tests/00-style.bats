#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What the house style asks for and a machine can check.

load helpers

sources() { (cd "$KIT" && find common tracer grader menu targets tests labs -name '*.[ch]'); }

# includes FOLDER PATTERN - its files that include something of that name
includes() { (cd "$KIT" && grep -rlE "#include [<\"]($2)" "$1" --include='*.[ch]'); }

@test "every source says its licence in its first line" {
	cd "$KIT"
	for file in $(sources) tests/*.bats tests/helpers.bash Makefile; do
		sed -n 1,2p "$file" | grep -q SPDX-License-Identifier || fail "$file"
	done
}

@test "dependencies point one way" {
	run ! includes targets 'tracer/|grader/|menu/|common/'
	run ! includes common 'tracer/|grader/|menu/'
	run ! includes tracer/static 'tracer/live|tracer/commands|bpf/|grader/|menu/'
	run ! includes tracer/live 'tracer/commands|grader/|menu/'
	run ! includes tracer/commands 'bpf/|grader/|menu/'
	run ! includes grader 'bpf/|tracer/commands|menu/'
	run ! includes menu 'tracer/|grader/'
}

@test "a file is one concept: under 400 lines" {
	cd "$KIT"
	long=$(sources | xargs wc -l | awk '$2 != "total" && $1 >= 400')
	[ -z "$long" ] || fail "$long"
}

@test "nothing is left to do in the sources" {
	cd "$KIT"
	run grep -nE '\b(TODO|FIXME|XXX)\b' $(sources)
	assert_failure 1
}
