#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Every command of the chapters, as printed, by an ordinary user with sudo, from the kit's
# folder. Each line of a "text" block behind a "sh" block must occur in what that printed;
# in it "..." stands for anything, and blanks for blanks.

load helpers

USER_NAME=bpfhol-t7-$$ # others may be testing on this machine

need_learner() {
	need_root
	need_bpf
	need_cmd sudo readelf
	make_user "$USER_NAME" sudo
	FOLDER=$(dirname "$(public_bin)")
}

teardown() {
	drop_user "$USER_NAME"
	drop_public_bin
	kit_teardown
}

# missing COMMAND - what of this machine the command line needs and does not have, if any.
missing() {
	local word
	[[ $1 != *05-thrift/call* ]] || { command -v thrift && /usr/bin/python3 -c 'import thrift'; } \
		>/dev/null 2>&1 || echo "Thrift for Python"
	for word in gdb bpftrace bpftool perf tplist-bpfcc; do
		if [[ " $1" == *" $word "* ]] && ! command -v "$word" >/dev/null; then
			echo "$word"
		fi
	done
	for word in python3 java postgres; do # programs that `usdt doctor` knows
		if [[ $1 == *[[:space:]/]$word[\ :\)]* ]] &&
			usdt doctor -j | grep -q "\"check\":\"$word\",\"ok\":false"; then
			echo "a $word with probes"
		fi
	done
	for word in python3 libstdc++.so.6; do
		if [[ $1 == *"usdt list"*"$word"* ]] && ! learner "bin/usdt list $word" >/dev/null
		then
			echo "a $word with probes"
		fi
	done
}

# shows LINE - does it occur in standard input?
shows() {
	grep -q -- "$(sed 's/[][\.*^$]/\\&/g; s/^ *//; s/  */  */g; s/\\\.\\\.\\\./.*/g' <<<"$1")"
}

# learner COMMAND - as typed by the user, in the kit's folder.
learner() {
	as_user "$USER_NAME" bash -c "cd $FOLDER || exit; $1" 2>&1 </dev/null
}

# goes_on LINE - as for a shell: by a backslash at its end, or a quote that is still open.
goes_on() {
	local quotes=${1//[!\']/}
	[[ $1 == *\\ ]] || [ $((${#quotes} % 2)) = 1 ]
}

# A command may take several lines. A block with one that cannot run here is left out, the
# rest of the chapter is not.
run_chapter() {
	need_learner
	local kind='' line next output='' status without absent='' commands=0
	while IFS= read -r line; do
		while [ "$kind" = sh ] && goes_on "$line" && IFS= read -r next; do
			line+=$'\n'$next
		done
		case $kind:$line in
		:'```sh') kind=sh output='' without='' ;;
		:'```text') kind=text ;;
		*:'```'*) kind='' ;;
		sh:*)
			commands=$((commands + 1))
			without+=$(missing "$line")
			if [ -n "$without" ]; then
				absent=$without
				continue
			fi
			status=0
			output+=$(learner "$line") || status=$?
			output+=$'\n'
			[ $status = 0 ] || fail "'$line' ended with $status: $output"
			;;
		text:*)
			[ -n "$without" ] || shows "$line" <<<"$output" ||
				fail "no '$line' in: $output"
			;;
		esac
	done <"$KIT/handbook/$1.md"
	[ $commands -gt 0 ] || fail "no command in handbook/$1.md"
	[ -z "$absent" ] || cannot "all but the commands that need $absent"
}

@test "usdt" { run_chapter usdt; }
@test "discovery" { run_chapter discovery; }
@test "names" { run_chapter names; }
@test "inside" { run_chapter inside; }
@test "arguments" { run_chapter arguments; }
@test "cost" { run_chapter cost; }
@test "passwd" { run_chapter passwd; }
@test "locations" { run_chapter locations; }
@test "thrift" { run_chapter thrift; }
@test "enabled" { run_chapter enabled; }
@test "library" { run_chapter library; }
@test "writing" { run_chapter writing; }
@test "uprobes" { run_chapter uprobes; }
@test "hugetext" { run_chapter hugetext; }
@test "wild" { run_chapter wild; }

@test "commands fit into a window of the menu as they are" {
	run awk '/^```/ { on = /^```sh/; next }
		on && length > 64 || /^    / && length > 68 { print FILENAME ": " $0 }' \
		"$KIT"/handbook/*.md
	assert_output ""
}

@test "every chapter is in the contents, and the contents name no other" {
	cd "$KIT/handbook"
	diff <(ls ./*.md | sed 's|./||; s|\.md||; /^index$/d' | sort) \
		<(sed -n 's/^- `\([a-z]*\)`.*/\1/p' index.md | sort)
}

@test "what the chapters quote from the source stands there" {
	grep -qF "$(grep -o 'LIBRARY_PROBE(memory_mallopt,.*' "$KIT/handbook/library.md")" \
		"$KIT/targets/shared/minimalloc.c"
	grep -qF "$(grep -o 'STAP_PROBE3(.*' "$KIT/handbook/arguments.md")" \
		"$KIT/tracer/commands/doctor.c"
	local line
	grep -o 'DTRACE_PROBE2(text.*' "$KIT/handbook/locations.md" >"$BATS_TEST_TMPDIR/quoted"
	[ -s "$BATS_TEST_TMPDIR/quoted" ]
	while IFS= read -r line; do
		grep -qF "$line" "$KIT/targets/concat.c"
	done <"$BATS_TEST_TMPDIR/quoted"
}

@test "the chapters give no answer of a lab away" {
	run grep -lE 'usdt_samp1|passwdfound|(harbour|lighthouse)_[a-z]|lib(cay|isle|shoal|spit)' \
		"$KIT"/handbook/*.md "$KIT/README.md"
	assert_failure 1
}

# in_section NAME - that part of usdt(1)
in_section() {
	awk -v name="# $1" '/^# / { on = ($0 == name) } on' "$KIT/handbook/man/usdt.1.md"
}

# long_options COMMAND - by its --help
long_options() {
	usdt "$1" --help | sed -nE 's/^  -., --([a-z-]*).*/\1/p' | sort
}

@test "usdt(1) has every option of --help, and no other" {
	local command
	for command in $(usdt --help | sed -nE 's/^  ([a-z]+) .*/\1/p'); do
		diff <(long_options "$command") \
			<(in_section "${command^^}" | sed -nE 's/^`-.`, `--([a-z-]*)`.*/\1/p' | sort)
	done
}
