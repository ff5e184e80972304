#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What bpfhol remembers, what it runs in the background, and as whom.

load helpers

teardown() {
	umount "$BPFHOL_HOME" 2>/dev/null || true # of the test with a full disk
	drop_user bpfhol-t1
	drop_user bpfhol-t2
	drop_public_bin
	kit_teardown
}

field() {
	jq -r "$1" "$BPFHOL_HOME/state.json"
}

# Start passwd; sets PID and KEEPER.
start_passwd() {
	bpfhol start passwd >/dev/null
	PID=$(field '.targets["usdt-passwd"].pid')
	KEEPER=$(field '.targets["usdt-passwd"].keeper')
	alive "$PID"
	alive "$KEEPER"
	ends_with_test "$KEEPER" "$PID"
}

readable() {
	bpfhol list >/dev/null && jq -e '.version == 1' "$BPFHOL_HOME/state.json" >/dev/null
}

@test "where the state is: BPFHOL_HOME, XDG_STATE_HOME, the home" {
	bpfhol hint passwd.user
	[ -f "$BPFHOL_HOME/state.json" ]
	env -u BPFHOL_HOME XDG_STATE_HOME="$BATS_TEST_TMPDIR/x" "$BIN/bpfhol" hint passwd.user
	[ -f "$BATS_TEST_TMPDIR/x/bpfhol/state.json" ]
	env -u BPFHOL_HOME HOME="$BATS_TEST_TMPDIR/h" "$BIN/bpfhol" hint passwd.user
	[ -f "$BATS_TEST_TMPDIR/h/.local/state/bpfhol/state.json" ]
	[ "$(stat -c %a "$BPFHOL_HOME")" = 700 ]
	[ "$(stat -c %a "$BPFHOL_HOME/state.json")" = 600 ]
}

@test "the seed: drawn once, kept, another for another learner" {
	bpfhol hint passwd.user
	seed=$(field .seed)
	[[ $seed =~ ^[0-9]+$ ]]
	start_passwd
	bpfhol stop
	bpfhol answer passwd.nargs 2
	[ "$(field .seed)" = "$seed" ]
	BPFHOL_HOME=$BATS_TEST_TMPDIR/other bpfhol hint passwd.user
	[ "$(jq -r .seed "$BATS_TEST_TMPDIR/other/state.json")" != "$seed" ]
}

# refused REASON - every kind of command refuses the state and leaves it as it is.
refused() {
	cp "$BPFHOL_HOME/state.json" "$BATS_TEST_TMPDIR/before"
	for cmd in "list" "status" "start passwd" "stop" "answer passwd.nargs 2" \
		"hint passwd.user" "reveal passwd.user" "check" "reset -y" "build passwd"; do
		# shellcheck disable=SC2086
		run bpfhol $cmd
		assert_failure 77
		assert_output --partial "$BPFHOL_HOME/state.json"
		assert_output --partial "$1"
		assert_output --partial "try:"
		cmp "$BPFHOL_HOME/state.json" "$BATS_TEST_TMPDIR/before"
	done
}

@test "a state of an unknown version is refused, never erased" {
	bpfhol hint passwd.user
	sed -i 's/"version": 1/"version": 7/' "$BPFHOL_HOME/state.json"
	refused "version 7"
}

@test "a corrupt state is refused, never erased" {
	bpfhol hint passwd.user
	whole=$(cat "$BPFHOL_HOME/state.json")
	printf '%s' "${whole:0:60}" >"$BPFHOL_HOME/state.json"
	refused "line"
	: >"$BPFHOL_HOME/state.json"
	refused "line 1"
	echo '[]' >"$BPFHOL_HOME/state.json"
	refused "version"
	head -c 1000 /dev/urandom >"$BPFHOL_HOME/state.json"
	refused "cannot use"
}

@test "a state that is a folder or a pipe, or whose path is no text: said, status 77" {
	mkdir -p "$BPFHOL_HOME/state.json"
	run bpfhol hint passwd.user
	assert_failure 77
	assert_output --partial 'is no file but a folder, a pipe or the like'
	rmdir "$BPFHOL_HOME/state.json"
	mkfifo "$BPFHOL_HOME/state.json"
	run timeout 10 "$BIN/bpfhol" answer passwd.nargs 2
	assert_failure 77
	assert_output --partial 'is no file but a folder, a pipe or the like'
	mkdir -p "$BATS_TEST_TMPDIR/h"$'\xff'
	BPFHOL_HOME=$BATS_TEST_TMPDIR/h$'\xff' run bpfhol answer passwd.nargs 2
	assert_failure 77
	assert_output --partial 'is no text (UTF-8)'
	assert_output --partial 'BPFHOL_HOME'
}

