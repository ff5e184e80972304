#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What bpfhol asks of grade, and what it makes of what grade says.

load helpers

# kit_copy - a kit to break, its programs first on $PATH
kit_copy() {
	COPY=$BATS_TEST_TMPDIR/kit
	mkdir -p "$COPY"
	cp -a "$BIN" "$COPY/bin"
	cp -rL "$KIT/labs" "$KIT/targets" "$KIT/handbook" "$COPY/"
	PATH=$COPY/bin:$PATH
}

# work_on FILE - a solution as the learner's copy; sets SOURCE
work_on() {
	SOURCE=$(bpfhol edit passwd)
	cp "$KIT/labs/02-passwd/solution/$1" "$SOURCE"
}

@test "a broken kit: answer and check say so, status 99" {
	kit_copy
	rm "$COPY/bin/usdt-passwd"
	run bpfhol answer passwd.nargs 2
	assert_failure 99
	assert_output --partial 'cannot read the program usdt-passwd'
	run bpfhol check
	assert_failure 99
}

@test "a question about a lab's second program is asked about that one" {
	need_root
	need_bpf
	kit_copy
	cp "$COPY/bin/usdt-passwd" "$COPY/bin/usdt-second"
	sed -i 's/^questions:/  - program: usdt-second\n&/; s/^  - id: user$/&\n    target: usdt-second/' \
		"$COPY/labs/02-passwd/lab.yaml"
	run bpfhol answer passwd.user alice
	assert_failure 77
	assert_output --partial 'The program usdt-second does not run yet'
	bpfhol start passwd
	ends_with_test $(jq '.targets[] | .keeper, .pid' "$BPFHOL_HOME/state.json")
	pid=$(jq '.targets["usdt-second"].pid' "$BPFHOL_HOME/state.json")
	name=$(usdt trace -n 1 -d 5 -F json -p "$pid" '*' 2>/dev/null | jq -r '.args[0]')
	run -0 bpfhol answer passwd.user "$name"
	bpfhol stop
}

@test "an answer on standard input: 4096 bytes and a newline, but not one more" {
	long=$(head -c 4096 /dev/zero | tr '\0' a)
	run bpfhol answer passwd.probe - <<<"$long"
	assert_failure 1
	run bpfhol answer passwd.probe - < <(printf '%s\r\n' "$long")
	assert_failure 1
	run bpfhol answer passwd.probe - <<<"${long}b"
	assert_failure 2
	assert_output --partial '4097 bytes'
	run bpfhol answer passwd.probe - < <(printf '%s' "${long}bcd")
	assert_failure 2
	assert_output --partial '4099 bytes'
}

@test "check waits for its turn as answer does" {
	need_cmd flock
	bpfhol answer passwd.nargs 2
	flock "$BPFHOL_HOME/turn" sh -c "echo >'$BATS_TEST_TMPDIR/held'; exec sleep 60" 3>&- &
	ends_with_test $!
	wait_for 5 test -s "$BATS_TEST_TMPDIR/held"
	run timeout 1 "$BIN/bpfhol" check
	assert_failure 124
	pkill -P $! -x sleep
	run timeout 30 "$BIN/bpfhol" check
	assert_failure 77
}

@test "flags that nothing compiles with are to blame, not the kit and not the edit" {
	work_on second-probe.c
	CFLAGS=-fnosuchflag run bpfhol build passwd
	assert_failure 1
	run bpfhol answer passwd.second-probe
	assert_failure 77
	assert_output --partial "-fnosuchflag'"
	assert_output --partial 'CC= CFLAGS= '
	CFLAGS=-fsyntax-only run bpfhol build passwd
	run bpfhol answer passwd.second-probe
	assert_failure 77
	assert_output --partial 'made no program'
}

# Killed at the first compilation, then at the second: one of them is the kit's own.
@test "a compiler that is killed says nothing about the source" {
	need_root
	need_bpf
	work_on second-probe.c
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" 2>/dev/null || true
	local from
	for from in 1 2; do
		cat >"$BATS_TEST_TMPDIR/mycc" <<-END
			#!/bin/sh
			echo >>"\$(dirname "\$0")/count"
			[ "\$(wc -l <"\$(dirname "\$0")/count")" -lt $from ] || kill -9 \$\$
			exec gcc "\$@"
		END
		chmod 755 "$BATS_TEST_TMPDIR/mycc"
		CC=$BATS_TEST_TMPDIR/mycc run bpfhol build passwd
		: >"$BATS_TEST_TMPDIR/count"
		chmod 666 "$BATS_TEST_TMPDIR/count"
		run bpfhol answer passwd.second-probe
		assert_failure 77
		assert_output --partial 'was killed; answer once more'
	done
}

@test "a compiler and headers named by relative paths are found again" {
	need_root
	need_bpf
	work_on second-probe.c
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" 2>/dev/null || true
	mkdir "$BATS_TEST_TMPDIR/here" "$BATS_TEST_TMPDIR/here/inc" "$BATS_TEST_TMPDIR/a b"
	cd "$BATS_TEST_TMPDIR/here"
	ln -s "$(command -v gcc)" mycc
	: >inc/extra.h
	: >other.h
	for flags in '-Iinc -include extra.h' '-I inc -include other.h' '-isysteminc -include ./other.h'; do
		CC=./mycc CFLAGS=$flags run bpfhol build passwd
		assert_success
		run bpfhol answer passwd.second-probe
		assert_success
	done
	cp -a . "../a b"
	cd "../a b"
	CC=./mycc run bpfhol build passwd
	assert_failure 77
	assert_output --partial "blank"
	CFLAGS=-DX=$'\xff' run bpfhol build passwd
	assert_failure 77
	assert_output --partial "no text (UTF-8)"
}
