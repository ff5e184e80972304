#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# make install, and the kit as it is installed: called by a symbolic link, from another
# folder, by somebody who may not write to it; then make uninstall.

load helpers

setup_file() {
	# Where any account can get at it, as with /usr.
	DEST=$(mktemp -d "${TMPDIR:-/tmp}/bpfhol-install.XXXXXX")
	chmod 755 "$DEST"
	export DEST
	(umask 022 && put install) >&2
}

teardown_file() {
	rm -rf "$DEST"
}

# put TARGET - make install or uninstall, of what this run of the tests is about
put() {
	make -s -C "$KIT" ${O:+O="$O"} "$1" DESTDIR="$DEST" PREFIX=/usr </dev/null
}

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR"
	PATH=$DEST/usr/bin:${PATH#"$BIN:"}
}

teardown() {
	bpfhol stop >/dev/null 2>&1 || true
	drop_user bpfhol-t8
	kit_teardown
}

@test "it installs, and only below DESTDIR and PREFIX" {
	run -0 ls -A "$DEST"
	assert_output usr
	for program in bpfhol usdt grade; do
		assert [ -L "$DEST/usr/bin/$program" ]
		assert_equal "$(command -v "$program")" "$DEST/usr/bin/$program"
		run -0 "$program" --version
		assert [ -s "$DEST/usr/share/man/man1/$program.1" ]
	done
	# Links stay right when DESTDIR is moved to /, and no link leads to the source.
	run find "$DEST" -type l -lname '/*'
	assert_output ''
	run find "$DEST" -xtype l
	assert_output ''
	run grep -rlIF -- "$KIT/" "$DEST"
	assert_output ''
}

@test "everybody may read it, and only its owner write" {
	run find "$DEST" ! -type l ! -perm -o=r
	assert_output ''
	run find "$DEST" ! -type l -perm /go=w
	assert_output ''
}

@test "all of each lab is there" {
	for folder in "$KIT"/labs/*/; do
		run -0 diff -r "$folder" "$DEST/usr/lib/bpfhol/labs/$(basename "$folder")"
	done
	for chapter in "$KIT"/handbook/*.md; do
		run -0 cmp "$chapter" "$DEST/usr/lib/bpfhol/handbook/$(basename "$chapter")"
		page=$(basename "$chapter" .md).html
		assert [ -s "$DEST/usr/share/doc/bpfhol/handbook/$page" ]
	done
	assert [ -s "$DEST/usr/share/doc/bpfhol/handbook/style.css" ]
}

@test "labs are listed, a chapter is read" {
	run -0 bpfhol list
	assert_output --partial passwd.probe
	run -0 bpfhol read passwd
	assert_output --partial "looking somebody up"
	# Its commands are those of the installed kit.
	assert_output --partial " usdt list $DEST/usr/lib/bpfhol/bin/usdt-passwd"
	assert_output --partial "usdt list -p \$(bpfhol pid passwd)"
	refute_output --regexp '(^|[ (])bin/[a-z]'
	run -0 bpfhol read names
	assert_output --partial "\"usdt:$DEST/usr/lib/bpfhol/bin/usdt:usdt:doctor\""
	run -0 bpfhol read thrift
	assert_output --partial "cat $DEST/usr/lib/bpfhol/targets/sum.thrift"
	assert_output --partial "$DEST/usr/lib/bpfhol/labs/05-thrift/call"
	assert [ -f "$DEST/usr/lib/bpfhol/targets/sum.thrift" ]
}

@test "a program is started, asked about and stopped" {
	need_cmd jq
	run -0 --separate-stderr bpfhol start -j passwd
	pid=$(jq .pid <<<"$output")
	program=$(readlink -f "/proc/$pid/exe")
	assert_equal "$program" "$DEST/usr/lib/bpfhol/bin/usdt-passwd"
	run -0 usdt list -p "$pid"
	assert_output "usdt:$program:usdt_samp1:passwdfound"
	run -0 bpfhol answer passwd.probe passwdfound
	run -1 bpfhol answer passwd.nargs 7
	run -0 bpfhol stop
	wait_for 5 gone "$pid"
}

@test "an edited source is built and judged" {
	need_root
	need_bpf
	run -0 bpfhol edit passwd
	source=$output
	cp "$KIT/labs/02-passwd/solution/second-probe.c" "$source"
	run -0 bpfhol build passwd
	run -0 usdt list "$(dirname "$source")/usdt-passwd"
	assert_line --partial ':usdt_samp1:passwdmiss'
	run -0 bpfhol answer passwd.second-probe
}

@test "an ordinary user can do the same, and changes nothing of it" {
	make_user bpfhol-t8
	before=$(find "$DEST" -type f -exec cksum {} + | sort)
	for command in 'bpfhol list' 'bpfhol start passwd' 'bpfhol edit passwd' \
		'bpfhol build passwd' 'bpfhol answer passwd.nargs 2' 'bpfhol start arguments' \
		'bpfhol stop'; do
		run -0 as_user bpfhol-t8 sh -c "cd && $command </dev/null"
	done
	assert_equal "$(find "$DEST" -type f -exec cksum {} + | sort)" "$before"
}

@test "man finds the pages" {
	need_cmd man
	for page in bpfhol usdt grade; do
		run -0 man -M "$DEST/usr/share/man" "$page"
		assert_output --partial 'EXIT STATUS'
	done
}

@test "with a private umask and a blank in DESTDIR, over an older kit" {
	older="$DEST/a b"
	mkdir -p "$older/usr/lib/bpfhol/labs/01-passwd" "$older/usr/share/doc/bpfhol/handbook"
	touch "$older/usr/share/doc/bpfhol/handbook/gone.html"
	(umask 077 && DEST=$older put install)
	run find "$older/usr" ! -type l ! -perm -o=r
	assert_output ''
	run find "$older/usr" -type d ! -perm -o=x
	assert_output ''
	assert [ ! -e "$older/usr/lib/bpfhol/labs/01-passwd" ]
	assert [ ! -e "$older/usr/share/doc/bpfhol/handbook/gone.html" ]
	run -0 diff -r "$KIT/labs/02-passwd" "$older/usr/lib/bpfhol/labs/02-passwd"
	run -0 "$older/usr/bin/bpfhol" list
	DEST=$older put uninstall
	run find "$older" ! -type d
	assert_output ''
	assert [ ! -e "$KIT/b" ]
	rm -r "$older"
}

# The last one: nothing is installed any more after it.
@test "uninstall leaves nothing behind, and nothing else goes" {
	touch "$DEST/usr/bin/another" "$DEST/usr/lib/another"
	run -0 put uninstall
	run find "$DEST" ! -type d
	assert_output --partial "$DEST/usr/bin/another"
	assert_output --partial "$DEST/usr/lib/another"
	assert_equal "${#lines[@]}" 2
	assert [ ! -e "$DEST/usr/lib/bpfhol" ]
}
