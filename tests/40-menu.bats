#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The subcommands of bpfhol.

load helpers

# The running target's pid, as the state has it.
target_pid() {
	bpfhol status -j | sed -n 's/.*"pid":\([0-9]*\).*/\1/p'
}

# What the target fires, found out by the tracer; sets USER_NAME and USER_HOME.
trace_values() {
	local event
	event=$(usdt trace -n 1 -d 5 -F json -p "$(target_pid)" '*' 2>/dev/null)
	USER_NAME=$(sed -n 's/.*"args":\["\([^"]*\)".*/\1/p' <<<"$event")
	USER_HOME=$(sed -n 's/.*"args":\["[^"]*","\([^"]*\)".*/\1/p' <<<"$event")
	[ -n "$USER_NAME" ] && [ -n "$USER_HOME" ]
}

@test "--help goes to standard output and names every subcommand" {
	run --separate-stderr bpfhol --help
	assert_success
	assert [ -z "$stderr" ]
	for name in list start stop status pid read answer check edit build hint reveal reset \
		shell doctor; do
		assert_line --regexp "^  $name "
		run --separate-stderr bpfhol "$name" --help
		assert_success
		assert [ -z "$stderr" ]
		assert_line --index 0 --regexp "^Usage: bpfhol $name"
		[ "$(wc -L <<<"$output")" -le 80 ] || fail "$output"
		run --separate-stderr bpfhol --help
	done
	[ "$(wc -L <<<"$output")" -le 80 ] || fail "$output"
}

@test "every option that --help names is taken, and others are not" {
	for name in list start status answer check hint doctor; do
		bpfhol "$name" --help | grep -q -- '-j, --json' || fail "$name has no -j"
	done
	for name in list start stop status pid read answer check edit build hint reveal reset \
		shell doctor; do
		run --separate-stderr bpfhol "$name" --no-such-option
		assert_failure 2
		assert [ -z "$output" ]
		[[ $stderr == *"Try 'bpfhol $name --help'" ]] || fail "$stderr"
	done
}

@test "--version" {
	run bpfhol --version
	assert_success
	assert_output --regexp '^bpfhol [0-9]+\.[0-9]+'
	assert_equal "$(bpfhol -V)" "$output"
}

@test "bad usage: one line, where to look, status 2" {
	run bpfhol answer
	assert_failure 2
	assert_output "bpfhol: answer needs LAB.QUESTION VALUE...
Try 'bpfhol answer --help'"
	run bpfhol hint passwd.user more
	assert_failure 2
	run bpfhol doctor --lab
	assert_failure 2
	assert_output --partial "needs a value"
}

@test "an unknown command suggests the nearest one" {
	run bpfhol statsu
	assert_failure 2
	assert_output --partial "did you mean 'status'?"
}

@test "an unknown lab or question says which exist" {
	run bpfhol start paswd
	assert_failure 2
	assert_output --partial "there is no lab 'paswd'"
	assert_output --partial "try: passwd"
	run bpfhol answer passwd.usr alice
	assert_failure 2
	assert_output --partial "try: passwd.user"
	assert_output --partial "passwd.two-locations"
	run bpfhol answer passwd alice
	assert_failure 2
	run bpfhol hint ../passwd.user
	assert_failure 2
}

@test "list: the six questions of the first exercise, in text and JSON" {
	run bpfhol list
	assert_success
	for q in probe nargs user home second-probe two-locations; do
		assert_line --regexp "^  passwd\.$q +open$"
	done
	[ "$(bpfhol list -j passwd | jq -r '.questions[].question' | wc -l)" = 6 ]
	[ "$(bpfhol list -j passwd | jq -r .targets[0])" = usdt-passwd ]
	assert [ ! -e "$BPFHOL_HOME" ] # looking makes nothing
}

@test "list LAB shows what is asked and how the answer looks" {
	run bpfhol list passwd
	assert_success
	assert_output --partial "Which probe does the program usdt-passwd export?"
	assert_output --partial "Answer: one number"
	[ "$(wc -L <<<"$output")" -le 80 ]
}

