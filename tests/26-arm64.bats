#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Files for arm64: listed like any other, with every operand explained; not traced here.

load helpers

setup() {
	kit_setup
	need_cmd aarch64-linux-gnu-gcc
	cd "$BATS_TEST_TMPDIR" || return 1
}

# arm64 FLAG... - build tests/targets/operands.c as ./operands. sys/sdt.h is the same for
# every architecture, but Debian keeps it where a cross compiler does not look.
arm64() {
	local header
	mkdir -p include/sys
	for header in /usr/include/sys /usr/include/*-linux-gnu/sys; do
		cp "$header"/sdt*.h include/sys 2>/dev/null || true
	done
	aarch64-linux-gnu-gcc -w -Iinclude "$@" -o operands "$KIT/tests/targets/operands.c"
}

# operands FILE - each operand that readelf sees, a line each
operands() {
	readelf -n "$1" | sed -n 's/^ *Arguments: *//p' | sed 's/ \(-\?[0-9]*f\?@\)/\n\1/g'
}

# explained FILE - each operand of `usdt list -v`: as recorded, a tab, what it means
explained() {
	usdt list -v "$1" | sed -n 's/^ *arg[0-9]* \(.*[^ ]\)  *\([0-9]* bytes\?, .*\)$/\1\t\2/p'
}

# What no tracer can read: a label that is in no symbol table, a value in two registers.
unreadable='lo12:\.L|^-?16@x'

check() {
	arm64 "$@"
	same_as_readelf ./operands
	diff <(operands ./operands | sort) <(explained ./operands | cut -f1 | sort)
	diff <(operands ./operands | grep -E "$unreadable" | sort) \
		<(explained ./operands | grep 'cannot be read' | cut -f1 | sort)
}

@test "gcc -O0: as readelf says, and all explained" { check -O0; }
@test "gcc -O1: as readelf says, and all explained" { check -O1; }
@test "gcc -O2: as readelf says, and all explained" { check -O2; }
@test "a library, a static program: as readelf says, and all explained" {
	check -O2 -fPIC -shared -nostdlib
	check -O2 -static
}

# Without such operands the tests above would pass as well.
@test "the target has every shape that compilers make" {
	local level shape
	for level in -O0 -O1 -O2; do
		arm64 $level
		operands ./operands | sed 's/\([xw]\|sp, \)[0-9][0-9]*/\1N/g'
	done >shapes
	for shape in '-4@1' '8@xN' '-4@xN' '1@xN' '-4@[sp, N]' '8@[sp, N]' '-16@[sp]' \
		'-8@[xN, 136]' '8f@xN' '4f@[sp, N]' '8f@[xN]' '1@[xN, xN]' '1@[xN, wN, sxtw]' \
		'-4@[xN, #:lo12:.LANCHOR0]' '24@[xN]' '-16@[xN]' '-16@xN'; do
		grep -qxF -e "$shape" shapes || fail "none is $shape: $(sort -u shapes)"
	done
}

@test "why an operand cannot be read" {
	arm64 -O2
	run -0 usdt list -v ./operands
	assert_line --regexp "lo12:\.LANCHOR0\] .*cannot be read: '\.LANCHOR0' is a label of the compiler's"
	assert_line --regexp "^ *arg0 -16@x[0-9]+ .*cannot be read: .* size"
}

@test "a variable's place in its page is what nm says" {
	local address
	need_cmd nm
	arm64 -O2 -fno-section-anchors
	(cd "$KIT" && gcc -std=gnu11 -D_GNU_SOURCE -I. -o "$BATS_TEST_TMPDIR/displacement" \
		tests/unit/displacement.c tracer/static/*.c common/array.c -ldw -lelf)
	address=$(nm operands | sed -n 's/ D outside$//p')
	run -0 ./displacement ./operands
	assert_line --regexp "^-4@\[x[0-9]+, #:lo12:outside\] $((0x$address & 0xfff))\$"
	[ $((0x$address & 0xfff)) != 0 ]
	run -0 usdt list -v ./operands
	assert_line --regexp 'in memory at the variable outside, whose page is in x[0-9]+$'
	aarch64-linux-gnu-strip operands
	run -0 usdt list -v ./operands
	assert_line --regexp "cannot be read: no symbol table of the file has 'outside'"
}

@test "the function and the line of a location" {
	arm64 -O1 -g
	run -0 usdt list -v ./operands:operands:simple
	assert_line --index 1 --regexp 'in simple\+[0-9]+, .*operands\.c:[0-9]+$'
}

@test "tracing it: one line that says what it is, and status 77" {
	arm64 -O1
	run -77 --separate-stderr usdt trace './operands:*'
	assert_equal "$output" ''
	assert_equal "$stderr" "usdt: '$PWD/operands' is an arm64 file and cannot be traced on this machine, which is x86-64"
}

@test "a file for a machine this tracer does not know" {
	arm64 -O1
	printf '\363' | dd of=operands bs=1 seek=18 conv=notrunc status=none # e_machine: RISC-V
	run -0 usdt list -v ./operands
	assert_line --partial "is of an architecture this tracer does not know"
	run -77 --separate-stderr usdt trace './operands:*'
	assert_equal "$stderr" "usdt: '$PWD/operands' is for another kind of machine and cannot be traced on this one, which is x86-64"
}

@test "an arm64 file beside one that can be traced: a word about it, and the other is" {
	need_root
	need_bpf
	arm64 -O1
	run -0 --separate-stderr usdt trace -d 0.1 './operands:*' "$BIN/usdt-passwd:*"
	assert_regex "$stderr" 'is an arm64 file'
	assert_regex "$stderr" 'attached 1 location of 1 probe'
}
