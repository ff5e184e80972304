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

@test "a library that is loaded while the tracer is held, and everybody maps, is not missed" {
	gcc -O1 -w -DPLUGIN -shared -fPIC -o libplugin.so "$KIT/tests/targets/plugin.c"
	test_target plugin
	hold ./plugin ./libplugin.so
	attach -p "$TARGET" '*'
	kill -STOP "$TRACER"
	local i
	for i in {1..700}; do /bin/true; done # a few records each; there is room for 300 a CPU
	release
	wait_for 5 grep -q libplugin "/proc/$TARGET/maps"
	kill -CONT "$TRACER"
	wait_for 5 grep -q 'attached 1 more location' talk
	wait "$TARGET"
	wait "$TRACER"
}

@test "a library that is loaded later: its types, and room for its arguments in CSV" {
	need_cmd python3
	cat >late.c <<-'C'
		#include <sys/sdt.h>
		enum colour { RED, GREEN };
		void work(int n);
		void work(int n) { enum colour c = n % 2; STAP_PROBE2(late, work, c, n); }
	C
	gcc -g -O0 -shared -fPIC -o liblate.so late.c
	test_target plugin
	run -0 --separate-stderr usdt trace -c "./plugin ./liblate.so" '*:*' <<<x
	assert_line --regexp 'late:work +arg0=GREEN arg1=9$'
	usdt trace -F csv -o late.csv -c "./plugin ./liblate.so" '*:*' <<<x
	/usr/bin/python3 - <<-'PY'
		import csv
		rows = list(csv.DictReader(open("late.csv", encoding="utf-8", newline="")))
		assert [row["arg1"] for row in rows] == [""] + [str(n) for n in range(10)], rows
	PY
}

@test "-c: probes that only a library of the command has" {
	gcc -O1 -w -DPLUGIN -shared -fPIC -o libplugin.so "$KIT/tests/targets/plugin.c"
	cat >uses.c <<-'C'
		#include <unistd.h>
		void work(int n);
		int main(void) { for (int n = 0; n < 20; n++) { usleep(20000); work(n); } return 0; }
	C
	gcc -o uses uses.c ./libplugin.so
	local backend
	for backend in multi perf; do
		run -0 --separate-stderr usdt trace -B $backend -c ./uses plugin:work
		assert_line --index -1 --regexp 'plugin:work arg0=19$'
		assert_regex "$stderr" 'attached 1 more location'
	done
	run -0 --separate-stderr usdt count -k arg0 -f 'arg0 >= 15' -F json -c ./uses '*'
	assert_line --index -1 --partial '"hits":5,'
	run -1 usdt trace -c ./uses plugin:wrok
	assert_line --partial "no probe 'plugin:wrok' in the command's program, nor in what it mapped"
	assert_line --partial 'did you mean: plugin:work?'
	run -1 usdt count -c ./uses nosuch:thing
}

@test "more libraries than files may be open at first; and it does not end one by one" {
	local i began
	gcc -O1 -w -DPLUGIN -shared -fPIC -o libplugin.so "$KIT/tests/targets/plugin.c"
	for i in {1..150}; do cp libplugin.so "lib$i.so"; done
	cat >maps.c <<-'C'
		#include <dlfcn.h>
		#include <unistd.h>
		int main(int argc, char *argv[]) {
			for (int i = 1; i < argc; i++) if (!dlopen(argv[i], RTLD_NOW)) return 1;
			return write(1, "x", 1) != 1 || pause();
		}
	C
	gcc -o maps maps.c
	./maps ./lib[0-9]*.so >ready 3>&- &
	ends_with_test $!
	wait_for 5 test -s ready
	[ "$(prlimit -n64:4096 usdt list -p $! | wc -l)" = 150 ]
	run prlimit -n64:64 usdt list -p $!
	assert_line --partial 'Too many open files'
	prlimit -n64:4096 usdt trace -q -c "sh -c 'ulimit -n >limit'" "$BIN/usdt-passwd:*"
	[ "$(cat limit)" = 64 ]
	usdt trace -p $! 'plugin:work' >events 2>talk 3>&- &
	TRACER=$!
	ends_with_test "$TRACER"
	wait_for 10 grep -q 'attached 150 locations' talk
	began=$(date +%s%N)
	kill -INT "$TRACER"
	wait "$TRACER"
	[ $(($(date +%s%N) - began)) -lt 2000000000 ]
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
	run ! grep $'\033' events
	usdt trace -F json -c './odd_process name' hit 2>/dev/null | jq -es 'all(.comm == "a\nFORGED\u001b[31m")'
}