@test "pid: the learner's own process and nothing else" {
	run --separate-stderr bpfhol pid passwd
	assert_failure 1
	assert_output ""
	[[ $stderr == *"bpfhol start passwd"* ]]
	# Somebody else's, which pgrep -n would find.
	bpfhol start passwd
	start_target usdt-passwd
	run bpfhol pid passwd
	assert_success
	assert_output "$(target_pid)"
	[ "$output" != "$TARGET_PID" ]
	run bpfhol pid passwd usdt-passwd
	assert_output "$(target_pid)"
	run bpfhol pid passwd nope
	assert_failure 2
	assert_output --partial 'the lab passwd has no program nope'
	run bpfhol pid nope
	assert_failure 2
}

@test "long lines: nothing is lost, and commands run as they are broken" {
	unit fold menu/fold.c menu/text.c
}

@test "figures, links and wide tables of a chapter, in words" {
	unit spell menu/spell.c menu/table.c menu/text.c
}

@test "start, status, stop: the target runs in the background and ends" {
	run bpfhol start passwd
	assert_success
	assert_output --partial "in the background as process"
	pid=$(target_pid)
	alive "$pid"
	[ "$(readlink "/proc/$pid/exe")" = "$BIN/usdt-passwd" ]
	wait_for 5 -p "$pid" sh -c "bpfhol status | grep -q 'heartbeat [1-9]'"
	run bpfhol status
	assert_success
	assert_output --partial "usdt-passwd: running as process $pid"
	run bpfhol stop
	assert_success
	assert_output "usdt-passwd has ended."
	gone "$pid"
	run bpfhol status
	assert_failure 1
	assert_output --partial "No program of a lab is running"
	run bpfhol stop
	assert_success
	assert_output "Nothing is running."
}

@test "the heartbeat goes on" {
	bpfhol start passwd
	pid=$(target_pid)
	beat() { bpfhol status -j | jq .heartbeat; }
	wait_for 5 -p "$pid" sh -c 'bpfhol status -j | jq -e ".heartbeat > 0"'
	first=$(beat)
	wait_for 5 -p "$pid" sh -c "bpfhol status -j | jq -e '.heartbeat > $first'"
	[ "$(bpfhol status -j | jq '.age < 3')" = true ]
}

@test "a second start says that it runs, and starts no second one" {
	bpfhol start passwd
	pid=$(target_pid)
	run bpfhol start passwd
	assert_success
	assert_output --partial "runs already in the background as process $pid"
	[ "$(bpfhol start passwd -j | jq .already)" = true ]
	keeper=$(ps -o ppid= -p "$pid" | tr -d ' ')
	assert_equal "$(pgrep -x usdt-passwd -P "$keeper")" "$pid"
}

@test "start usdt starts the set of labs that this kit has" {
	run bpfhol start usdt
	assert_success
	assert_output --partial "usdt-passwd runs in the background"
	run bpfhol stop usdt
	assert_output --partial "usdt-passwd has ended."
}

@test "the commands that start prints work as printed" {
	need_bpf
	bpfhol start passwd >"$BATS_TEST_TMPDIR/said"
	# Lines that begin with two blanks, joined where they end with a backslash.
	sed -n -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' -e 's/^  \([^ ].*\)/\1/p' \
		"$BATS_TEST_TMPDIR/said" >"$BATS_TEST_TMPDIR/commands"
	grep -q "/usdt list -p $(target_pid)$" "$BATS_TEST_TMPDIR/commands"
	grep -q "/usdt trace -p $(target_pid) " "$BATS_TEST_TMPDIR/commands"
	while read -r line; do
		case $line in
		*"usdt list"*) run bash -c "$line" ;;
		*"usdt trace"*) run bash -c "${line/ trace / trace -n 2 }" ;;
		*) continue ;;
		esac
		assert_success
		assert_output --partial passwdfound
	done <"$BATS_TEST_TMPDIR/commands"
}

@test "what start prints gives no answer away" {
	run bpfhol start passwd
	refute_output --partial passwdfound
	refute_output --partial usdt_samp1
}

@test "answer: static questions, wrong and right, in text and JSON" {
	run bpfhol answer passwd.probe usdt_samp1
	assert_failure 1
	assert_line --index 0 "passwd.probe: wrong"
	run bpfhol answer passwd.probe passwdfound
	assert_success
	assert_line --index 0 "passwd.probe: pass"
	assert_output --partial "The note in the ELF file" # the explanation
	run --separate-stderr bpfhol answer -j passwd.nargs 3
	assert_failure 1
	[ "$(jq -r '[.lab, .question, .verdict, .answer] | join(" ")' <<<"$output")" = \
		"passwd nargs wrong 3" ]
	jq -e '.feedback and (.evidence | type == "array")' <<<"$output"
	run bpfhol list
	assert_line --regexp '^  passwd\.probe +passed$'
	assert_line --regexp '^  passwd\.nargs +wrong$'
}

