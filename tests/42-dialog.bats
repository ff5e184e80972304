#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The dialog menu, driven through tmux on a screen of 80x24.

load helpers

setup() {
	kit_setup
	need_cmd tmux dialog
	SOCKET=bpfhol-$$-$BATS_TEST_NUMBER
	# Marks the processes of this test, whoever they belong to by then.
	export EDITOR=true
	unset VISUAL PAGER
}

teardown() {
	tmux -L "$SOCKET" kill-server 2>/dev/null || true
	drop_user bpfhol-t3
	drop_public_bin
	kit_teardown
}

# open_menu [COMMAND...] - the menu (or COMMAND) in a new terminal; its end shows as
# "ended: STATUS".
open_menu() {
	local command
	[ $# -gt 0 ] || set -- "$BIN/bpfhol"
	printf -v command '%q ' "$@"
	env -u TMUX tmux -u -L "$SOCKET" -f /dev/null new-session -d -s menu -c / \
		-x "${COLUMNS_WANTED:-80}" -y "${LINES_WANTED:-24}" \
		"trap : INT; $command; echo ended: \$?; exec tail -f /dev/null" 3>&-
}

screen() {
	tmux -L "$SOCKET" capture-pane -p -J -t menu
}

shows() {
	screen | grep -qF -- "$1"
}

# see TEXT... - wait until the screen shows all of them.
see() {
	local text
	for text; do
		wait_for 10 shows "$text" || {
			echo "never seen: $text"
			screen
			return 1
		}
	done
}

keys() {
	tmux -L "$SOCKET" send-keys -t menu "$@"
}

type_text() {
	tmux -L "$SOCKET" send-keys -t menu -l -- "$1"
}

# entries - the first words of the list on the screen, as much of it as is shown
entries() {
	screen | grep -F '│ │' | sed 's/^[^│]*│ │ *//' | awk '{print $1}'
}

listed() { entries | grep -qxF -- "$1"; }
there() { listed "$1" || shows '(+)' || shows '(-)'; }
at_top() { ! shows '(-)'; }
at_end() { ! shows '(+)'; }

# pick TAG - open the entry of the list on the screen that begins with TAG; what of it the
# screen has no room for is below.
pick() {
	local row key=Down
	wait_for 10 there "$1" || fail "no entry $1 in: $(screen)"
	keys Home
	wait_for 5 at_top
	if listed "$1"; then
		row=$(entries | awk -v tag="$1" '$1 == tag {print NR - 1; exit}')
	else
		keys End
		wait_for 5 at_end
		listed "$1" || fail "no entry $1 in: $(screen)"
		key=Up
		row=$(entries | awk -v tag="$1" '$1 == tag {at = NR} END {print NR - at}')
	fi
	while [ "$row" -gt 0 ]; do
		keys $key
		row=$((row - 1))
	done
	keys Enter
}

open_lab() {
	see "Open one and"
	pick passwd
	see "A program that keeps looking a user up" passwd.two-locations
}

# The buttons of a question, from the input field: Answer is Enter itself.
press_hint() { keys Tab Tab Enter; }
press_reveal() { keys Tab Tab Tab Tab Enter; }

state() {
	jq -r "$1" "$BPFHOL_HOME/state.json"
}

running() {
	PID=$(state '.targets["usdt-passwd"].pid')
	alive "$PID"
	ends_with_test "$PID"
}

@test "the first screen: labs with progress, the set, and what else there is" {
	open_menu
	see "(0 of 6 passed)" "< Open >"
	[ "$(screen | wc -L)" -le 80 ]
	# As long as the list has become, its end may be below.
	keys End
	see "Start the programs of passwd" status handbook doctor stop quit
	pick quit
	see "ended: 0"
}

@test "a screen with room for it shows the whole list" {
	LINES_WANTED=40 open_menu
	see "Open one and" discovery "Start the programs of passwd" status handbook doctor \
		stop quit "< Open >"
	run ! shows '(+)'
	pick stop
	see "Nothing is running."
}

@test "read a chapter, from the lab and from the handbook" {
	open_menu
	open_lab
	pick read
	title=$(sed -n '/^# /{s///p;q}' "$KIT/handbook/passwd.md")
	see "${title:0:40}" "Back"
	keys Enter
	open_lab_again() { see passwd.two-locations; }
	open_lab_again
	keys Escape
	pick handbook
	see "Which chapter?"
	pick passwd
	see "${title:0:40}"
}

@test "start, wrong, hint, right, reveal, status, stop, quit" {
	need_bpf
	open_menu
	open_lab
	see "usdt-passwd: not started"
	pick start
	see "usdt-passwd runs now in the background" "usdt list -p" "usdt trace"
	running
	shows "-p $PID"
	run ! shows passwdfound
	keys Enter
	see "usdt-passwd: running, process $PID"
	event=$(usdt trace -n 1 -d 5 -F json -p "$PID" '*' 2>/dev/null)
	name=$(jq -r '.args[0]' <<<"$event")
	home=$(jq -r '.args[1]' <<<"$event")

	pick passwd.user
	see "What is that user's name?" "(Open; hints: 0 of 3)"
	type_text "$home"
	keys Enter
	see "Wrong" "You gave '$home'" "another argument"
	keys Enter
	see "(Wrong so far; wrong answers: 1; hints: 0 of 3)"
	press_hint
	see "Hint 1 of 3:"
	keys Enter
	see "hints: 1 of 3"
	type_text "$name"
	keys Enter
	see "Right" "passwd: 1 of 6 passed"
	keys Enter
	see passwd.two-locations
	screen | grep -q 'passwd.user  *passed'

	pick passwd.nargs
	see "How many arguments"
	press_reveal
	see "First a try" "before a try"
	keys Enter
	see "How many arguments"
	keys Enter
	see "Nothing typed"
	keys Enter
	see "How many arguments"
	type_text 7
	keys Enter
	see "Wrong"
	keys Enter
	see "wrong answers: 1"
	press_reveal
	see "will not count as passed" "Show it"
	keys Escape
	see "(Wrong so far; wrong answers: 1"
	press_reveal
	see "Show it"
	keys Enter
	see "How the answer is found" "$KIT/bin/usdt-passwd"
	keys Enter
	see "(Revealed; wrong answers: 1"
	keys Escape
	see passwd.two-locations
	screen | grep -q 'passwd.nargs  *revealed'
	keys Escape

	see "(1 of 6 passed)"
	pick status
	see "passwd: 1 of 6 passed, 1 revealed" "usdt-passwd: running as process $PID" "heartbeat"
	keys Enter
	see "Open one and"
	pick stop
	# "status" begins with the same letters; the tag is the whole word.
	see "usdt-passwd has ended."
	gone "$PID"
	keys Enter
	see "Open one and"
	pick quit
	see "ended: 0"
	[ "$(state '.questions["passwd.user"].status')" = passed ]
	[ "$(state '.questions["passwd.nargs"].status')" = revealed ]
}

@test "a question without its program is not wrong, and says what to do" {
	open_menu
	open_lab
	pick passwd.home
	see "What is the home directory"
	type_text /root
	keys Enter
	see "Could not be checked" 'try: `start`, in the lab'
	[ "$(state '.questions["passwd.home"].status')" = open ]
}

@test "a question that this machine lacks something for is not here, and the rest is all" {
	need_cmd jq
	copy=$BATS_TEST_TMPDIR/kit
	mkdir -p "$copy/labs"
	cp -a "$BIN" "$copy/bin"
	cp -rL "$KIT/targets" "$KIT/handbook" "$copy/"
	cp -rL "$KIT/labs/02-passwd" "$copy/labs/"
	sed -i '/^  - id: user$/,$d; s/^  - id: nargs$/&\n    needs: [no-such-program]/' \
		"$copy/labs/02-passwd/lab.yaml"
	rm "$copy/bin/usdt"
	printf '#!/bin/sh\necho %s\n' "'{\"check\":\"hit\",\"ok\":true,\"what\":\"\",\"cause\":\"\"}'" \
		>"$copy/bin/usdt"
	chmod +x "$copy/bin/usdt"
	open_menu "$copy/bin/bpfhol"
	pick passwd
	pick passwd.nargs
	see "How many arguments"
	type_text 2
	keys Enter
	see "Not here" "not here: it needs the program no-such-program"
	keys Enter
	see "(Not here; hints: 0 of 3)"
	keys Escape
	see "passwd: 0 of 2 passed, 1 not here"
	screen | grep -q 'passwd.nargs  *not here'
	pick passwd.probe
	see "Which probe"
	type_text passwdfound
	keys Enter
	see "Right" "passwd: 1 of 2 passed, 1 not here." "That was the last one of this lab"
}

@test "an answer that has to wait is kept" {
	for i in 1 2 3 4 5; do bpfhol answer passwd.probe "x$i" || true; done
	open_menu
	open_lab
	pick passwd.probe
	see "Which probe"
	type_text 'my "answer\x'
	keys Enter
	see "Please wait a moment" "Your answer is kept"
	keys Enter
	see 'my "answer\x'
	run grep -slza 'answer.[x]' /proc/[0-9]*/cmdline
	assert_output ""
	sed -i 's/"last_wrong": [0-9]*/"last_wrong": 1/' "$BPFHOL_HOME/state.json"
	keys Enter
	see "Wrong" 'my "answer\x'
}

@test "without a locale: chapters are readable, and other letters can be typed" {
	open_menu env -u LANG -u LC_ALL "$BIN/bpfhol"
	open_lab
	pick read
	see "the kit's own" "Space: on"
	run ! shows '~@'
	keys Enter
	see passwd.two-locations
	pick passwd.probe
	see "Which probe"
	type_text 'café'
	keys Enter
	see "You gave 'café'"
}

@test "windows show the whole text: start, the last hint" {
	open_menu
	open_lab
	pick start
	see "Type these in another terminal" '`commands`.'
	keys Enter
	bpfhol hint passwd.nargs
	bpfhol hint passwd.nargs
	see passwd.two-locations
	pick passwd.nargs
	see "How many arguments"
	press_hint
	see "Hint 3 of 3" "the button Reveal"
}

@test "edit, build and have it judged" {
	need_bpf
	cat >"$BATS_TEST_TMPDIR/editor" <<-END
		#!/bin/sh
		cp "$KIT/labs/02-passwd/solution/second-probe.c" "\$1"
	END
	chmod +x "$BATS_TEST_TMPDIR/editor"
	open_menu env EDITOR="$BATS_TEST_TMPDIR/editor" "$BIN/bpfhol"
	open_lab
	pick edit
	wait_for 5 grep -q passwdmiss "$BPFHOL_HOME/work/passwd/usdt-passwd.c"
	see passwd.two-locations
	pick build
	see "Built" "work/passwd/usdt-passwd" "Have it judged"
	keys Enter
	see passwd.two-locations
	pick passwd.second-probe
	see "Judge it"
	keys Enter
	see "Right"
	[ "$(state '.questions["passwd.second-probe"].status')" = passed ]
}

@test "a source that does not compile shows the compiler's words" {
	open_menu env EDITOR="sed -i \$aint" "$BIN/bpfhol"
	open_lab
	pick edit
	wait_for 5 grep -q '^int$' "$BPFHOL_HOME/work/passwd/usdt-passwd.c"
	see passwd.two-locations
	pick build
	see "It does not compile" "error:"
}

@test "an answer is in no process' arguments, not even while its verdict is shown" {
	open_menu
	open_lab
	pick passwd.probe
	see "Which probe"
	type_text secretanswer
	keys Enter
	see "You gave 'secretanswer'"
	# By a pattern that does not find the search itself.
	run grep -slza 'secretanswe[r]' /proc/[0-9]*/cmdline
	assert_output ""
}

@test "doctor in the menu" {
	need_bpf
	open_menu
	see "Open one and"
	pick doctor
	see "What works on this machine" "yes  this user may trace"
}

@test "usdt starts the set" {
	open_menu
	see "Open one and"
	pick usdt
	see "usdt-passwd runs now in the background"
	running
	keys Enter
	see "sumd runs now in the background"
}

@test "quit asks about what runs: back, then stop it" {
	open_menu
	see "Open one and"
	pick usdt
	see "usdt-passwd runs now"
	running
	keys Enter
	see "sumd runs now"
	keys Enter
	see "Open one and"
	pick quit
	see "Still running: usdt-passwd (process $PID), sumd (process" "They can go" \
		"Stop them" "Leave them running"
	keys Escape
	see "Open one and"
	alive "$PID"
	keys Escape
	see "Still running"
	keys Enter
	see "ended: 0"
	gone "$PID"
	[ "$(state '.targets | length')" = 0 ]
}

@test "quit can leave it running; a command stops it later" {
	open_menu
	see "Open one and"
	pick usdt
	see "usdt-passwd runs now"
	running
	keys Enter
	see "sumd runs now"
	keys Enter
	see "Open one and"
	pick quit
	see "Leave them running"
	keys Tab Enter
	see "ended: 0"
	# Longer than the keeper needs to notice anything: it beats on, twice.
	for _ in 1 2; do
		beat=$(cat "$BPFHOL_HOME/run/usdt-passwd.heartbeat")
		wait_for 5 -p "$PID" \
			sh -c "! grep -qxF '$beat' '$BPFHOL_HOME/run/usdt-passwd.heartbeat'"
	done
	alive "$PID"
	bpfhol stop
	gone "$PID"
}

@test "what a command started does not end with the menu" {
	bpfhol start passwd
	running
	open_menu
	open_lab
	see "running, process $PID"
	pick start
	see "runs already"
	keys Enter
	see passwd.two-locations
	keys Escape
	see "Open one and"
	pick quit
	see "ended: 0"
	alive "$PID"
}

menu_pid() {
	pgrep -P "$(tmux -L "$SOCKET" list-panes -F '#{pane_pid}')" -x bpfhol
}

@test "a lab with two programs: their names, and words for several" {
	open_menu
	see "Open one and"
	pick locations
	see "Run the programs in the background" "End the programs"
	pick commands
	see "concat:" "waker:" "concat does not run" "waker does not run"
	keys Enter
	pick start
	see "concat runs now"
	ends_with_test $(state '.targets[] | .keeper, .pid')
	keys Enter
	pick stop
	see "concat has ended." "waker has ended."
}

@test "a lab with several sources: advice names the entry of the right one" {
	open_menu
	see "Open one and"
	pick writing
	see writing.four-macros
	pick writing.four-macros
	see "<Judge it>"
	keys Enter
	see "try: \`edit parcels\`, in the lab's menu"
	run ! shows "menu parcels"
	keys Enter
	see "<Judge it>"
	keys Escape
	see "edit parcels"
}

@test "kill -9 of the menu ends its target and its screen" {
	open_menu
	see "Open one and"
	pick usdt
	see "runs now"
	running
	menu=$(menu_pid)
	drawing=$(pgrep -P "$menu" -x dialog)
	kill -KILL "$menu"
	wait_for 5 gone "$PID"
	wait_for 5 gone "$drawing"
	bpfhol list
	run bpfhol status
	assert_output --partial 'the menu it was started from lost its terminal'
}

@test "closing the terminal ends the target" {
	open_menu
	see "Open one and"
	pick usdt
	see "runs now"
	running
	tmux -L "$SOCKET" kill-server
	wait_for 5 gone "$PID"
	bpfhol list
}

@test "Ctrl-C on a screen is no end of the menu; a dialog that is killed goes back" {
	open_menu
	open_lab
	keys C-c
	see "Open one and"
	open_lab
	kill -KILL "$(pgrep -P "$(menu_pid)" -x dialog)"
	see "Open one and"
}

@test "a state that cannot be used: the menu says so and leaves it alone" {
	bpfhol hint passwd.user
	sed -i 's/"version": 1/"version": 9/' "$BPFHOL_HOME/state.json"
	cp "$BPFHOL_HOME/state.json" "$BATS_TEST_TMPDIR/before"
	open_menu
	see "version 9" "ended: 77"
	cmp "$BPFHOL_HOME/state.json" "$BATS_TEST_TMPDIR/before"
}

@test "a small terminal: it says so and lists the subcommands" {
	COLUMNS_WANTED=70 open_menu
	see "ended: 2"
	tmux -L "$SOCKET" capture-pane -p -J -S -50 -t menu | grep "smaller than 80 columns"
}

# The menu as an ordinary user whose sudo wants a password.
open_menu_as_user() {
	local public
	public=$(public_bin)
	make_user bpfhol-t3
	echo 'bpfhol-t3:correct-horse' | chpasswd
	echo 'bpfhol-t3 ALL=(ALL) ALL' >/etc/sudoers.d/bpfhol-t3
	chmod 440 /etc/sudoers.d/bpfhol-t3
	open_menu setpriv --reuid=bpfhol-t3 --regid=bpfhol-t3 --init-groups --reset-env \
		env PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=screen LC_ALL=C.UTF-8 "$public/bpfhol"
}

@test "an ordinary user is asked for a password once, and live answers are judged" {
	need_root
	need_bpf
	need_cmd sudo setpriv chpasswd
	open_menu_as_user
	see "only root" "assword"
	type_text correct-horse
	keys Enter
	open_lab
	pick start
	see "usdt-passwd runs now" "sudo "
	pid=$(jq '.targets["usdt-passwd"].pid' /home/bpfhol-t3/.local/state/bpfhol/state.json)
	[ "$(stat -c %U "/proc/$pid")" = bpfhol-t3 ]
	name=$(usdt trace -n 1 -d 5 -F json -p "$pid" '*' 2>/dev/null | jq -r '.args[0]')
	keys Enter
	see passwd.two-locations
	pick passwd.user
	see "What is that user's name?"
	type_text "$name"
	keys Enter
	see "Right"
}

@test "an ordinary user may decline: live answers are unchecked, the others judged" {
	need_root
	need_cmd sudo setpriv chpasswd
	open_menu_as_user
	see "[sudo" # not the words before it
	keys C-c
	see "Then without" "unchecked"
	keys Enter
	open_lab
	pick start
	see "usdt-passwd runs now"
	keys Enter
	see passwd.two-locations
	pick passwd.user
	see "What is that user's name?"
	type_text alice
	keys Enter
	see "Could not be checked" "sudo was declined"
	keys Enter
	see "What is that user's name?"
	keys Escape
	see passwd.two-locations
	pick passwd.nargs
	see "How many arguments"
	type_text 2
	keys Enter
	see "Right"
}
