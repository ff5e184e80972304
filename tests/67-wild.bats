#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab wild: what it starts and leaves, that what is asked is the same each round, and
# machines on which some of it is not installed.

load helpers

LAB_PROGRAMS='python3 java postgres'

# children PID - "NAME EXE UID" of each, by /proc
children() {
	local pid
	for pid in $(pgrep -P "$1"); do
		alive "$pid" || continue # the shell that wrote the seed
		echo "$(cat "/proc/$pid/comm") $(readlink "/proc/$pid/exe") $(stat -c %u "/proc/$pid")"
	done
}

# folders - of databases; HERE keeps those of others out
folders() { find "$HERE" -maxdepth 1 -name 'bpfhol-wild.*'; }

# make_here - a folder for temporary files that nobody can write to, too
make_here() {
	HERE=$BATS_TEST_TMPDIR/tmp
	mkdir -p "$HERE"
	chmod 1777 "$HERE"
	chmod go+x "$BATS_TEST_TMPDIR" "${BATS_TEST_TMPDIR%/*}" "$BATS_RUN_TMPDIR"
}

start_wild() {
	make_here
	TMPDIR=$HERE start_target wild
}

a_folder() { [ -n "$(folders)" ]; }
no_folders() { [ -z "$(folders)" ]; }

need_all() {
	need_cmd jq pgrep
	local name
	for name in $LAB_PROGRAMS; do
		usdt doctor -j | jq -es --arg name "$name" 'any(.[]; .check == $name and .ok)' \
			>/dev/null || cannot "needs a $name with probes"
	done
}

@test "it starts what usdt doctor finds, tells of each, and root becomes nobody" {
	need_root
	need_all
	cd "$BATS_TEST_TMPDIR"
	start_wild
	children "$TARGET_PID" >started
	assert_equal "$(wc -l <started)" 3
	assert_equal "$(awk '{print $3}' started | sort -u)" "$(id -u nobody)"
	grep -q "^python3[^ ]* $(readlink -f /usr/bin/python3) " started
	grep -q '^java /' started
	grep -q '^postgres /' started
	for name in $LAB_PROGRAMS; do
		grep -qx "wild: $name is process $(pgrep -P "$TARGET_PID" "$name")" \
			"$BATS_TEST_TMPDIR/wild.log"
	done
}

@test "the folder it is started in may be gone" {
	need_all
	make_here
	mkdir "$BATS_TEST_TMPDIR/gone"
	cd "$BATS_TEST_TMPDIR/gone"
	rmdir "$PWD"
	TMPDIR=$HERE start_target wild
	assert_equal "$(children "$TARGET_PID" | wc -l)" 3
	run ! grep -e 'could not' -e 'has ended' "$BATS_TEST_TMPDIR/wild.log"
}

@test "no folder can be made: it says why, and does without the database" {
	need_root
	need_namespaces
	need_all
	# By another name, as the kit may be below /tmp.
	run unshare -m bash -c 'mount --bind "$0" /mnt
		mount -t tmpfs -o ro none /tmp; mount -t tmpfs -o ro none /var/tmp
		unset TMPDIR; cd /; timeout 5 /mnt/bin/wild <<<"" 2>&1' "${BIN%/bin}"
	assert_line "wild: no folder for postgres' database: Read-only file system"
	assert_line --partial 'wild: running as PID'
}

@test "where programs are looked for: the same places for usdt doctor and for wild" {
	local file places
	for file in tracer/commands/real_program.c targets/lib/wild_programs.c; do
		places=$(grep -oE '"/usr/[^"]*"|"\.\./lib[^"]*"' "$KIT/$file" | sort)
		[ -n "$places" ]
		assert_equal "$places" "${before:-$places}"
		before=$places
	done
}

@test "however it ends, its children end, and no folder is left" {
	need_all
	local signal pids
	for signal in TERM KILL; do
		start_wild
		pids=$(pgrep -P "$TARGET_PID")
		[ -n "$(folders)" ]
		kill "-$signal" "$TARGET_PID"
		if [ $signal = TERM ]; then # asked to, it ends when all is tidy
			wait_for 20 gone "$TARGET_PID"
			no_folders
		fi
		for pid in $pids; do
			wait_for 10 gone "$pid"
		done
		wait_for 20 no_folders
	done
}

@test "ended while it makes the database, it leaves no folder either" {
	need_all
	make_here
	TMPDIR=$HERE "$BIN/wild" <<<1 >/dev/null 2>&1 3>&- &
	ends_with_test $!
	wait_for 10 a_folder
	kill -KILL $!
	wait_for 20 no_folders
}

# watch NAME FIRST PROGRAM - by bpftrace, for 24 seconds: into NAME, a line a round, which
# begins with FIRST, with what the program prints in it. It asks for $1, the process:
# whatever -p says, bpftrace 0.17 has a uprobe in all processes, those of others, too.
watch() {
	timeout 60 bpftrace -p "$(cat "$1.pid")" -e "$3 interval:s:24 { exit(); }" \
		"$(cat "$1.pid")" >"$1.out" 2>"$1.talk"
	awk -v first="$2" '$0 == first {if (rounds++) print line; line = ""} {line = line " " $0}' \
		"$1.out" >"$1"
}

