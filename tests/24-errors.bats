#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input and missing rights: the status, the reason, and what to try; never a crash.

load helpers

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR" || return 1
	# Where the kit was built with SAN=, what a sanitizer finds is no status 1.
	export ASAN_OPTIONS=exitcode=66 UBSAN_OPTIONS=exitcode=66
}

teardown() {
	drop_public_bin
	kit_teardown
}

# refused STATUS TEXT COMMAND... - that status, that reason, and nothing on stdout
refused() {
	local status_wanted=$1 text=$2
	shift 2
	run "-$status_wanted" --separate-stderr timeout 20 "$@"
	assert_output ''
	assert_regex "$stderr" '^usdt: '
	case $stderr in
	*"$text"*) ;;
	*) fail "'$text' is not in: $stderr" ;;
	esac
}

AS_NOBODY=(setpriv --reuid=65534 --regid=65534 --clear-groups)

# loses_file COMMAND - what must end with a status other than 0 when nothing can be written
loses_file() {
	run -1 --separate-stderr bash -c "$1 >/dev/full"
	assert_regex "$stderr" 'No space left on device'
}

@test "not an ELF file, an empty one, one of nobody's making" {
	echo '#!/bin/sh' >script
	: >empty
	printf '\177ELF\377\377\377\377\377\377\377\377' >odd
	head -c 4096 /dev/zero | tr '\0' '\377' >ones
	for file in script empty odd ones; do
		refused 1 "$BATS_TEST_TMPDIR/$file" usdt list "./$file"
		refused 1 "$BATS_TEST_TMPDIR/$file" usdt trace "./$file:x"
	done
}

@test "a folder, a FIFO, a device, a name too long: none is waited for" {
	mkfifo fifo
	refused 1 "$BATS_TEST_TMPDIR'" usdt list "$BATS_TEST_TMPDIR"
	refused 1 fifo usdt list ./fifo
	refused 1 /dev/zero usdt list /dev/zero
	refused 1 'name too long' usdt list "/$(printf '%05000d' 0)"
}

@test "no such file, no such program: what to name instead" {
	refused 1 "No such file or directory" usdt list ./nowhere
	assert_regex "$stderr" '  try: '
	refused 1 "no program or library 'no-such-program'" usdt list no-such-program
	assert_regex "$stderr" 'try: a path with a slash'
	refused 1 "no program 'no-such-program'" usdt trace -c no-such-program '*'
}

@test "an object file: its probes get addresses when it is linked" {
	printf '#include <sys/sdt.h>\nvoid f(void) { STAP_PROBE(a, b); }\n' >object.c
	gcc -c object.c
	refused 1 'linked' usdt list ./object.o
}

@test "a program without probes says so, and how that comes" {
	printf 'int main(void) { return 0; }\n' | gcc -x c - -o bare
	refused 1 "no probes in '$BATS_TEST_TMPDIR/bare'" usdt list ./bare
	assert_regex "$stderr" 'sys/sdt.h'
}

@test "a program cut at any length: 0 or 1, and a message with the 1" {
	local cut size
	cp "$BIN/usdt-passwd" whole
	strip whole # its section table is near the notes
	size=$(stat -c %s whole)
	for cut in $(seq 0 23 700) $(seq 701 $((size / 90)) $size); do
		head -c "$cut" whole >cut
		run --separate-stderr timeout 10 usdt list -v ./cut
		case $status in
		0) [ -n "$output" ] || fail "$cut bytes: status 0 and no probe" ;;
		1) assert_regex "$stderr" '^usdt: .*cut' ;;
		*) fail "$cut of $size bytes: status $status: $stderr" ;;
		esac
	done
	run -0 usdt list ./whole
}

@test "a program with any byte of its headers overwritten: 0 or 1, never a crash" {
	local at size shoff
	cp "$BIN/usdt-passwd" whole
	strip whole
	size=$(stat -c %s whole)
	shoff=$(readelf -h whole | sed -n 's/.*Start of section headers: *\([0-9]*\).*/\1/p')
	for at in $(seq 16 64) $(seq "$shoff" 13 $((size - 1))); do
		cp whole bent
		printf '\377' | dd of=bent bs=1 seek="$at" conv=notrunc status=none
		run --separate-stderr timeout 10 usdt list -v ./bent
		[ "$status" = 0 ] || [ "$status" = 1 ] ||
			fail "byte $at: status $status: $stderr"
		[ "$status" = 0 ] || [ -n "$stderr" ] || fail "byte $at: 1 without a word"
	done
}

