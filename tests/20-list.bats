#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What `usdt list` says, against readelf and gdb, on other people's programs.

load helpers

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR" || return 1
}

same_as_gdb() {
	need_cmd gdb
	[ -f "$1" ] || cannot "needs $2"
	gdb -nx -batch -ex 'info probes stap' "$1" 2>/dev/null |
		awk '$1 == "stap" { sub(/0x0*/, "0x", $4); print $2 ":" $3, $4 }' | sort \
		>"$BATS_TEST_TMPDIR/gdb"
	by_usdt "$1" | cut -d' ' -f1,2 | sort >"$BATS_TEST_TMPDIR/usdt"
	[ -s "$BATS_TEST_TMPDIR/gdb" ]
	diff "$BATS_TEST_TMPDIR/gdb" "$BATS_TEST_TMPDIR/usdt"
}

libjvm() { find /usr/lib/jvm -name libjvm.so 2>/dev/null | head -n 1; }
postgres() { ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null | head -n 1; }

@test "libjvm: as readelf says" { same_as_readelf "$(libjvm)" default-jre-headless; }
@test "PostgreSQL's server: as readelf says" { same_as_readelf "$(postgres)" postgresql; }
@test "CPython: as readelf says" { same_as_readelf /usr/bin/python3 python3; }
@test "libstdc++: as readelf says" {
	same_as_readelf /usr/lib/x86_64-linux-gnu/libstdc++.so.6 libstdc++6
}
@test "libjvm: as gdb says" { same_as_gdb "$(libjvm)" default-jre-headless; }
@test "PostgreSQL's server: as gdb says" { same_as_gdb "$(postgres)" postgresql; }

@test "CPython: as gdb says" { same_as_gdb /usr/bin/python3 python3; }
@test "libstdc++: as gdb says" {
	same_as_gdb /usr/lib/x86_64-linux-gnu/libstdc++.so.6 libstdc++6
}

@test "JSON: an object a probe, of the members and kinds agreed on" {
	need_cmd jq
	[ -f "$(postgres)" ] || cannot "needs postgresql"
	usdt list -j "$(postgres)" /usr/lib/x86_64-linux-gnu/libstdc++.so.6 >json
	run -0 jq -es 'length > 50 and all(.[];
		(keys == ["locations", "name", "path", "provider"]) and
		(.path | startswith("/")) and
		all(.locations[];
			(keys == ["address", "args", "base", "offset", "semaphore", "symbol"]) and
			all(.address, .offset, .base; test("^0x[0-9a-f]+$")) and
			(.semaphore == null or (.semaphore | test("^0x[0-9a-f]+$"))) and
			all(.args[]; . as $arg | .operand | capture("^(?<minus>-?)(?<size>[0-9]+)f?@") |
				(.minus == "-") == $arg.signed and (.size | tonumber) == $arg.size)))' json
}

# The byte there is sys/sdt.h's nop, by another reader of the file than ours.
@test "a location's offset is where its nop stands in the file" {
	need_cmd jq
	[ -f "$(postgres)" ] || cannot "needs postgresql"
	local file path offset count=0
	made
	gcc -no-pie -o fixed app.c work.c # its addresses are no offsets
	for file in "$(postgres)" "$BIN/usdt-passwd" ./fixed; do
		while read -r path offset; do
			[ "$(od -An -tx1 -j$((offset)) -N1 "$path")" = ' 90' ] || fail "$path $offset"
			count=$((count + 1))
		done < <(usdt list -j "$file" | jq -r '.path as $p | .locations[] | "\($p) \(.offset)"')
	done
	[ "$count" -gt 50 ]
}

# made - a program with probes, its library with others, running: sets MADE
made() {
	printf '%s\n' '#include <sys/sdt.h>' 'void work(int n);' 'void work(int n) {' \
		'STAP_PROBE1(one, shared, n);' 'STAP_PROBE(libwork, shared);' \
		'STAP_PROBE(two, begin_it); STAP_PROBE(two, end_it); }' >work.c
	printf '%s\n' '#include <stdio.h>' '#include <sys/sdt.h>' '#include <unistd.h>' \
		'void work(int n);' 'int main(int argc, char *argv[]) {' \
		'STAP_PROBE2(app, start, argc, argv[0]);' \
		'for (puts("ready"), fflush(stdout);; work(argc), usleep(10000))' \
		'STAP_PROBE1(app, start, argc); }' >app.c
	gcc -g -shared -fPIC -o libwork.so work.c
	gcc -g -o app app.c -L. -lwork -Wl,-rpath,'$ORIGIN'
}