@test "answer: several words are one answer, a dash reads standard input" {
	run bpfhol answer -j passwd.probe usdt_samp1 passwdfound
	[ "$(jq -r .answer <<<"$output")" = "usdt_samp1 passwdfound" ]
	run bash -c 'echo passwdfound | bpfhol answer passwd.probe -'
	assert_success
	run bpfhol answer -j passwd.nargs -1 -j
	assert_failure 1
	[ "$(jq -r .answer <<<"$output")" = "-1 -j" ]
	run bpfhol answer passwd.nargs -- -1
	assert_output --partial "'-1'"
}

@test "answer: a live question without its program is unchecked and names the start" {
	run bpfhol answer passwd.user alice
	assert_failure 77
	assert_output --partial "bpfhol start passwd"
	bpfhol start passwd
	pid=$(target_pid)
	kill -KILL "$pid"
	wait_for 5 gone "$pid"
	run bpfhol answer passwd.user alice
	assert_failure 77
	assert_output --partial "gone"
	assert_output --partial "bpfhol start passwd"
	run bpfhol list
	assert_line --regexp '^  passwd\.user +open$' # a try that was not judged is no wrong one
}

@test "answer: live questions, the right answers taken from a trace" {
	need_bpf
	bpfhol start passwd
	trace_values
	run bpfhol answer passwd.user "$USER_HOME"
	assert_failure 1
	run bpfhol answer passwd.user "$USER_NAME"
	assert_success
	run bpfhol answer passwd.home "$USER_NAME"
	assert_failure 1
	run bpfhol answer passwd.home "$USER_HOME"
	assert_success
	# The same values after another start: the seed is the learner's.
	bpfhol stop
	bpfhol start passwd
	run bpfhol answer passwd.user "$USER_NAME"
	assert_success
}

@test "answer: a target that a debugger holds is unchecked, and status says so" {
	need_bpf
	bpfhol start passwd
	pid=$(target_pid)
	kill -STOP "$pid"
	wait_for 5 -p "$pid" grep -q '^State:.T' "/proc/$pid/status"
	run bpfhol status
	assert_output --partial "held"
	run bpfhol answer passwd.user alice
	assert_failure 77
	run bpfhol stop
	assert_success
	gone "$pid"
}

@test "answer: 1 MB is refused and nothing is lost" {
	bpfhol answer passwd.probe passwdfound
	cp "$BPFHOL_HOME/state.json" "$BATS_TEST_TMPDIR/before"
	run bash -c 'head -c 1048576 /dev/zero | tr "\0" a | bpfhol answer passwd.probe -'
	assert_failure 2
	assert_output --partial "cannot take an answer of 1048576 bytes"
	run bpfhol answer passwd.probe "$(head -c 5000 /dev/zero | tr '\0' a)"
	assert_failure 2
	cmp "$BPFHOL_HOME/state.json" "$BATS_TEST_TMPDIR/before"
}

@test "answer: bytes that are no text are refused" {
	run bash -c "printf 'a\\377b' | bpfhol answer passwd.probe -"
	assert_failure 2
	assert_output --partial "it is no text"
	run bash -c "printf 'a\\0b' | bpfhol answer passwd.probe -"
	assert_failure 2
	run bpfhol answer passwd.probe ""
	assert_failure 2
	assert_output --partial "asks for a value"
	run bpfhol answer passwd.probe " "
	assert_failure 2
	assert_output --partial "asks for a value"
	run bpfhol list
	assert_line --regexp '^  passwd\.probe +open$'
}

@test "answer: a part that is missing or no number is no guess, and tells nothing of the others" {
	for i in 1 2 3 4 5 6 7; do
		run bpfhol answer -j locations.wake $i
		[ "$(jq -r '"\(.verdict) \(.wait)"' <<<"$output")" = "wrong null" ]
		run bpfhol answer -j locations.wake $i three
		[ "$(jq -r '"\(.verdict) \(.wait)"' <<<"$output")" = "wrong null" ]
	done
	locations=$(readelf -nW "$BIN/waker" | grep -c 'Name: lll_futex_wake')
	run bpfhol answer locations.wake "$locations" three
	refute_output --partial 'is right'
	run bpfhol answer locations.wake "$locations" 77
	assert_output --partial 'The number of locations is right.'
}