@test "a state with values that cannot be is refused" {
	bpfhol hint passwd.user
	cp "$BPFHOL_HOME/state.json" "$BATS_TEST_TMPDIR/good"
	for edit in 's/"seed": "[0-9]*"/"seed": "-1"/' 's/"seed": "[0-9]*"/"seed": 5/' \
		's/"status": "open"/"status": "solved"/' 's/"hints": 1/"hints": "many"/' \
		's/"questions"/"question"/' 's/"hints": 1/"hints": -1/' \
		's/"builds": {}/"builds": {"passwd": 3}/'; do
		sed "$edit" "$BATS_TEST_TMPDIR/good" >"$BPFHOL_HOME/state.json"
		! cmp -s "$BATS_TEST_TMPDIR/good" "$BPFHOL_HOME/state.json" || fail "$edit: no change"
		run bpfhol hint passwd.user
		assert_failure 77
	done
	cp "$BATS_TEST_TMPDIR/good" "$BPFHOL_HOME/state.json"
	bpfhol hint passwd.user
}

@test "a full disk or a folder that cannot be written loses nothing" {
	need_root
	mkdir -p "$BPFHOL_HOME"
	mount -t tmpfs -o size=16k tmpfs "$BPFHOL_HOME" || cannot "cannot mount a small tmpfs"
	bpfhol hint passwd.user
	head -c 16384 /dev/zero >"$BPFHOL_HOME/fill" 2>/dev/null || true
	cp "$BPFHOL_HOME/state.json" "$BATS_TEST_TMPDIR/before"
	run bpfhol hint passwd.user
	full=$status
	cmp "$BPFHOL_HOME/state.json" "$BATS_TEST_TMPDIR/before"
	rm "$BPFHOL_HOME/fill"
	run bpfhol hint passwd.user
	umount "$BPFHOL_HOME"
	[ "$full" = 77 ]
	assert_success
}

@test "a kill at any moment of writing leaves the old state or the new one" {
	bpfhol hint passwd.user
	for i in $(seq 40); do
		bpfhol answer passwd.probe "x$i" >/dev/null 2>&1 &
		victim=$!
		# Some milliseconds, other ones each time.
		perl -e "select(undef, undef, undef, $i * 0.0006)"
		kill -KILL "$victim" 2>/dev/null || true
		wait "$victim" 2>/dev/null || true
		readable || fail "after kill $i"
		sed -i 's/"last_wrong": [0-9]*/"last_wrong": 1/' "$BPFHOL_HOME/state.json"
	done
}

@test "18 hints at once: none is lost" {
	for q in probe nargs user home second-probe two-locations; do
		for _ in 1 2 3; do
			bpfhol hint "passwd.$q" >/dev/null &
		done
	done
	wait
	[ "$(field '[.questions[].hints] | add')" = 18 ]
}

@test "20 answers at once: five are judged, the others must wait" {
	for i in $(seq 20); do
		bpfhol answer -j passwd.nargs "7$i" >"$BATS_TEST_TMPDIR/answer.$i" &
	done
	wait
	[ "$(cat "$BATS_TEST_TMPDIR"/answer.* | jq -r .verdict | sort | uniq -c | xargs)" = \
		"15 unchecked 5 wrong" ]
	[ "$(field '.questions["passwd.nargs"].wrong')" = 5 ]
}

@test "20 starts at once: one target" {
	for _ in $(seq 20); do
		bpfhol start passwd -j >>"$BATS_TEST_TMPDIR/started" &
	done
	wait
	[ "$(jq -s 'map(.pid) | unique | length' "$BATS_TEST_TMPDIR/started")" = 1 ]
	[ "$(jq -s 'map(select(.already == false)) | length' "$BATS_TEST_TMPDIR/started")" = 1 ]
}

@test "the target is in a session of its own, without our descriptors or the seed" {
	start_passwd
	seed=$(field .seed)
	[ "$(ps -o sid= -p "$PID" | tr -d ' ')" != "$(ps -o sid= -p $$ | tr -d ' ')" ]
	run bash -c "ls -l /proc/$PID/fd"
	refute_output --partial state.json
	refute_output --partial "$BPFHOL_HOME/lock"
	for what in cmdline environ; do
		tr '\0' '\n' <"/proc/$PID/$what" | grep -F "$seed" && fail "the seed is in $what"
	done
	[ "$(tr '\0' ' ' <"/proc/$PID/cmdline")" = "$BIN/usdt-passwd " ]
}

@test "kill -9 of the keeper ends the target" {
	start_passwd
	kill -KILL "$KEEPER"
	wait_for 5 gone "$PID"
	readable
	run bpfhol status
	assert_failure 1
	assert_output --partial "usdt-passwd: gone"
	assert_output --partial "bpfhol start passwd"
}