@test "broken notes are counted and left out, the others stand" {
	local section offset
	need_cmd readelf
	printf '%s\n' '#include <sys/sdt.h>' 'int main(void) {' 'STAP_PROBE(t, one);' \
		'STAP_PROBE(t, two);' 'STAP_PROBE(t, three); return 0; }' >notes.c
	gcc notes.c -o notes
	section=$(readelf -SW notes | sed -n 's/.*\.note\.stapsdt *NOTE *[0-9a-f]* \([0-9a-f]*\).*/\1/p')
	offset=$((16#$section + 4)) # the first one's size
	printf '\377\377\377\177' | dd of=notes bs=1 seek=$offset conv=notrunc status=none
	run -0 --separate-stderr usdt list ./notes
	assert_output "usdt:$BATS_TEST_TMPDIR/notes:t:three
usdt:$BATS_TEST_TMPDIR/notes:t:two"
	assert_regex "$stderr" "1 broken note of '.*notes' left out"
}

@test "no such process" {
	refused 1 'no process 4194305' usdt list -p 4194305
	assert_regex "$stderr" '  try: '
	refused 1 'no process 4194305' usdt trace -p 4194305 '*'
	refused 1 'no process 4194305' usdt site -p 4194305 '*'
}

@test "a process that ended while nobody reaped it has no probes, and no crash" {
	# Its parent is a sleep by then, which reaps nobody.
	bash -c 'sleep 0.2 & echo $! >zombie; exec sleep 20' 3>&- &
	ends_with_test $!
	wait_for 5 grep -q . zombie
	is_zombie() { grep -q '^State:.Z' "/proc/$(cat zombie)/status"; }
	wait_for 5 is_zombie
	run timeout 10 usdt list -p "$(cat zombie)"
	assert_failure 1
	assert_output --partial 'usdt: '
	run timeout 10 usdt trace -p "$(cat zombie)" '*'
	assert_failure 1
}

@test "not allowed to look: 77 and sudo, for a process, a file and a trace" {
	need_root
	need_cmd setpriv
	bin=$(public_bin)
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" 2>/dev/null || true
	sleep 60 3>&- &
	ends_with_test $!
	refused 77 "cannot look at process $!" "${AS_NOBODY[@]}" "$bin/usdt" list -p $!
	assert_regex "$stderr" '  try: sudo'
	refused 77 "cannot look at process $!" "${AS_NOBODY[@]}" "$bin/usdt" trace -p $! '*'
	assert_regex "$stderr" '  try: sudo'
	cp "$BIN/usdt-passwd" secret
	chmod 600 secret
	refused 77 'Permission denied' "${AS_NOBODY[@]}" "$bin/usdt" list /etc/shadow
	assert_regex "$stderr" '  try: sudo'
	refused 77 root "${AS_NOBODY[@]}" "$bin/usdt" trace "$bin/usdt-passwd:passwdfound"
	assert_regex "$stderr" '  try: sudo /.*/bin/usdt trace'
	refused 77 root "${AS_NOBODY[@]}" "$bin/usdt" trace -c "$bin/usdt-passwd" passwdfound
	refused 77 root "${AS_NOBODY[@]}" "$bin/usdt" trace -B perf "$bin/usdt-passwd:passwdfound"
}

# The command is held back until the tracer is attached: refused, it must never have run.
@test "a command that cannot be traced is not run" {
	need_root
	need_cmd setpriv
	bin=$(public_bin)
	mkdir -m 777 open
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" 2>/dev/null || true
	run -77 "${AS_NOBODY[@]}" "$bin/usdt" trace -c "touch $PWD/open/ran" "$bin/usdt-passwd:*"
	[ ! -e open/ran ]
}

@test "a probe that is not there: the nearest names; nothing near: how to see all" {
	refused 1 "no probe 'passwdfuond'" usdt list usdt-passwd:passwdfuond
	assert_regex "$stderr" 'did you mean: usdt_samp1:passwdfound\?'
	refused 1 "no probe 'passwdfuond'" usdt trace usdt-passwd:passwdfuond
	assert_regex "$stderr" 'did you mean: usdt_samp1:passwdfound\?'
	refused 1 "no probe 'usdt_samp2:passwdfound'" usdt trace usdt-passwd:usdt_samp2:passwdfound
	assert_regex "$stderr" 'did you mean: usdt_samp1:passwdfound\?'
	refused 1 'no probe' usdt trace usdt-passwd:wholly-else
	refute_regex "$stderr" 'did you mean'
	assert_regex "$stderr" '  try: '
}

@test "two providers have it: both are named, none is taken" {
	printf '%s\n' '#include <sys/sdt.h>' 'int main(void) {' 'STAP_PROBE(one, same);' \
		'STAP_PROBE(two, same); STAP_PROBE(three, other); return 0; }' >two.c
	gcc two.c -o both
	refused 1 'several providers' usdt list ./both:same
	assert_regex "$stderr" 'one:same two:same'
	refused 1 'several providers' usdt trace ./both:same
	run -1 --separate-stderr usdt list ./both:three:other ./both:same
	assert_output "usdt:$BATS_TEST_TMPDIR/both:three:other" # what was clear is listed
	assert_regex "$stderr" 'say which: one:same two:same$'
}

@test "bad usage: status 2, one line, and where to read more" {
	local command
	for command in 'list' 'list --nonsense' 'list -p' 'list -p abc' 'list -p 0' 'list -p -1' \
		'list -p 99999999999' 'list x:' 'list :a:b' 'trace' 'trace -n 0 x:y' 'trace -n x x:y' \
		'trace -n' 'trace -d 0 x:y' 'trace -d -1 x:y' 'trace -d nan x:y' 'trace -F yaml x:y' \
		'trace -s 0 x:y' 'trace -s 5000 x:y' 'trace -b 3 x:y' 'trace -B ptrace x:y' \
		'trace -p 1 -c true x' 'site' 'site x' 'site -p 1' 'site -p 0 x' 'site -v -p 1 x' \
		'doctor x' 'doctor --nonsense'; do
		# shellcheck disable=SC2086
		refused 2 '' usdt $command
		case $command in
		*:) assert_regex "$stderr" '  try: ' ;;
		*:a:b) assert_regex "$stderr" '  try: ' ;;
		*) assert_regex "$stderr" "Try 'usdt ${command%% *} --help'" ;;
		esac
		[ "$(echo "$stderr" | wc -l)" = 2 ] || fail "$command: $stderr"
	done
	refused 2 'no command line: a quote is not closed' usdt trace -c "'a" '*'
	refused 2 'no command line' usdt trace -c ' ' '*'
	refused 2 "no command 'nonsense': there are list, trace, count, hist, latency, site and doctor" usdt nonsense
	assert_regex "$stderr" "Try 'usdt --help'"
	refused 2 'a command is missing: list, trace, count, hist, latency, site or doctor' usdt
}

