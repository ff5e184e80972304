#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The target usdt-passwd. Its second witness is a build that logs its own firings.

load helpers

setup_file() {
	export LOGGED=$BATS_FILE_TMPDIR/usdt-passwd
	gcc -std=gnu11 -D_GNU_SOURCE -g -O1 -fno-inline -I "$KIT/targets/lib" \
		-include "$KIT/tests/sdt_log.h" -o "$LOGGED" "$KIT/targets/usdt-passwd.c" \
		"$BIN/libtarget.a"
}

# answers SEED - what the program finds with it, by its own log: ["name","home"]
answers() {
	local log=$BATS_TEST_TMPDIR/answers.$1
	echo "$1" | SDT_LOG=$log timeout 0.15 "$LOGGED" >/dev/null || true
	sed -n 's/^passwdfound \(.*]\) .*/\1/p' "$log" | sort -u
}

db_of() {
	local fd
	for fd in /proc/"$1"/fd/*; do
		case $(readlink "$fd") in
		*memfd:passwd.db*) echo "$fd" ;;
		esac
	done
}

@test "compile.c and the Makefile have the same flags for targets" {
	flags=$(sed -n 's/^TARGET_FLAGS := //p' "$KIT/Makefile" | tr ' ' '\n' | grep -v '^-Wextra$')
	theirs=$(sed -n '/kit_flags\[\]/,/};/p' "$KIT/common/compile.c" | grep -o '"[^"]*"' | tr -d '"')
	assert_equal "$theirs" "$flags"
	for language in .c:CFLAGS .cc:CXXFLAGS .S:CFLAGS; do
		run -0 sed -n "s/^TARGET_${language#*:} := \(-std=[^ ]*\) .*/\1/p" "$KIT/Makefile"
		grep -qF "{\"${language%:*}\", \"$output\"," "$KIT/common/compile.c"
	done
}

@test "one probe in one location, two string operands" {
	run readelf -n "$BIN/usdt-passwd"
	assert_equal "$(grep -c 'Name: passwdfound' <<<"$output")" 1
	assert_equal "$(grep -c "  stapsdt" <<<"$output")" 1
	assert_line --regexp 'Arguments: 8@[^ ]* 8@[^ ]*$'
}

@test "the database: 1,000 entries or more, each name twice, homes and uids once, sealed" {
	start_target usdt-passwd 11
	db=$(db_of "$TARGET_PID")
	[ "$(wc -l <"$db")" -ge 1000 ]
	assert_equal "$(cut -d: -f1 "$db" | sort | uniq -c | awk '{print $1}' | sort -u)" 2
	assert_equal "$(cut -d: -f3 "$db" | sort | uniq -d | wc -l)" 0
	assert_equal "$(cut -d: -f6 "$db" | sort | uniq -d | wc -l)" 0
	assert_equal "$(grep -cvE '^[a-z]+:x:[0-9]+:100:made up:/[a-z/]+:/bin/sh$' "$db")" 0
	run bash -c "echo x >> $db"
	assert_failure
}

@test "one seed gives the same each time, another seed something else" {
	first=$(answers 5)
	assert_equal "$(wc -l <<<"$first")" 1
	rm "$BATS_TEST_TMPDIR/answers.5"
	assert_equal "$(answers 5)" "$first"
	assert_not_equal "$(answers 6)" "$first"
}

@test "of 20 seeds no name and no home occurs more than three times" {
	for seed in $(seq 1 20); do answers "$seed"; done >"$BATS_TEST_TMPDIR/all"
	assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/all")" 20
	for part in 2 4; do
		most=$(cut -d'"' -f$part "$BATS_TEST_TMPDIR/all" | sort | uniq -c | sort -rn |
			awk 'NR == 1 {print $1}')
		[ "$most" -le 3 ]
	done
}