@test "a hint is spoken of after three wrong answers, typed or edited" {
	bpfhol edit passwd
	for question in 'nargs 7' 'second-probe' 'two-locations 0x1234'; do
		for i in 1 2; do
			# shellcheck disable=SC2086
			run -1 bpfhol answer passwd.$question
			refute_output --partial 'A hint:'
		done
		# shellcheck disable=SC2086
		run -1 bpfhol answer passwd.$question
		assert_output --partial 'A hint:'
	done
}

@test "an unknown question, and what build does: no line too wide" {
	run -2 bpfhol hint discovery.nothing
	assert_output --partial 'discovery.count, '
	[ "$(wc -L <<<"$output")" -le 80 ]
	bpfhol build passwd >"$BATS_TEST_TMPDIR/said"
	sed '/^Built/,$d' "$BATS_TEST_TMPDIR/said" >"$BATS_TEST_TMPDIR/how"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/how")" -gt 1 ]
	rm "$BPFHOL_HOME/work/passwd/usdt-passwd"
	sh "$BATS_TEST_TMPDIR/how"
	[ -x "$BPFHOL_HOME/work/passwd/usdt-passwd" ]
}

@test "answer: what is no guess makes nobody wait, and a right answer ends the waiting" {
	for i in 1 2 3 4 5 6 7; do
		run bpfhol answer passwd.nargs "two$i"
		assert_failure 1
	done
	bpfhol edit passwd
	for i in 1 2 3 4 5 6; do
		run bpfhol answer -j passwd.second-probe
		[ "$(jq .wait <<<"$output")" = null ]
	done
	for i in 1 2 3 4; do
		run bpfhol answer passwd.nargs 7$i
		assert_failure 1
	done
	bpfhol answer passwd.nargs 2
	for i in 1 2 3 4 5; do
		run bpfhol answer passwd.nargs 7$i
		assert_failure 1
	done
	run bpfhol answer passwd.nargs 76
	assert_failure 77
}

@test "answer: after five wrong ones the next waits 10 s, then 20, 40, 60, 60" {
	for i in 1 2 3 4 5; do
		run bpfhol answer passwd.nargs 7$i
		assert_failure 1
	done
	for wait in 10 20 40 60 60; do
		run bpfhol answer -j passwd.nargs 77
		assert_failure 77
		[ "$(jq -r .verdict <<<"$output")" = unchecked ]
		[ "$(jq ".wait <= $wait and .wait > $wait - 5" <<<"$output")" = true ]
		# Let the time pass by moving the last wrong answer into the past.
		sed -i "s/\"last_wrong\": [0-9]*/\"last_wrong\": $(($(date +%s) - wait))/" \
			"$BPFHOL_HOME/state.json"
		run bpfhol answer passwd.nargs 77
		assert_failure 1
	done
	# Another question is free, and the right answer is taken when the time has come.
	run bpfhol answer passwd.probe passwdfound
	assert_success
	sed -i "s/\"last_wrong\": [1-9][0-9]*/\"last_wrong\": 1/" "$BPFHOL_HOME/state.json"
	run bpfhol answer passwd.nargs 2
	assert_success
}

@test "passed stays passed" {
	bpfhol answer passwd.nargs 2
	run bpfhol answer passwd.nargs 3
	assert_failure 1
	run bpfhol list
	assert_line --regexp '^  passwd\.nargs +passed$'
}

@test "hint: one after the other, then the last again" {
	run bpfhol hint passwd.user
	assert_success
	assert_line --index 0 "Hint 1 of 3:"
	[ "$(bpfhol hint passwd.user -j | jq -r '"\(.number) \(.of)"')" = "2 3" ]
	run bpfhol hint passwd.user
	assert_line --index 0 "Hint 3 of 3:"
	assert_output --partial "bpfhol reveal passwd.user"
	last=$output
	run bpfhol hint passwd.user
	assert_output "$last"
}