@test "--help: status 0, on standard output, with every option" {
	local command
	for command in list trace site doctor; do
		run -0 --separate-stderr usdt "$command" --help
		assert_output --partial "Usage: usdt $command"
		assert_output --partial '--help'
		assert_equal "$stderr" ''
		first=$output
		run -0 usdt "$command" -h
		assert_output "$first"
	done
	run -0 --separate-stderr usdt --help
	assert_output --partial 'Usage: usdt COMMAND'
	assert_equal "$stderr" ''
	run -0 usdt --version
	assert_output --regexp '^usdt [0-9]+\.[0-9]+'
}

@test "what cannot be written is not passed off as done" {
	loses_file "usdt list '$BIN/usdt-passwd'"
	loses_file "usdt list -v '$BIN/usdt-passwd'"
	loses_file "usdt list -j '$BIN/usdt-passwd'"
	loses_file 'usdt --help'
	loses_file 'usdt list --help'
	loses_file 'usdt --version'
}

@test "a reader that leaves early ends the list without a word" {
	run --separate-stderr bash -c "usdt list -v '$BIN/usdt-passwd' | true"
	assert_equal "$stderr" ''
	run --separate-stderr bash -c "trap '' PIPE; usdt list -v '$BIN/usdt-passwd' | true"
	assert_equal "$stderr" ''
}

@test "a trace that cannot write says so, and ends" {
	need_root
	need_bpf
	refused 1 'cannot write' usdt trace -o /nowhere/at/all usdt-passwd:passwdfound
	start_target usdt-passwd 24
	run -1 --separate-stderr timeout 20 bash -c \
		"usdt trace -p $TARGET_PID -n 3 passwdfound >/dev/full"
	assert_regex "$stderr" 'cannot write events: No space left on device'
	run -1 --separate-stderr timeout 20 usdt trace -p "$TARGET_PID" -n 3 -o /dev/full passwdfound
	assert_regex "$stderr" "cannot write '?/dev/full'?: No space left on device"
}