@test "a program whose path has a newline, quotes and bytes that are no text" {
	need_cmd xxd
	local folder=$'a\n"\\\xff'
	test_target odd_process
	mkdir "$folder"
	mv odd_process "$folder/"
	"./$folder/odd_process" plain 3>&- &
	ends_with_test $!
	wait_for 5 grep -q odd_process "/proc/$!/maps"
	run -0 --separate-stderr usdt trace -n 1 --stack -F json -p $! hit
	[ "$(jq -r .path.hex <<<"$output" | xxd -r -p | tail -c 17)" = "$folder/odd_process" ]
	[ "$(jq -r '.stack[0].symbol' <<<"$output")" = work ]
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
	cat >hard.c <<-'C'
		#include <sys/sdt.h>
		int main(void) {
			const char *s[] = {"a\nb", "a\\nb", "\"", "\"\"\n\"", "a\tb\r\n", "\\", ",", "x\351", "x\001"};
			for (int i = 0; i < 9; i++) { const char *x = s[i]; STAP_PROBE1(hard, hit, x); }
			return 0;
		}
	C
	gcc -O1 -o hard hard.c
	usdt trace -F csv -a arg0=str -o hard.csv -c ./hard hit 2>/dev/null
	/usr/bin/python3 - <<-'PY'
		import csv
		got = [row["arg0"] for row in csv.DictReader(open("hard.csv", encoding="utf-8", newline=""))]
		assert got == ["a\nb", "a\\nb", '"', '""\n"', "a\tb\r\n", "\\", ",", "x\\xe9", "x\\x01"], got
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
	NO_COLOR=1 script -qc "$BIN/usdt trace -c './burst 3' hit <one" /dev/null </dev/null 3>&- >plain
	usdt trace -c './burst 3' hit <one >>plain 2>&1
	[ "$(grep -c burst:hit plain)" = 6 ]
	run ! grep $'\033' plain
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
	run ! grep 'nothing yet' said
	script -qc "$BIN/usdt trace -d 4 -p $$ $PWD/burst:hit" /dev/null </dev/null >said 3>&-
	grep -q "process $$ has not mapped '$PWD/burst', but 1 other has ($TARGET)" said
	end_input
}

@test "what has been hit is not said to be silent" {
	need_cmd script
	start_target usdt-passwd 42
	script -qc "$BIN/usdt count -i 60 -d 3.5 -p $TARGET_PID passwdfound" /dev/null </dev/null >said 3>&-
	grep -qE ' [1-9][0-9]*  in all' said
	run ! grep 'nothing yet' said
	script -qc "$BIN/usdt trace -f 'pid == 1' -d 3.5 -p $TARGET_PID passwdfound" /dev/null </dev/null >said 3>&-
	grep -q 'but has not come to the probe, or no hit has passed the filter' said
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
	run ! grep 'end early' talk
	gdb -batch -ex 'break -probe-stap deep:hit' -ex run -ex bt ./deep 2>/dev/null |
		sed -nE 's/^#[0-9]+ .*(leaf|three|two|one|main) \(.*/\1/p' >theirs
	head -n 5 got | diff - theirs
	usdt trace -n 1 --stack=dwarf -c ./deep hit 2>/dev/null >events
	grep -qE '^ +0x[0-9a-f]+ leaf \(inlined\)$' events
	grep -qE "^ +0x[0-9a-f]+ two\+[0-9]+  $PWD/deep$" events
	run usdt trace --stack -F csv -c ./deep hit
	assert_failure 2
}

# becomes OUTPUT NAME - a build of it whose probe is in a function of that name
becomes() {
	gcc -O1 -fno-omit-frame-pointer "-DNAME=$2" -o "$1" "$KIT/tests/targets/becomes.c"
}

@test "--stack: a process that becomes another program" {
	becomes first early
	becomes second late
	usdt trace --stack -F json -o events -c './first 200 ./second 200 ./first 200' \
		"$PWD/first:hit" "$PWD/second:hit" 2>talk
	jq -r '.stack[0].symbol' events | diff - <(printf '%s\n' early late early)
	gcc -no-pie -O1 -DNAME=early -o first "$KIT/tests/targets/becomes.c"
	gcc -no-pie -O1 -DNAME=lates -o second "$KIT/tests/targets/becomes.c"
	usdt trace --stack -F json -o events -c './first 200 ./second 200 ./first 200' \
		"$PWD/first:hit" "$PWD/second:hit" 2>talk
	jq -r '.stack[0].symbol' events | diff - <(printf '%s\n' early lates early)
}

@test "--stack: hundreds of processes need no more files than a few" {
	becomes many work
	run -0 prlimit -n200 usdt trace --stack -F json -o events \
		-c "sh -c 'for i in \$(seq 300); do ./many 0; done'" "$PWD/many:hit"
	[ "$(jq -r '.stack[0].symbol' events | grep -cx work)" = 300 ]
}

@test "--stack: the files that the process has, not ours of the same name" {
	need_namespaces
	becomes program ours
	becomes theirs theirs
	usdt trace --stack -F json -o events "$PWD/theirs:hit" \
		-c "unshare -m sh -c 'mount --bind theirs program; exec ./program 300'" 2>talk
	[ "$(jq -r '.stack[0].symbol' events)" = theirs ]
	becomes gone gone
	usdt trace --stack -F json -o events \
		-c "sh -c 'exec 9<gone; rm gone; exec /proc/self/fd/9 300'" "$PWD/gone:hit" 2>talk
	[ "$(jq -r '.stack[0].symbol' events)" = gone ]
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