@test "reveal: only after a try, recorded, and it stays recorded" {
	run bpfhol reveal passwd.nargs
	assert_failure 1
	assert_output --partial "before a try"
	run bpfhol list
	assert_line --regexp '^  passwd\.nargs +open$'
	run bpfhol answer passwd.user alice # it does not run, so this is not judged
	assert_failure 77
	run bpfhol reveal passwd.user
	assert_failure 1
	assert_output --partial "before a try"
	bpfhol answer passwd.nargs 9 || true
	run bpfhol reveal passwd.nargs
	assert_success
	assert_output --partial "$KIT/bin/usdt-passwd"
	run bpfhol list
	assert_line --regexp '^  passwd\.nargs +revealed$'
	run bpfhol answer passwd.nargs 2
	assert_success
	assert_output --partial "does not count as passed"
	run bpfhol list
	assert_line --regexp '^  passwd\.nargs +revealed$'
	bpfhol answer passwd.probe passwdfound
	bpfhol reveal passwd.probe
	run bpfhol list
	assert_line --regexp '^  passwd\.probe +passed$'
}

@test "read: chapters by their name and by the lab's, plain when piped" {
	run bpfhol read
	assert_success
	assert_line --regexp '^passwd '
	run bpfhol read passwd
	assert_success
	refute_output --partial $'\e['
	run bpfhol read nope
	assert_failure 2
	assert_output --partial "passwd"
	run bpfhol read ../README
	assert_failure 2
}

@test "read: chapters in the order of the contents, ASCII quotes, commands that fit" {
	diff <(bpfhol read | awk '{ print $1 }') \
		<(echo index; sed -n 's/^- `\([a-z]*\)`.*/\1/p' "$KIT/handbook/index.md")
	run bpfhol read passwd
	refute_output --regexp '[’“”]'
}