@test "what is found stands in the database, on one line" {
	found=$(answers 12)
	start_target usdt-passwd 12
	name=$(cut -d'"' -f2 <<<"$found") home=$(cut -d'"' -f4 <<<"$found")
	assert_equal "$(grep -c "^$name:.*:$home:" "$(db_of "$TARGET_PID")")" 1
	assert_equal "$(grep -c "^$name:" "$(db_of "$TARGET_PID")")" 2
}

@test "about ten firings a second" {
	log=$BATS_TEST_TMPDIR/log
	echo 3 | SDT_LOG=$log timeout 3 "$LOGGED" >/dev/null || true
	count=$(wc -l <"$log")
	[ "$count" -ge 20 ] && [ "$count" -le 31 ]
}

@test "the tracer and the program's own log say the same" {
	need_root
	need_bpf
	start_target usdt-passwd 14
	run --separate-stderr usdt trace -p "$TARGET_PID" -n 2 -F json '*'
	assert_equal "$(grep -o '"args":\[[^]]*\]' <<<"$output" | sort -u)" "\"args\":$(answers 14)"
}

@test "the answers are not in strings, argv, environ, maps, open files or the heartbeat" {
	found=$(answers 15)
	name=$(cut -d'"' -f2 <<<"$found") home=$(cut -d'"' -f4 <<<"$found")
	start_target usdt-passwd 15
	db=$(db_of "$TARGET_PID")
	at=$(grep -b "^$name:.*:$home:" "$db" | cut -d: -f1)
	proc=/proc/$TARGET_PID
	{
		strings -a "$BIN/usdt-passwd"
		tr '\0' '\n' <"$proc/cmdline"
		tr '\0' '\n' <"$proc/environ"
		cat "$proc/maps" "$proc/status" "$proc/stat" "$proc/comm"
		ls -l "$proc/fd" "$proc/cwd" "$proc/exe"
		cat "$HEARTBEAT" "$BATS_TEST_TMPDIR/usdt-passwd.log"
	} >"$BATS_TEST_TMPDIR/seen"
	run grep -e "$name" -e "${home##*/}" "$BATS_TEST_TMPDIR/seen"
	assert_failure 1
	# The database is read in blocks from end to end, whatever is sought.
	for _ in $(seq 200); do
		sed -n 's/^pos:\s*//p' "$proc/fdinfo/${db##*/}"
	done | sort -u >"$BATS_TEST_TMPDIR/positions"
	size=$(stat -L -c %s "$db")
	while read -r position; do
		[ $((position % 4096)) = 0 ] || [ "$position" = "$size" ]
		[ "$position" != "$at" ]
	done <"$BATS_TEST_TMPDIR/positions"
}

@test "the heartbeat is one line that is rewritten" {
	start_target usdt-passwd 1
	first=$(cat "$HEARTBEAT")
	assert_regex "$first" '^lookups [0-9]{10}$'
	changed() { [ "$(cat "$HEARTBEAT")" != "$first" ]; }
	wait_for 5 -p "$TARGET_PID" changed
	assert_equal "$(wc -l <"$HEARTBEAT")" 1
}

@test "SIGTERM ends it at once" {
	start_target usdt-passwd 1
	kill -TERM "$TARGET_PID"
	wait_for 1 gone "$TARGET_PID"
}

@test "started by hand, without a seed, it takes a random one and says so" {
	run -124 timeout 0.5 "$BIN/usdt-passwd" </dev/null
	assert_line --regexp '^usdt-passwd: running as PID [0-9]+, ten lookups a second; Ctrl-C ends it$'
	assert_line 'usdt-passwd: no seed on standard input: took a random one'
	run -124 timeout 0.5 "$BIN/usdt-passwd" < <(echo rubbish)
	assert_line 'usdt-passwd: no seed on standard input: took a random one'
	run -124 timeout 0.5 "$BIN/usdt-passwd" < <(echo 18446744073709551615)
	refute_output --partial 'no seed'
}
