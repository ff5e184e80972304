#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What a trace does beside reading values: stacks, libraries that come later, odd
# processes, other forms of output, and what it says when nothing happens.

load helpers

setup() {
	kit_setup
	need_root
	need_bpf
	need_cmd jq
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "a library that is loaded later is attached to, and how long that took is said" {
	gcc -O1 -w -DPLUGIN -shared -fPIC -o libplugin.so "$KIT/tests/targets/plugin.c"
	test_target plugin
	hold ./plugin ./libplugin.so
	attach -p "$TARGET" '*'
	grep -q 'attached 1 location of 1 probe' talk
	release
	wait_for 5 grep -q 'attached 1 more location, [0-9.]* ms after' talk
	wait "$TARGET"
	wait "$TRACER"
	# The first call comes 200 ms after the library: all ten are seen.
	arguments events >got
	printf 'work [%d]\n' {0..9} | diff - got
	[ "$(sed -n 's/.*location, \([0-9]*\).* ms after.*/\1/p' talk)" -lt 150 ]
}

@test "a process whose first thread has ended goes on" {
	test_target odd_process
	run -0 usdt trace -c './odd_process leader' hit
	assert_line '20 events, 0 lost'
	./odd_process leader 3>&- &
	ends_with_test $!
	run -0 usdt list -p $!
	assert_line "usdt:$PWD/odd_process:odd_process:hit"
}

# late_hits BACKEND - those of a process whose first thread had ended before the trace
# began; another of the same program hits meanwhile.
late_hits() {
	local target
	rm -f go
	mkfifo go
	./odd_process late <go 3>&- &
	target=$!
	ends_with_test $target
	exec 7>go
	wait_for 5 grep -q '^State:.Z' /proc/$target/status
	attach -B "$1" -p $target hit
	./odd_process leader 3>&- 7>&- &
	ends_with_test $!
	release
	wait $target
	wait "$TRACER"
	arguments events >got
	printf 'hit [%d]\n' {0..19} | diff - got
	jq -es "all(.pid == $target and .tid != $target)" events
}

@test "-p: a process whose first thread has ended is traced, and no other" {
	test_target odd_process
	late_hits multi
	late_hits perf
}

@test "a name with newlines and escapes neither ends a trace nor reaches the terminal" {
	test_target odd_process
	usdt trace -c './odd_process name' hit >events 2>talk
	grep -qx '20 events, 0 lost' talk
	[ "$(wc -l <events)" = 20 ]
	grep -qF 'a\nFORGED\x1b[31m' events
	! grep -q $'\033' events
	usdt trace -F json -c './odd_process name' hit 2>/dev/null | jq -es 'all(.comm == "a\nFORGED\u001b[31m")'
}

@test "CSV: as Python's reader takes it" {
	[ -x /usr/bin/python3 ] || cannot "needs python3"
	test_target mixed
	./mixed >log
	usdt trace -F csv -o events.csv -c ./mixed hit >/dev/null 2>&1
	/usr/bin/python3 - <<-'PY'
		import csv, json
		rows = list(csv.DictReader(open("events.csv", encoding="utf-8", newline="")))
		log = [json.loads(line) for line in open("log", encoding="utf-8")]
		assert len(rows) == len(log) == 400
		for row, line in zip(rows, log):
		    assert (int(row["arg0"]), int(row["arg1"]), float(row["arg2"]), row["arg4"]) == \
		        (line["n"], line["u"], line["d"], line["s"]), (row, line)
	PY
}

@test "-a: an argument is taken for what it is said to be" {
	echo >one
	test_target burst
	run -0 --separate-stderr usdt trace -n 1 -a arg0=hex,arg1=ptr -c './burst 3' hit <one
	assert_line --regexp 'arg0=0x?0? arg1=0x[0-9a-f]+$'
	usdt trace -n 1 -F json -a arg1=dec -c './burst 3' hit <one 2>/dev/null | jq -e '.args[1] | type == "number"'
	run usdt trace -a arg1=strange -c './burst 3' hit
	assert_failure 2
	run usdt trace -a arg99=str -c './burst 3' hit
	assert_failure 2
}

@test "--quiet: only errors" {
	echo >one
	test_target burst
	run -0 --separate-stderr usdt trace -q -c './burst 3' hit <one
	assert_equal "$stderr" ''
	[ "${#lines[@]}" = 3 ]
}

@test "colours on a terminal only, and never with NO_COLOR" {
	need_cmd script
	echo >one
	test_target burst
	script -qc "$BIN/usdt trace -c './burst 3' hit <one" /dev/null </dev/null 3>&- | grep -q $'\033\\[1mburst:hit'
	! NO_COLOR=1 script -qc "$BIN/usdt trace -c './burst 3' hit <one" /dev/null </dev/null 3>&- | grep $'\033'
	! usdt trace -c './burst 3' hit <one 2>&1 | grep $'\033'
}

@test "a trace that sees nothing says why, on a terminal" {
	need_cmd script
	test_target burst
	script -qc "$BIN/usdt trace -d 4 $PWD/burst:hit" /dev/null </dev/null >said 3>&-
	grep -q "no process has '$PWD/burst' mapped" said
	hold ./burst 3
	script -qc "$BIN/usdt trace -d 4 $PWD/burst:hit" /dev/null </dev/null >said 3>&-
	grep -q "1 process has '$PWD/burst' mapped ($TARGET), but has not come to the probe" said
	script -qc "$BIN/usdt trace -q -d 4 $PWD/burst:hit" /dev/null </dev/null >said 3>&-
	! grep -q 'nothing yet' said
	end_input
}

# functions FILE - of the first event's stack, innermost first
functions() {
	jq -rs '.[0].stack[] | .symbol // "?"' "$1"
}

@test "--stack: by frame pointers, where there are some, else it says so" {
	test_target deep gcc -O1 -fno-omit-frame-pointer
	usdt trace -n 1 --stack -F json -o events -c ./deep hit 2>talk
	functions events >got
	head -n 4 got | diff - <(printf '%s\n' three two one main)
	test_target deep gcc -O2 -fomit-frame-pointer
	usdt trace -n 1 --stack -F json -o events -c ./deep hit 2>talk
	grep -q 'end early.*--stack=dwarf' talk
}

@test "--stack=dwarf: as gdb has it, with what was written into others" {
	need_cmd gdb
	test_target deep gcc -O2 -g
	usdt trace -n 1 --stack=dwarf -F json -o events -c ./deep hit 2>talk
	functions events >got
	head -n 5 got | diff - <(printf '%s\n' leaf three two one main)
	jq -es '.[0].stack[0].inlined' events
	! grep -q 'end early' talk
	gdb -batch -ex 'break -probe-stap deep:hit' -ex run -ex bt ./deep 2>/dev/null |
		sed -nE 's/^#[0-9]+ .*(leaf|three|two|one|main) \(.*/\1/p' >theirs
	head -n 5 got | diff - theirs
	usdt trace -n 1 --stack=dwarf -c ./deep hit 2>/dev/null >events
	grep -qE '^ +0x[0-9a-f]+ leaf \(inlined\)$' events
	grep -qE "^ +0x[0-9a-f]+ two\+[0-9]+  $PWD/deep$" events
	run usdt trace --stack -F csv -c ./deep hit
	assert_failure 2
}

@test "in a container's PID namespace: -c with its children, -p" {
	need_namespaces
	echo >one
	test_target burst
	run -0 unshare -pf --mount-proc usdt trace -c './burst 5' hit <one
	assert_line '5 events, 0 lost'
	run -0 unshare -pf --mount-proc usdt trace -c "sh -c './burst 3 <one; ./burst 4 <one'" "$PWD/burst:hit"
	assert_line '7 events, 0 lost'
}

@test "under sudo the command of -c has no rights of root" {
	need_cmd setpriv
	SUDO_UID=65534 SUDO_GID=65534 usdt trace -q -d 5 -c "sh -c 'id -u; id -g; id -G'" "$BIN/usdt:doctor" >ids 2>&1
	[ "$(sort -u ids)" = 65534 ]
}