@test "kill -9 of the target ends the keeper, and the log says how it ended" {
	start_passwd
	kill -KILL "$PID"
	wait_for 5 gone "$KEEPER"
	readable
	grep -q "ended by signal 9" "$BPFHOL_HOME/run/usdt-passwd.log"
	run bpfhol status
	assert_output --partial "usdt-passwd: gone"
	start_passwd # and it can be had back
}

@test "kill -9 of start at any moment: no target without a record" {
	for i in $(seq 30); do
		bpfhol start passwd >/dev/null 2>&1 &
		victim=$!
		perl -e "select(undef, undef, undef, $i * 0.0005)"
		kill -KILL "$victim" 2>/dev/null || true
		wait "$victim" 2>/dev/null || true
		[ ! -e "$BPFHOL_HOME/state.json" ] || readable
		bpfhol stop >/dev/null
	done
	# A target has our $BPFHOL_HOME in its environment.
	none_left() {
		local pid
		for pid in $(pgrep -x usdt-passwd); do
			! tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" |
				grep -qxF "BPFHOL_HOME=$BPFHOL_HOME" || return 1
		done
	}
	wait_for 5 none_left
}

@test "the target ends when its record goes, and when the folder goes" {
	start_passwd
	jq '.targets = {}' "$BPFHOL_HOME/state.json" >"$BPFHOL_HOME/new"
	mv "$BPFHOL_HOME/new" "$BPFHOL_HOME/state.json"
	wait_for 5 gone "$PID"
	gone "$KEEPER" || wait_for 5 gone "$KEEPER"
	start_passwd
	rm -rf "$BPFHOL_HOME"
	wait_for 5 gone "$PID"
}

@test "a program may leave no core, neither in a file (0 would do) nor in a pipe (only 1 does)" {
	need_cmd prlimit
	start_passwd
	assert_equal "$(prlimit --core --noheadings --raw --output SOFT,HARD -p "$PID")" "1 1"
}

@test "a state that cannot be read does not end the target" {
	start_passwd
	cp "$BPFHOL_HOME/state.json" "$BATS_TEST_TMPDIR/good"
	echo nonsense >"$BPFHOL_HOME/state.json"
	beats=$(cat "$BPFHOL_HOME/run/usdt-passwd.heartbeat")
	# It beats on for some looks of the keeper at the state.
	for _ in 1 2 3; do
		wait_for 5 -p "$PID" sh -c "! grep -qxF '$beats' '$BPFHOL_HOME/run/usdt-passwd.heartbeat'"
		beats=$(cat "$BPFHOL_HOME/run/usdt-passwd.heartbeat")
	done
	alive "$PID"
	cp "$BATS_TEST_TMPDIR/good" "$BPFHOL_HOME/state.json"
}

@test "another process with the target's pid is not taken for it" {
	start_passwd
	tail -f /dev/null &
	other=$!
	ends_with_test "$other"
	jq ".targets[\"usdt-passwd\"].pid = $other" "$BPFHOL_HOME/state.json" >"$BPFHOL_HOME/new"
	mv "$BPFHOL_HOME/new" "$BPFHOL_HOME/state.json"
	run bpfhol status
	assert_output --partial "usdt-passwd: gone"
	bpfhol stop
	alive "$other"
}

@test "after a reboot the target is gone, and answer says which start brings it back" {
	start_passwd
	sed -i 's/"boot": "[^"]*"/"boot": "00000000-0000-0000-0000-000000000000"/' \
		"$BPFHOL_HOME/state.json"
	run bpfhol status
	assert_failure 1
	assert_output --partial "gone"
	assert_output --partial "bpfhol start passwd"
	run bpfhol answer passwd.user alice
	assert_failure 77
	assert_output --partial "try: bpfhol start passwd"
}

@test "a target that ignores SIGTERM, being stopped, is ended all the same" {
	start_passwd
	kill -STOP "$PID"
	run bpfhol stop
	assert_success
	gone "$PID"
}

@test "answers never stand in an argument vector" {
	need_root
	need_cmd strace
	start_passwd
	strace -f -qq -s 400 -e trace=execve -o "$BATS_TEST_TMPDIR/trace" \
		"$BIN/bpfhol" answer passwd.user - <<<secretanswer || true
	grep -q '/grade"' "$BATS_TEST_TMPDIR/trace"
	run grep secretanswer "$BATS_TEST_TMPDIR/trace"
	assert_failure
}

# As whom. bin/ is where the accounts can read it.

as_t1() {
	as_user bpfhol-t1 env PATH="$public:/usr/sbin:/usr/bin:/sbin:/bin" "$@"
}

