#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# README and CONTRIBUTING say nothing that is not there, the README's first ten minutes
# work as printed, and the man pages have the options that the programs have.

load helpers

TEXTS=("$KIT/README.md" "$KIT/CONTRIBUTING.md")

teardown() {
	[ -z "${SOCKET:-}" ] || tmux -L "$SOCKET" kill-server 2>/dev/null || true
	kit_teardown
}

# block FILE KIND [WORDS] - the first fenced block of that kind (in which WORDS occur).
block() {
	awk -v kind="\`\`\`$2" -v words="${3:-}" '
		inside && /^```/ {
			inside = 0
			if (index(text, words)) { printf "%s", text; exit }
		}
		inside { text = text $0 "\n" }
		$0 == kind { inside = 1; text = "" }' "$1"
}

# code FILE - what is set as code: lines of "sh" blocks, spans in backticks.
code() {
	awk '/^```/ { inside = !inside; sh = $0 == "```sh"; next }
		inside && sh { sub(/ +#.*/, ""); print }
		!inside { n = split($0, part, "`"); for (i = 2; i <= n; i += 2) print part[i] }' "$1"
}

# starting WORD FILE - such lines of it that run WORD, be it by sudo or out of bin/.
starting() {
	code "$2" | sed -nE "s,^(sudo )?(bin/)?$1( |\$),,p"
}

# commands_of PROGRAM - by its --help
commands_of() {
	"$1" --help | sed -nE 's/^  ([a-z]+) .*/\1/p'
}

# options_of PROGRAM [COMMAND] - by its --help, e.g. "-p, --pid PID"; but --help itself
options_of() {
	"$@" --help | sed -nE 's/^ +((-[a-zA-Z], )?--[a-z-]+(\[=[a-z]+\])?( [A-Z:=]+)?)( .*|$)/\1/p' |
		grep -v -- --help | sort
}

@test "every make target and variable that is named exists" {
	for text in "${TEXTS[@]}"; do
		starting make "$text" >"$BATS_TEST_TMPDIR/lines"
		[ -s "$BATS_TEST_TMPDIR/lines" ] || fail "no make in $text"
		while read -ra words; do
			for word in "${words[@]}"; do
				case $word in
				*=*) grep -qw -- "${word%%=*}" "$KIT/Makefile" || fail "$text: $word" ;;
				*) grep -q "^$word:" "$KIT/Makefile" || fail "$text: make $word" ;;
				esac
			done
		done <"$BATS_TEST_TMPDIR/lines"
	done
}

@test "every command of bpfhol and usdt that is named exists" {
	for program in bpfhol usdt; do
		for text in "${TEXTS[@]}"; do
			while read -r command _; do
				case $command in
				'' | -*) ;;
				*) commands_of "$program" | grep -qx -- "$command" ||
					fail "$text: $program $command" ;;
				esac
			done < <(starting "$program" "$text")
		done
	done
}

@test "every path that is named exists" {
	cd "$KIT"
	for text in "${TEXTS[@]}"; do
		{
			code "$text" | grep -oE '^[a-z.][a-z0-9_.-]*/[^ ]*$'
			sed -nE 's,^    ([a-z][^ ]*/[^ ]*) .*,\1,p' "$text" # the list of folders
			sed -nE 's,.*\]\(([^):]*)\).*,\1,p' "$text"	    # links
		} | grep -vE 'NN|ID|NAME|CHAPTER|^build/' >"$BATS_TEST_TMPDIR/paths"
		while read -r path; do
			[[ $path != bin/* ]] || path=$BIN/${path#bin/}
			[ -e "$path" ] || [ -e "labs/02-passwd/$path" ] ||
				[ -e "/usr/include/$path" ] || [ -e "/usr/include/$(uname -m)-linux-gnu/$path" ] ||
				fail "$text: $path"
		done <"$BATS_TEST_TMPDIR/paths"
	done
}

@test "a field, a form, a truth and a mistake of a lab: labs/README.md has them all" {
	words() {
		sed -nE 's/.*(TEXT|WORD|LIST|MAY_[A-Z]+)\(([a-z]+), struct.*/\2/p
			s/.*CYAML_FIELD_[A-Z]+\("([a-z]+)".*/\1/p' "$KIT/common/lab_parse.c"
		grep -oE '\{"[a-z-]+", (FORM|TRUTH|MISTAKE)_' "$KIT/common/lab_parse.c" |
			cut -d'"' -f2
	}
	[ "$(words | wc -l)" -gt 30 ]
	for word in $(words); do
		grep -q -- "\`$word\`" "$KIT/labs/README.md" || fail "$word"
	done
}

@test "the first ten minutes, as printed" {
	need_root
	need_bpf
	need_cmd jq
	cd "$KIT"
	pid='' answer='' passes=0
	block README.md sh 'bpfhol doctor' >"$BATS_TEST_TMPDIR/lines"
	while read -r line; do
		line=${line#sudo } line=${line//PID/$pid} line=${line//ANSWER/$answer}
		run bash -c "${line/#bin\//$BIN/}" </dev/null
		assert_success
		case $line in
		*"bpfhol start"*)
			pid=$(bpfhol status -j | jq -r '.targets[]?.pid // .pid' | head -n 1)
			assert_output --partial "$pid"
			;;
		*"usdt list"*) answer=${output##*:} ;;
		*"usdt trace"*)
			answer=$(sed -n 's/.* arg0="\([^"]*\)".*/\1/p;T;q' <<<"$output")
			;;
		*"bpfhol answer"*)
			assert_line --index 0 --regexp ': pass$'
			passes=$((passes + 1))
			;;
		esac
	done <"$BATS_TEST_TMPDIR/lines"
	[ $passes = 2 ]
	gone "$pid"
}