@test "read: no line is wider than the screen, and none ends with blanks" {
	for chapter in "$KIT"/handbook/*.md; do
		bpfhol read "$(basename "$chapter" .md)" >"$BATS_TEST_TMPDIR/page"
		[ "$(wc -L <"$BATS_TEST_TMPDIR/page")" -le 80 ] ||
			fail "$chapter: $(grep -E '.{81}' "$BATS_TEST_TMPDIR/page")"
		run -1 grep ' $' "$BATS_TEST_TMPDIR/page"
	done
}

@test "read: a figure is its description, a link says what to type" {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p kit/bin kit/handbook
	cp "$BIN/bpfhol" kit/bin/
	printf '%s\n' '# Boxes' '' '![Two boxes, *one*' 'in_the other](figures/boxes.svg)' '' \
		'See [the names](names.md#stars) or [usdt(1)](man/usdt.1.md).' >kit/handbook/boxes.md
	run -0 kit/bin/bpfhol read boxes
	assert_line '    (Figure: Two boxes, *one* in_the other)'
	assert_line '    See the names (bpfhol read names) or usdt(1).'
	refute_output --regexp 'svg|\.md|Image'
}

@test "read: pages by less, else by more, and by \$PAGER without codes" {
	need_cmd script
	mkdir "$BATS_TEST_TMPDIR/path"
	ln -s "$(command -v lowdown)" "$BATS_TEST_TMPDIR/path/"
	for pager in more less mine; do
		printf '#!/bin/sh\n{ echo "$LESSCHARSET"; /bin/cat; } >%q\n' \
			"$BATS_TEST_TMPDIR/$pager.out" >"$BATS_TEST_TMPDIR/path/$pager"
		chmod +x "$BATS_TEST_TMPDIR/path/$pager"
		run env TERM=xterm PATH="$BATS_TEST_TMPDIR/path" ${set:-} \
			/usr/bin/script -qec "$BIN/bpfhol read passwd" /dev/null </dev/null
		grep -q "looking somebody up" "$BATS_TEST_TMPDIR/$pager.out"
		[ "$pager" != less ] || set=PAGER=mine
		[ "$pager" = less ] || ! grep -q $'\e' "$BATS_TEST_TMPDIR/$pager.out"
	done
	grep -q utf-8 "$BATS_TEST_TMPDIR/less.out"
}

@test "sudo's reason is shown, not its remarks" {
	need_root
	need_cmd setpriv
	public=$(public_bin)
	make_user bpfhol-t4
	mkdir -m 755 "$BATS_TEST_TMPDIR/sudo"
	printf '#!/bin/sh\nprintf "%%s\\n" "sudo: unable to resolve host vm" "" "sudo: a password is required" >&2\nexit 1\n' \
		>"$BATS_TEST_TMPDIR/sudo/sudo"
	chmod 755 "$BATS_TEST_TMPDIR/sudo/sudo"
	chmod o+x "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/.." "$BATS_TEST_TMPDIR/../.."
	PATH=$BATS_TEST_TMPDIR/sudo:$PATH as_user bpfhol-t4 "$public/bpfhol" start passwd
	PATH=$BATS_TEST_TMPDIR/sudo:$PATH run as_user bpfhol-t4 "$public/bpfhol" answer \
		passwd.user alice
	as_user bpfhol-t4 "$public/bpfhol" stop
	drop_user bpfhol-t4
	drop_public_bin
	assert_output --partial "sudo said: a password is required"
	refute_output --partial "resolve"
}

@test "read: without lowdown the chapter as it was written" {
	mkdir "$BATS_TEST_TMPDIR/path"
	run env PATH="$BATS_TEST_TMPDIR/path" "$BIN/bpfhol" read passwd
	assert_success
	assert_line --regexp '^# '
}

@test "edit without a terminal prints where the copy is; the kit's file stays" {
	before=$(sha256sum "$KIT/targets/usdt-passwd.c")
	run bpfhol edit passwd
	assert_success
	assert_output "$BPFHOL_HOME/work/passwd/usdt-passwd.c"
	cmp "$output" "$KIT/labs/02-passwd/start/usdt-passwd.c"
	[ ! -L "$output" ]
	echo "// mine" >>"$output"
	run bpfhol edit passwd
	tail -n 1 "$output" | grep -q mine # the second time nothing is copied
	[ "$(sha256sum "$KIT/targets/usdt-passwd.c")" = "$before" ]
}

@test "edit runs the editor with arguments, by no shell" {
	need_cmd script
	cat >"$BATS_TEST_TMPDIR/editor" <<-'END'
		#!/bin/sh
		printf '%s\n' "$@" >"$0.args"
	END
	chmod +x "$BATS_TEST_TMPDIR/editor"
	TERM=xterm VISUAL="$BATS_TEST_TMPDIR/editor -a ;false" \
		script -qec "$BIN/bpfhol edit passwd" /dev/null </dev/null
	run cat "$BATS_TEST_TMPDIR/editor.args"
	assert_output "-a
;false
$BPFHOL_HOME/work/passwd/usdt-passwd.c"
}

@test "build: the copy compiles, the commands are shown, compiler and flags remembered" {
	run env -u CC CFLAGS=-O2 "$BIN/bpfhol" build passwd
	assert_success
	assert_output --partial "Built $BPFHOL_HOME/work/passwd/usdt-passwd"
	assert_output --regexp 'usdt list( \\[[:space:]]+| )-v /'
	[ "$(jq -r .builds.passwd "$BPFHOL_HOME/state.json")" = "cc -O2" ]
	readelf -n "$BPFHOL_HOME/work/passwd/usdt-passwd" | grep -q passwdfound
	run env -u CC -u CFLAGS "$BIN/bpfhol" build passwd
	assert_success
	[ "$(jq -r .builds.passwd "$BPFHOL_HOME/state.json")" = null ]
}

@test "build: what does not compile shows the compiler's words and leaves no program" {
	bpfhol build passwd
	echo "int x" >>"$BPFHOL_HOME/work/passwd/usdt-passwd.c"
	run bpfhol build passwd
	assert_failure 1
	assert_output --partial "error:"
	[ ! -e "$BPFHOL_HOME/work/passwd/usdt-passwd" ]
	run env CC=no-such-compiler "$BIN/bpfhol" build passwd
	assert_failure
	assert_output --partial "no-such-compiler"
}

@test "edited sources: the learner's copy is judged, unedited and right" {
	need_bpf
	run bpfhol answer passwd.second-probe
	assert_failure 77
	assert_output --partial "bpfhol edit passwd"
	bpfhol edit passwd
	run bpfhol answer passwd.second-probe
	assert_failure 1
	cp "$KIT/labs/02-passwd/solution/second-probe.c" "$BPFHOL_HOME/work/passwd/usdt-passwd.c"
	run bpfhol answer passwd.second-probe
	assert_success
}

@test "reset: the original again, the edited copy as a backup, progress kept" {
	bpfhol answer passwd.nargs 2
	bpfhol build passwd
	echo "// mine" >>"$BPFHOL_HOME/work/passwd/usdt-passwd.c"
	run bpfhol reset passwd </dev/null
	assert_failure 2
	assert_output --partial "use -y"
	run bpfhol reset -y passwd
	assert_success
	backup=$(grep -o '/.*\.c$' <<<"$output")
	[[ $backup == "$BPFHOL_HOME"/backup/passwd-[0-9]*-[0-9]*.c ]]
	tail -n 1 "$backup" | grep -q mine
	cmp "$BPFHOL_HOME/work/passwd/usdt-passwd.c" "$KIT/labs/02-passwd/start/usdt-passwd.c"
	[ ! -e "$BPFHOL_HOME/work/passwd/usdt-passwd" ]
	run bpfhol list
	assert_line --regexp '^  passwd\.nargs +passed$'
	run bpfhol reset -y --progress
	assert_success
	run bpfhol list
	assert_line --regexp '^  passwd\.nargs +open$'
}

@test "reset asks, and no answer changes nothing" {
	need_cmd script
	bpfhol build passwd
	echo "// mine" >>"$BPFHOL_HOME/work/passwd/usdt-passwd.c"
	run script -qec "$BIN/bpfhol reset passwd" /dev/null < <(echo n)
	tail -n 1 "$BPFHOL_HOME/work/passwd/usdt-passwd.c" | grep -q mine
	[ ! -e "$BPFHOL_HOME/backup" ]
}

@test "a lab with several sources: edit, build and reset go by the program" {
	for command in edit build; do
		run bpfhol $command writing
		assert_failure 2
		assert_line --partial 'parcels, shelf or scale'
		run bpfhol $command writing usdt-passwd
		assert_failure 2
		assert_output --partial "no source of a program 'usdt-passwd'"
	done
	run bpfhol edit writing shelf
	assert_output "$BPFHOL_HOME/work/writing/shelf.cc"
	cmp "$output" "$KIT/targets/shelf.cc"
	run env CC=gcc CFLAGS=-O2 "$BIN/bpfhol" build writing shelf
	assert_success
	assert_line --partial 'g++ -std=gnu++17 '
	run env -u CFLAGS CC=clang "$BIN/bpfhol" build writing scale
	assert_success
	readelf -n "$BPFHOL_HOME/work/writing/scale" | grep -q 'Name: balanced'
	[ "$(jq -cS .builds "$BPFHOL_HOME/state.json")" = '{"writing scale":"clang","writing shelf":"gcc -O2"}' ]
	# The one has an edit of another's, and is asked about no other.
	echo '// mine' >>"$BPFHOL_HOME/work/writing/shelf.cc"
	run bpfhol answer writing.assembler
	assert_failure 1
	assert_output --partial 'edit writing scale'
	run bpfhol answer writing.middle
	assert_failure 77
	assert_output --partial 'edit writing parcels'
	[ "$(bpfhol check -j writing | jq -r 'select(.verdict == "wrong") .question' | xargs)" = 'member assembler' ]
	run bpfhol reset -y writing
	assert_line 'writing parcels: there was no copy yet.'
	assert_line --regexp '^  .*/backup/writing-shelf-[0-9-]*\.cc$'
	assert_line 'writing scale: your copy was still the original.'
	[ "$(jq -c .builds "$BPFHOL_HOME/state.json")" = '{}' ]
	run bpfhol edit passwd usdt-passwd
	assert_success
	run bpfhol edit discovery
	assert_failure 2
	assert_output --partial "has no source to edit"
}