start_made() {
	./app >app.out 3>&- &
	MADE=$!
	ends_with_test "$MADE"
	wait_for 5 -p "$MADE" grep -q ready app.out
}

# of_test - of the lines on standard input, those of this test's files, without the path
of_test() { sed -n "s|^usdt:$PWD/||p"; }

ALL="app:app:start
libwork.so:libwork:shared
libwork.so:one:shared
libwork.so:two:begin_it
libwork.so:two:end_it"

@test "a process: its program and its libraries, sorted, each probe once" {
	made
	start_made
	usdt list -p "$MADE" >listed
	assert_equal "$(of_test <listed)" "$ALL"
	sort -c listed
	[ -z "$(uniq -d listed)" ]
	# What else it has is what its other files have, each asked by itself.
	sed -n 's/.* r-xp .* \(\/.*\)/\1/p' "/proc/$MADE/maps" | sort -u >files
	while read -r file; do usdt list "$file" 2>/dev/null || true; done <files | sort >one_by_one
	diff one_by_one listed
}

@test "a process whose program and library were deleted, or replaced" {
	need_root
	made
	start_made
	printf '#include <sys/sdt.h>\nint main(void) { STAP_PROBE(new, one); }\n' | gcc -x c - -o new
	mv new app
	rm libwork.so
	run -0 --separate-stderr usdt list -p "$MADE"
	assert_output --regexp 'app[^:]*:app:start'
	assert_output --regexp 'libwork.so[^:]*:two:begin_it'
	refute_output --partial ':new:one'
	run -0 usdt list ./app
	assert_output "usdt:$PWD/app:new:one"
}

# As in a container: the path that the process knows is another file here.
@test "a process in a mount namespace of its own" {
	need_root
	need_namespaces
	made
	printf '#include <sys/sdt.h>\nint main(void) { STAP_PROBE(new, one); }\n' | gcc -x c - -o new
	mkdir here there
	mv app libwork.so there
	mv new here/app
	unshare --mount bash -c 'mount --bind there here && exec here/app' >app.out 3>&- &
	MADE=$!
	ends_with_test "$MADE"
	wait_for 5 -p "$MADE" grep -q ready app.out
	run -0 usdt list -p "$MADE"
	assert_line "usdt:$PWD/here/app:app:start"
	assert_line "usdt:$PWD/here/libwork.so:two:begin_it"
	refute_output --partial ':new:one'
}

@test "PROVIDER left out: the file's own, else the only one, else an error" {
	made
	run -0 usdt list ./libwork.so:shared
	assert_output "usdt:$PWD/libwork.so:libwork:shared"
	run -0 usdt list ./libwork.so::begin_it
	assert_output "usdt:$PWD/libwork.so:two:begin_it"
	mv libwork.so other.so
	run -1 --separate-stderr usdt list ./other.so:shared
	assert_output ''
	assert_regex "$stderr" 'say which: libwork:shared one:shared'
}

@test "wildcards in PROVIDER and NAME" {
	made
	assert_equal "$(usdt list './libwork.so:*' | of_test)" "$(echo "$ALL" | grep lib)"
	assert_equal "$(usdt list './libwork.so:*:*' | of_test)" "$(echo "$ALL" | grep lib)"
	assert_equal "$(usdt list './libwork.so:*_it' | of_test)" "$(echo "$ALL" | grep _it)"
	assert_equal "$(usdt list './libwork.so:t?o:[be]*' | of_test)" "$(echo "$ALL" | grep _it)"
	assert_equal "$(usdt list './libwork.so:[!t]*:*' | of_test)" "$(echo "$ALL" | grep ':shared')"
	run -1 usdt list './libwork.so:T*:*'
}

@test "a process narrows a pattern: PROVIDER:NAME, NAME, FILE:NAME" {
	made
	start_made
	assert_equal "$(usdt list -p "$MADE" two:begin_it | of_test)" libwork.so:two:begin_it
	assert_equal "$(usdt list -p "$MADE" end_it | of_test)" libwork.so:two:end_it
	assert_equal "$(usdt list -p "$MADE" app:start | of_test)" app:app:start
	assert_equal "$(usdt list -p "$MADE" libwork.so:shared | of_test)" libwork.so:libwork:shared
	run -1 usdt list -p "$MADE" nowhere
	assert_output --partial "process $MADE or its libraries"
}

