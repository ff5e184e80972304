#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What the house style asks for and a machine can check.

load helpers

# What is in the repository; in an unpacked archive, what lies there.
tracked() {
	(cd "$KIT" && if [ -e .git ] && command -v git >/dev/null; then
		git ls-files -- "$@"
	else
		find common tracer grader menu targets tests labs scripts -name "$1"
	fi)
}

# sources [PATTERN...] - those in C and C++, and what else is asked for
sources() {
	local file pattern
	for pattern in '*.c' '*.h' '*.cc' "$@"; do tracked "$pattern"; done | while read -r file; do
		[ ! -f "$KIT/$file" ] || [ -L "$KIT/$file" ] || echo "$file"
	done
}

scripts() { (cd "$KIT" && grep -lE --exclude='*.md' '^#!.*\b(bash|sh|bats)$' -r tests scripts labs .ci 2>/dev/null); }

# none GREP... - it finds nothing
none() {
	run "$@"
	[ "$status" = 1 ] || fail "$output"
}

# includes_none FOLDER NAME|NAME... - no file there includes anything of these folders
includes_none() {
	[ -d "$KIT/$1" ] || fail "there is no folder $1"
	none grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"](.*/)?($2)/" \
		"$KIT/$1" --include='*.[chS]*'
}

@test "every source says its licence in its first line" {
	cd "$KIT"
	sources | grep -q tracer/live/usdt.bpf.c # or there is nothing to look at
	# shellcheck disable=SC2046
	run awk '
		FNR == 1 {at = /^#!/ ? 2 : 1}
		FNR == at && /SPDX-License-Identifier: / {said++; next}
		FNR == at {print FILENAME}
		END {exit said != ARGC - 1}' $(sources '*.S') $(scripts) tests/helpers.bash Makefile
	assert_success
}

@test "dependencies point one way" {
	includes_none targets 'tracer|grader|menu|common'
	includes_none common 'tracer|grader|menu|bpf'
	includes_none tracer/static 'live|commands|grader|menu|bpf'
	includes_none tracer/live 'commands|grader|menu'
	includes_none tracer/commands 'grader|menu|bpf'
	includes_none grader 'commands|menu|bpf'
	includes_none menu 'tracer|grader|bpf'
}

@test "only tracer/live knows libbpf" {
	cd "$KIT"
	none grep -lE '\b(bpf_(map|object|link|program|map_)_[_a-z]+|ring_buffer__[a-z]+)\(' \
		$(sources | grep -v '^tracer/live/\|^tests/')
	run -0 grep -lE '#include <bpf/' -r tracer/live # the pattern above can match
}

@test "libraries neither write to standard output nor exit" {
	cd "$KIT"
	none grep -nE '\b(printf|puts|putchar|perror|exit|abort|assert|err|errx|warn|warnx)\(|\bstdout\b' \
		$(sources | grep -E '^(common|tracer/static|tracer/live)/.*\.c$' | grep -v '\.bpf\.c$')
}

@test "a file is one concept: under 400 lines" {
	cd "$KIT"
	long=$(sources | xargs wc -l | awk '$2 != "total" && $1 >= 400')
	[ -z "$long" ] || fail "$long"
}

@test "nothing is left to do in the sources" {
	cd "$KIT"
	none grep -nE '\b(TODO|FIXME|XXX)\b' $(sources) $(scripts | grep -v 00-style) Makefile
}

@test "formatted as .clang-format says" {
	cd "$KIT"
	local tool='' candidate
	for candidate in clang-format-14 clang-format; do
		if command -v $candidate >/dev/null &&
			$candidate --version | grep -q 'version 14\.'; then
			tool=$candidate
			break
		fi
	done
	# Another version formats otherwise.
	[ -n "$tool" ] || cannot "needs clang-format, version 14"
	run $tool --dry-run -Werror $(sources)
	[ "$status" = 0 ] || fail "$(echo "$output" | sed -n 's/^\([^:]*\):.*error:.*/\1/p' | sort -u)"
}