@test "some twenty rounds are all alike" {
	need_root
	need_bpf
	need_all
	need_cmd bpftrace
	cd "$BATS_TEST_TMPDIR"
	start_wild
	local name library pids=()
	library=$(ldconfig -p | awk '/libstdc\+\+\.so\.6.*x86-64/ {print $NF; exit}')
	echo "$TARGET_PID" >wild.pid
	for name in $LAB_PROGRAMS; do
		pgrep -P "$TARGET_PID" "$name" >"$name.pid"
	done
	watch wild round "usdt:*:wild:round /pid == \$1/ { printf(\"round\n\"); }
		uprobe:\"$library\":__cxa_begin_catch /pid == \$1/ { printf(\"catch\n\"); }" 3>&- &
	pids+=($!)
	watch python3 ntpath 'usdt:*:python:import__find__load__start /pid == $1/
		{ printf("%s\n", str(arg0)); }' 3>&- &
	pids+=($!)
	watch java PrintThreads 'usdt:*:hotspot:vmops__begin /pid == $1/ { printf("%s\n", str(arg0)); }
		usdt:*:hotspot:mem__pool__gc__begin /pid == $1/ { printf("%s\n", str(arg2)); }' 3>&- &
	pids+=($!)
	watch postgres query 'usdt:*:postgresql:query__start /pid == $1/ { printf("query\n"); }
		usdt:*:postgresql:buffer__read__start /pid == $1/ { printf("%d\n", arg4); }' 3>&- &
	pids+=($!)
	wait "${pids[@]}"
	for name in wild $LAB_PROGRAMS; do
		[ "$(wc -l <"$name")" -ge 15 ] || fail "$name: $(cat "$name.talk")"
		[ "$(sort -u "$name" | wc -l)" = 1 ] || fail "$name: $(sort "$name" | uniq -c)"
		[ "$(head -n 1 "$name" | wc -w)" -ge 3 ]
	done
}

@test "a child that has ended: unchecked, and what to do; the others are judged" {
	need_root
	need_bpf
	need_all
	start_wild
	kill -KILL "$(pgrep -P "$TARGET_PID" python3)"
	wait_for 10 grep -q 'python3 has ended' "$BATS_TEST_TMPDIR/wild.log"
	run -77 grade < <(printf '{"lab":"wild","question":"%s","answer":"%s","pid":%s}\n' \
		modules '13 nt' "$TARGET_PID")
	assert_output --partial "no process of wild (PID $TARGET_PID) has the probe python:import__find__load__start now"
	assert_output --partial 'status, which shows what wild has started'
	run -1 grade < <(printf '{"lab":"wild","question":"%s","answer":"%s","pid":%s}\n' \
		blocks '1 1663' "$TARGET_PID")
	assert_output --partial 'a tablespace'
}

# alone COMMAND - where no java and no PostgreSQL are installed, and python3 has no probes
alone() {
	unshare -m bash -c 'for folder in /usr/lib/jvm /usr/lib/postgresql; do
			[ ! -e $folder ] || mount -t tmpfs none $folder
		done
		python=$(readlink -f /usr/bin/python3 || true)
		[ ! -e "$python" ] || mount --bind /bin/sh "$python"
		'"$1"
}

@test "with nothing but the C++ library the lab can be finished" {
	need_root
	need_bpf
	need_cmd jq
	need_namespaces
	run -0 alone '
		bpfhol start wild >/dev/null
		for i in $(seq 300); do bpfhol status | grep -q "heartbeat [0-9]" && break; sleep 0.1; done
		bpfhol status
		for question in modules jvm quit blocks; do bpfhol answer wild.$question 1 1; done
		counts=$(usdt trace -d 4 -p $(bpfhol pid wild) "*" 2>/dev/null | awk "
			/:round/ { if (r++ == 1) print t, r2, c; t = r2 = c = 0 }
			/:throw/ { t++ } /:rethrow/ { r2++ } /:catch/ { c++ }")
		bpfhol answer wild.exceptions $counts
		bpfhol check wild
		bpfhol stop >/dev/null'
	assert_line --partial 'no java with probes is installed; try: sudo apt install default-jre-headless'
	assert_line --partial 'no python3 with probes is installed; try: sudo apt install python3'
	said=$(tr -s ' \n' ' ' <<<"$output")
	assert_regex "$said" 'wild.modules: unchecked not here: [^.]*/usr/bin/python3[^ ]* was built without them'
	assert_regex "$said" 'wild.blocks: unchecked not here: [^.]* there is none at [^.]*. What helps: sudo apt install postgresql. The lab can be finished without it.'
	assert_line 'wild.exceptions: pass'
	assert_line '1 pass, 0 wrong, 0 unchecked, 0 open, 4 not here'
}