@test "check: open, wrong and right answers, one verdict each" {
	run bpfhol check
	assert_failure 77
	assert_output --regexp "0 pass, 0 wrong, 0 unchecked, [0-9]+ open"
	bpfhol answer passwd.probe passwdfound
	bpfhol answer passwd.nargs 3 || true
	run bpfhol check passwd
	assert_failure 1
	assert_output --partial "1 pass, 1 wrong, 0 unchecked, 4 open"
	[ "$(bpfhol check -j passwd | jq -r .verdict | sort | uniq -c | xargs)" = \
		"1 pass 4 unchecked 1 wrong" ]
	# No try is counted, and the last right answer is what counts.
	[ "$(jq '.questions["passwd.nargs"].wrong' "$BPFHOL_HOME/state.json")" = 1 ]
	bpfhol answer passwd.nargs 2
	bpfhol answer passwd.nargs 5 || true
	run bpfhol check passwd
	assert_output --partial "2 pass, 0 wrong, 0 unchecked, 4 open"
	assert_failure 77
}

@test "check: a whole lab, right, in one go" {
	need_bpf
	bpfhol start passwd
	trace_values
	bpfhol answer passwd.probe passwdfound
	bpfhol answer passwd.nargs 2
	bpfhol answer passwd.user "$USER_NAME"
	bpfhol answer passwd.home "$USER_HOME"
	bpfhol edit passwd
	cp "$KIT/labs/02-passwd/solution/second-probe.c" "$BPFHOL_HOME/work/passwd/usdt-passwd.c"
	bpfhol answer passwd.second-probe
	run bpfhol check passwd
	assert_failure 77
	assert_output --partial "5 pass, 0 wrong, 0 unchecked, 1 open"
	# Yesterday's right answers with another seed are wrong.
	bpfhol stop
	sed -i 's/"seed": "[0-9]*"/"seed": "42"/' "$BPFHOL_HOME/state.json"
	bpfhol start passwd
	run bpfhol check passwd
	assert_failure 1
	assert_line "passwd.user: wrong"
	assert_line "passwd.home: wrong"
}

