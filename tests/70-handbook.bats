#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Every command of the chapters, as printed, by an ordinary user with sudo, from the kit's
# folder. Each line of a "text" block behind a "sh" block must occur in what that printed.

load helpers

USER_NAME=bpfhol-t7

setup() {
	kit_setup
	need_root
	need_bpf
	need_cmd sudo readelf pgrep
	make_user "$USER_NAME" sudo
	FOLDER=$(dirname "$(public_bin)")
}

teardown() {
	drop_user "$USER_NAME"
	drop_public_bin
	kit_teardown
}

run_chapter() {
	local kind='' line output='' status
	while IFS= read -r line; do
		case $kind:$line in
		:'```sh') kind=sh output='' ;;
		:'```text') kind=text ;;
		*:'```'*) kind='' ;;
		sh:*)
			status=0
			output+=$(as_user "$USER_NAME" bash -c "cd $FOLDER && $line" 2>&1) ||
				status=$?
			output+=$'\n'
			[ $status = 0 ] || fail "'$line' ended with $status: $output"
			;;
		text:*)
			grep -qF -- "$line" <<<"$output" || fail "no '$line' in: $output"
			;;
		esac
	done <"$KIT/handbook/$1.md"
}

@test "usdt" { run_chapter usdt; }
@test "discovery" { run_chapter discovery; }
@test "names" { run_chapter names; }
@test "arguments" { run_chapter arguments; }
@test "passwd" { run_chapter passwd; }

@test "every chapter is in the contents, and the contents name no other" {
	cd "$KIT/handbook"
	diff <(ls ./*.md | sed 's|./||; s|\.md||; /^index$/d' | sort) \
		<(sed -n 's/^- `\([a-z]*\)`.*/\1/p' index.md | sort)
}

@test "the chapters give no answer of the passwd lab away" {
	run grep -lE 'usdt_samp1|passwdfound' "$KIT"/handbook/*.md "$KIT/README.md"
	assert_failure 1
}

@test "usdt(1) has every option of --help, and no other" {
	local command
	for command in list trace doctor; do
		diff <(usdt "$command" --help | sed -n 's/^  -., --\([a-z]*\).*/\1/p' | sort) \
			<(awk -v name="# ${command^^}" '/^# / { on = ($0 == name) } on' \
				"$KIT/handbook/man/usdt.1.md" | sed -n 's/^`-.`, `--\([a-z]*\)`.*/\1/p' |
				sort)
	done
}