@test "the menu looks as the README shows it" {
	need_root
	need_cmd tmux dialog
	SOCKET=bpfhol-readme-$$
	env -u TMUX tmux -u -L "$SOCKET" -f /dev/null new-session -d -s menu -x 80 -y 40 \
		"$BIN/bpfhol" 3>&-
	screen() { tmux -L "$SOCKET" capture-pane -p -t menu; }
	shown() { screen | grep -q '< Quit >'; }
	wait_for 10 shown
	block "$KIT/README.md" text Labs >"$BATS_TEST_TMPDIR/readme"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/readme")" -gt 10 ]
	while IFS= read -r line; do
		screen | grep -qF -- "$line" || fail "not '$line' in: $(screen)"
	done <"$BATS_TEST_TMPDIR/readme"
}

@test "usdt(1) has the commands and options that usdt has" {
	page=$KIT/handbook/man/usdt.1.md
	assert_equal "$(sed -nE 's/^\*\*usdt ([a-z]+)\*\*.*/\1/p' "$page")" "$(commands_of usdt)"
	for command in $(commands_of usdt); do
		in_page=$(sed -n "/^# ${command^^}\$/,/^# [^${command:0:1}]/p" "$page" |
			sed -n '/^`-/s/[`*]//gp' | grep -v -- --help | sort)
		assert_equal "$in_page" "$(options_of usdt "$command")"
	done
}

@test "bpfhol(1) has the commands and options that bpfhol has" {
	page=$KIT/handbook/man/bpfhol.1.md
	commands=$(sed -n '/^# COMMANDS/,/^# PRIVILEGE/s/^\*\*\([a-z]*\)\*\*.*/\1/p' "$page")
	assert_equal "$(sort <<<"$commands")" "$(commands_of bpfhol | sort)"
	for command in $commands; do
		in_page=$(grep "^\*\*$command\*\*" "$page" | grep -oE '\[\*\*-[a-z]' |
			tr -d '[*' | sort | tr '\n' ' ')
		has=$(options_of bpfhol "$command" | cut -c 1-2 | sort | tr '\n' ' ')
		assert_equal "$command: $in_page" "$command: $has"
	done
}

@test "grade(1) has the options that grade has" {
	in_page=$(sed -n '/^# OPTIONS/,/^# VERDICTS/s/^\*\*\(-.*\)\*\*$/\1/p' \
		"$KIT/handbook/man/grade.1.md" | tr -d '*' | grep -v -- --help | sort)
	assert_equal "$in_page" "$(options_of grade)"
}

@test "man pages are made without warnings, and keep dashes and quotes" {
	need_cmd lowdown man
	for page in "$KIT"/handbook/man/*.md; do
		name=$(basename "$page" .md)
		run make -s -C "$KIT" O="$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/build/man/$name"
		assert_success
		refute_output --partial lowdown
		run -0 --separate-stderr env MANWIDTH=80 man --warnings -l \
			"$BATS_TEST_TMPDIR/build/man/$name"
		assert_equal "$stderr" ''
		refute_output --regexp '[–“”]'
		assert_output --partial 'EXIT STATUS'
	done
}