@test "shell: the kit's programs are on \$PATH, and it is no login as root" {
	run env SHELL=/bin/sh PATH=/usr/bin:/bin "$BIN/bpfhol" shell <<<'command -v usdt'
	assert_success
	assert_output "$BIN/usdt"
	run env SHELL=/no/such/shell "$BIN/bpfhol" shell
	assert_failure 77
}

@test "doctor: every check, and a lab's questions" {
	need_bpf
	run bpfhol doctor
	assert_output --partial "Probes can be traced here."
	assert_line --regexp '^yes +the labs. programs are built'
	bpfhol doctor -j | jq -es 'all(.check and (.ok | type == "boolean"))'
	run bpfhol doctor --lab passwd
	assert_success
	[ "$(grep -c 'can be checked here' <<<"$output")" = 6 ]
	run bpfhol doctor --lab nope
	assert_failure 2
}

@test "doctor --lab says 77 where something a question needs is missing" {
	run env CC=false "$BIN/bpfhol" doctor --lab passwd
	assert_failure 77
	assert_line --regexp '^NO +passwd\.second-probe: '
	assert_line --regexp '^yes +passwd\.probe '
}

@test "without a terminal bpfhol says so and lists the subcommands" {
	run bpfhol </dev/null
	assert_failure 2
	assert_line --index 0 "bpfhol: cannot open the menu: there is no terminal"
	assert_output --partial "answer LAB.QUESTION VALUE..."
}

@test "TERM unset or dumb, dialog missing: it says so and lists the subcommands" {
	need_cmd script
	for term in dumb ""; do
		run env TERM="$term" script -qec "$BIN/bpfhol" /dev/null </dev/null
		assert_failure 2
		assert_output --partial "TERM is unset or dumb"
		assert_output --partial "answer LAB.QUESTION VALUE..."
	done
	run env TERM=xterm script -qec "env PATH=$BATS_TEST_TMPDIR $BIN/bpfhol" /dev/null </dev/null
	assert_failure 77
	assert_output --partial "dialog(1) is not installed"
}

@test "make run without a terminal plays the exercise and leaves nothing behind" {
	need_bpf
	run env TMPDIR="$BATS_TEST_TMPDIR" "$KIT/scripts/run" </dev/null
	assert_success
	assert_line "passwd.user: wrong"
	assert_line "passwd.user: pass"
	[ "$(grep -c '"name":"passwdfound"' <<<"$output")" = 5 ]
	pid=$(sed -n 's/.*"pid":\([0-9]*\),"already".*/\1/p' <<<"$output")
	gone "$pid"
	run find "$BATS_TEST_TMPDIR" -name 'bpfhol.*'
	assert_output ""
}

@test "the man page has every subcommand and every option" {
	for word in $(bpfhol --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
		grep -q "\*\*$word\*\*" "$KIT/handbook/man/bpfhol.1.md" || fail "no $word"
		for option in $(bpfhol "$word" --help | sed -n 's/.*\(--[a-z]*\).*/\1/p'); do
			grep -q -- "$option" "$KIT/handbook/man/bpfhol.1.md" || fail "no $option"
		done
	done
}