@test "-v: every location in note order, its function, its line, its arguments in words" {
	made
	run -0 usdt list -v ./app
	assert_line --index 0 "usdt:$PWD/app:app:start"
	assert_line --index 1 --regexp '^  1\. address 0x[0-9a-f]+, file offset 0x[0-9a-f]+, in main\+[0-9]+, .*app\.c:6$'
	assert_line --regexp '^  2\. address .* in main\+[0-9]+, .*app\.c:8$'
	assert_line --regexp '^      arg0 -4@.* 4 bytes, signed, '
	assert_line --regexp '^      arg1 8@.* 8 bytes, unsigned, '
	[ "$(echo "$output" | grep -c '^ *arg')" = 3 ]
	strip app
	run -0 usdt list -v ./app
	refute_output --partial 'app.c'
	assert_line --regexp '^  2\. address 0x'
}

@test "-v -p: the semaphore's value now" {
	need_root
	need_bpf
	cp "$KIT/tests/targets/semaphore.c" .
	gcc -I"$KIT/tests/targets" -I"$KIT" -o semaphore semaphore.c
	./semaphore >/dev/null 3>&- &
	local target=$!
	ends_with_test "$target"
	run -0 usdt list -v -p "$target" '*:*'
	assert_output --regexp 'semaphore at 0x[0-9a-f]+, now 0: nobody traces'
	usdt trace -p "$target" '*:*' >/dev/null 2>talk 3>&- &
	local tracer=$!
	ends_with_test "$tracer"
	wait_for 10 -p "$tracer" grep -q '^attached' talk
	run -0 usdt list -v -p "$target" '*:*'
	assert_output --regexp 'semaphore at 0x[0-9a-f]+, now 1: somebody traces'
	kill -INT "$tracer"
	wait "$tracer"
	run -0 usdt list -v -p "$target" '*:*'
	assert_output --partial ', now 0: nobody traces'
}

@test "sorted, each probe once, names as bpftrace takes them" {
	run usdt list "$BIN/usdt-passwd" "$BIN/usdt" "$BIN/usdt-passwd"
	assert_success
	assert_output "usdt:$BIN/usdt:usdt:doctor
usdt:$BIN/usdt-passwd:usdt_samp1:passwdfound"
}

@test "a library by its name, a program by \$PATH" {
	run usdt list libstdc++
	assert_success
	assert_output --partial "libstdcxx:throw"
	run usdt list usdt:usdt:doctor
	assert_success
	assert_output "usdt:$BIN/usdt:usdt:doctor"
}

@test "a script in front of a program on \$PATH is passed over, but not one alone" {
	mkdir "$BATS_TEST_TMPDIR/first"
	printf '#!/bin/sh\n' | tee "$BATS_TEST_TMPDIR/first/usdt-passwd" >"$BATS_TEST_TMPDIR/first/alone"
	chmod +x "$BATS_TEST_TMPDIR"/first/*
	PATH="$BATS_TEST_TMPDIR/first:$PATH" run usdt list usdt-passwd
	assert_success
	assert_output --partial "$BIN/usdt-passwd"
	PATH="$BATS_TEST_TMPDIR/first:$PATH" run usdt list alone
	assert_failure 1
	assert_output --partial "first/alone' is not an ELF file"
}

@test "nothing matches: status 1 and the nearest name" {
	run usdt list usdt:usdt:doctr
	assert_failure 1
	assert_output --partial "did you mean: usdt:doctor"
	run usdt list /bin/true
	assert_failure 1
	assert_output --partial "no probes"
}

@test "a file without section headers says so; notes that are loaded are found" {
	need_cmd objcopy
	cp "$BIN/usdt-passwd" bare
	without_sections bare
	run usdt list ./bare
	assert_failure 1
	assert_output --partial 'it has no section headers'
	cat >loaded.s <<-'ASM'
		.globl _start
		.text
		_start: nop
		.section .note.stapsdt,"a","note"
		.balign 4
		.4byte 8, 2f-1f, 3
		.asciz "stapsdt"
		1: .8byte _start, 0, 0
		.asciz "p"
		.asciz "loaded"
		.asciz "8@%rax"
		2: .balign 4
	ASM
	gcc -nostdlib -static -o loaded loaded.s
	run -0 usdt list -v ./loaded
	usdt list -j ./loaded | jq '.locations[].address' >before
	without_sections loaded
	usdt list -j ./loaded | jq '.locations[].address' | diff before -
}

# without_sections FILE - e_shoff, e_shnum and e_shstrndx of its header become 0
without_sections() {
	printf '\0%.0s' {1..8} | dd of="$1" bs=1 seek=40 conv=notrunc status=none
	printf '\0%.0s' {1..4} | dd of="$1" bs=1 seek=60 conv=notrunc status=none
}
