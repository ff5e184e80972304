#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What `usdt list` says, against readelf and gdb, on other people's programs.

load helpers

# by_readelf FILE, by_usdt FILE: a sorted line a location: provider:name address
# semaphore operands
by_readelf() {
	readelf -n "$1" | awk '
		/Provider:/ { provider = $2 }
		/Name:/ { name = $2 }
		/Location:/ { address = $2; semaphore = $6; sub(",", "", address) }
		/Arguments:/ { sub(/^ *Arguments: */, ""); sub(/ *$/, "")
			print provider ":" name, address, semaphore, $0 }' |
		sed 's/0x0*\([0-9a-f]\)/0x\1/g' | sort
}

by_usdt() {
	usdt list -j "$1" | jq -r '. as $p | .locations[] | "\($p.provider):\($p.name) \(.address)" +
		" \(.semaphore // "0x0") \([.args[].operand] | join(" "))"' | sort
}

same_as_readelf() {
	need_cmd readelf jq
	[ -f "$1" ] || cannot "needs $2"
	by_readelf "$1" >"$BATS_TEST_TMPDIR/readelf"
	by_usdt "$1" >"$BATS_TEST_TMPDIR/usdt"
	sed -i 's/ *$//' "$BATS_TEST_TMPDIR"/{readelf,usdt}
	[ -s "$BATS_TEST_TMPDIR/readelf" ]
	diff "$BATS_TEST_TMPDIR/readelf" "$BATS_TEST_TMPDIR/usdt"
}

same_as_gdb() {
	need_cmd gdb
	[ -f "$1" ] || cannot "needs $2"
	gdb -nx -batch -ex 'info probes stap' "$1" 2>/dev/null |
		awk '$1 == "stap" { sub(/0x0*/, "0x", $4); print $2 ":" $3, $4 }' | sort \
		>"$BATS_TEST_TMPDIR/gdb"
	by_usdt "$1" | cut -d' ' -f1,2 | sort >"$BATS_TEST_TMPDIR/usdt"
	[ -s "$BATS_TEST_TMPDIR/gdb" ]
	diff "$BATS_TEST_TMPDIR/gdb" "$BATS_TEST_TMPDIR/usdt"
}

libjvm() { find /usr/lib/jvm -name libjvm.so 2>/dev/null | head -n 1; }
postgres() { ls /usr/lib/postgresql/*/bin/postgres 2>/dev/null | head -n 1; }

@test "libjvm: as readelf says" { same_as_readelf "$(libjvm)" default-jre-headless; }
@test "PostgreSQL's server: as readelf says" { same_as_readelf "$(postgres)" postgresql; }
@test "CPython: as readelf says" { same_as_readelf /usr/bin/python3 python3; }
@test "libstdc++: as readelf says" {
	same_as_readelf /usr/lib/x86_64-linux-gnu/libstdc++.so.6 libstdc++6
}
@test "libjvm: as gdb says" { same_as_gdb "$(libjvm)" default-jre-headless; }
@test "PostgreSQL's server: as gdb says" { same_as_gdb "$(postgres)" postgresql; }

@test "sorted, each probe once, names as bpftrace takes them" {
	run usdt list "$BIN/usdt" "$BIN/usdt-passwd" "$BIN/usdt"
	assert_success
	assert_output "usdt:$BIN/usdt:usdt:doctor
usdt:$BIN/usdt-passwd:usdt_samp1:passwdfound"
}

@test "a library by its name, a program by \$PATH" {
	run usdt list libstdc++
	assert_success
	assert_output --partial "libstdcxx:throw"
	run usdt list usdt:usdt:doctor
	assert_success
	assert_output "usdt:$BIN/usdt:usdt:doctor"
}

@test "a script in front of a program on \$PATH is passed over, but not one alone" {
	mkdir "$BATS_TEST_TMPDIR/first"
	printf '#!/bin/sh\n' | tee "$BATS_TEST_TMPDIR/first/usdt-passwd" >"$BATS_TEST_TMPDIR/first/alone"
	chmod +x "$BATS_TEST_TMPDIR"/first/*
	PATH="$BATS_TEST_TMPDIR/first:$PATH" run usdt list usdt-passwd
	assert_success
	assert_output --partial "$BIN/usdt-passwd"
	PATH="$BATS_TEST_TMPDIR/first:$PATH" run usdt list alone
	assert_failure 1
	assert_output --partial "first/alone' is not an ELF file"
}

@test "nothing matches: status 1 and the nearest name" {
	run usdt list usdt:usdt:doctr
	assert_failure 1
	assert_output --partial "did you mean: usdt:doctor"
	run usdt list /bin/true
	assert_failure 1
	assert_output --partial "no probes"
}

@test "what is no program: a clear word, status 1" {
	for file in /etc/passwd /etc /nowhere/at/all; do
		run usdt list "$file"
		assert_failure 1
		assert_output --partial "$file"
	done
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	run timeout 5 usdt list "$BATS_TEST_TMPDIR/fifo"
	assert_failure 1
}

@test "a file cut anywhere: no crash, and a message where nothing is listed" {
	local size cut
	size=$(stat -c %s "$BIN/usdt-passwd")
	for cut in 0 1 4 16 63 64 100 500 1000 $((size / 3)) $((size / 2)) $((size - 1)); do
		head -c "$cut" "$BIN/usdt-passwd" >"$BATS_TEST_TMPDIR/cut"
		run usdt list -v "$BATS_TEST_TMPDIR/cut"
		assert_failure 1
		assert_output --partial "usdt: "
	done
}

@test "a process that is not there, one that may not be looked at" {
	need_root
	run usdt list -p 4194305
	assert_failure 1
	assert_output --partial "no process"
	run setpriv --reuid 65534 --regid 65534 --clear-groups "$(public_bin)/usdt" list -p $$
	drop_public_bin
	assert_failure 77
}