@test "an ordinary user with sudo: live questions are judged, the state is theirs" {
	need_bpf
	public=$(public_bin)
	make_user bpfhol-t1 sudo
	as_t1 bpfhol start passwd
	pid=$(as_t1 bpfhol status -j | jq .pid)
	[ "$(stat -c %U "/proc/$pid")" = bpfhol-t1 ]
	name=$(usdt trace -n 1 -d 5 -F json -p "$pid" '*' 2>/dev/null | jq -r '.args[0]')
	run as_t1 bpfhol answer passwd.user "not$name"
	assert_failure 1
	run as_t1 bpfhol answer passwd.user "$name"
	assert_success
	run as_t1 bpfhol doctor --lab passwd
	assert_success
	run find /home/bpfhol-t1 ! -user bpfhol-t1
	assert_output ""
	as_t1 bpfhol stop
	gone "$pid"
}

@test "an ordinary user with sudo: the edited source is judged" {
	need_bpf
	public=$(public_bin)
	make_user bpfhol-t1 sudo
	as_t1 bpfhol edit passwd
	install -o bpfhol-t1 -m 644 "$KIT/labs/02-passwd/solution/second-probe.c" \
		/home/bpfhol-t1/.local/state/bpfhol/work/passwd/usdt-passwd.c
	as_t1 bpfhol build passwd
	run as_t1 bpfhol answer passwd.second-probe
	assert_success
	run find /home/bpfhol-t1 ! -user bpfhol-t1
	assert_output ""
}

@test "a user without sudo: static questions are judged, live ones unchecked, and why" {
	need_cmd sudo
	public=$(public_bin)
	make_user bpfhol-t1
	run as_t1 bpfhol answer passwd.nargs 2
	assert_success
	as_t1 bpfhol start passwd
	run as_t1 bpfhol answer passwd.user alice
	assert_failure 77
	assert_output --partial "sudo said:"
	run as_t1 bpfhol check
	assert_failure 77
	run as_t1 bpfhol doctor --lab passwd
	assert_failure 77
	assert_line --regexp '^yes +passwd\.nargs '
	assert_line --regexp '^NO +passwd\.user: '
	as_t1 bpfhol stop
}

@test "a machine without sudo: the same, and it says that sudo is not there" {
	make_user bpfhol-t1
	public=$(public_bin)
	mkdir -p "$BATS_TEST_TMPDIR/path"
	run as_user bpfhol-t1 env PATH=/nonexistent "$public/bpfhol" answer passwd.nargs 2
	assert_success
	as_user bpfhol-t1 "$public/bpfhol" start passwd
	run as_user bpfhol-t1 env PATH=/nonexistent "$public/bpfhol" answer passwd.user alice
	assert_failure 77
	assert_output --partial "sudo cannot be run"
	as_user bpfhol-t1 "$public/bpfhol" stop
}

@test "under sudo everything is the invoking user's: state, files, target" {
	need_bpf
	public=$(public_bin)
	make_user bpfhol-t1 sudo
	as_t1 sudo -n "$public/bpfhol" start passwd
	[ -f /home/bpfhol-t1/.local/state/bpfhol/state.json ]
	pid=$(as_t1 bpfhol status -j | jq .pid) # the same state without sudo
	run grep -E '^(Uid|Gid|CapPrm|CapEff):' "/proc/$pid/status"
	uid=$(id -u bpfhol-t1)
	assert_line --regexp "^Uid:.$uid.$uid.$uid.$uid$"
	assert_line --regexp "^CapPrm:.0+$"
	keeper=$(ps -o ppid= -p "$pid" | tr -d ' ')
	grep -Eq "^Uid:.$uid.$uid.$uid.$uid$" "/proc/$keeper/status"
	name=$(usdt trace -n 1 -d 5 -F json -p "$pid" '*' 2>/dev/null | jq -r '.args[0]')
	run as_t1 sudo -n "$public/bpfhol" answer passwd.user "$name"
	assert_success
	as_t1 sudo -n "$public/bpfhol" build passwd
	run find /home/bpfhol-t1 ! -user bpfhol-t1
	assert_output ""
	run --separate-stderr as_t1 sudo -n SHELL=/bin/sh "$public/bpfhol" shell \
		<<<'id -u; id -ru; cat /etc/shadow'
	assert_line --index 0 "$uid"
	assert_line --index 1 "$uid"
	[[ $stderr == *"Permission denied"* ]]
	as_t1 sudo -n "$public/bpfhol" stop
	gone "$pid"
}

@test "two learners on one machine: states and targets apart" {
	public=$(public_bin)
	make_user bpfhol-t1
	make_user bpfhol-t2
	as_t1 bpfhol start passwd
	as_user bpfhol-t2 "$public/bpfhol" start passwd
	one=$(as_t1 bpfhol status -j | jq .pid)
	two=$(as_user bpfhol-t2 "$public/bpfhol" status -j | jq .pid)
	[ "$one" != "$two" ]
	as_t1 bpfhol stop
	gone "$one"
	alive "$two"
	run as_t1 ls /home/bpfhol-t2/.local/state/bpfhol
	assert_failure
	as_user bpfhol-t2 "$public/bpfhol" stop
	gone "$two"
}
