#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load helpers

@test "as root: all is tried and works" {
	need_root
	need_bpf
	need_cmd jq
	run -0 usdt doctor -j
	jq -es 'all(.[]; .ok or .optional)' <<<"$output"
}

# of NAME - what doctor says of it, as "ok cause"
of() { usdt doctor -j | jq -r --arg name "$1" 'select(.check == $name) | "\(.ok) \(.cause)"'; }

@test "programs of the system: those that readelf finds probes in, and no others" {
	need_cmd jq readelf
	local file
	file=$(readlink -f "$(ldconfig -p | awk '/libstdc\+\+\.so\.6.*x86-64/ {print $NF; exit}')")
	assert_equal "$(of libstdcxx)" "$(readelf -n "$file" | grep -q 'Name: throw' && echo 'true ')"
	for file in /usr/bin/python3 /usr/local/bin/python3; do
		readelf -n "$file" 2>/dev/null | grep -q 'Name: import__find__load__start' || continue
		assert_equal "$(of python3)" 'true '
		return
	done
	assert_regex "$(of python3)" '^false '
}

@test "programs that are not there, or were built without probes: it says which" {
	need_root
	need_namespaces
	need_cmd jq
	hide='for folder in /usr/lib/jvm /usr/lib/postgresql; do
			[ ! -e $folder ] || mount -t tmpfs none $folder
		done
		mount --bind /bin/sh "$(readlink -f /usr/bin/python3)"'
	[ -e /usr/bin/python3 ] || cannot "needs python3"
	run -0 unshare -m sh -c "$hide && usdt doctor -j"
	jq -es 'map({(.check): .}) | add | (.python3.ok or .java.ok or .postgres.ok | not) and
		(.python3.cause | endswith("was built without them")) and
		(.postgres.cause | startswith("there is none at /usr/lib/postgresql/")) and
		.java.fix == "sudo apt install default-jre-headless"' <<<"$output"
}

@test "JSON: an object a line" {
	need_cmd jq
	usdt doctor -j | jq -es 'length >= 4 and all(.[]; .ok != null and .check)' >/dev/null
}

@test "with capabilities dropped: 77, the cause and the fix" {
	need_root
	need_cmd capsh
	run capsh --drop=cap_bpf,cap_perfmon,cap_sys_admin -- -c "$BIN/usdt doctor"
	assert_failure 77
	assert_output --partial "CAP_BPF and CAP_PERFMON"
	assert_output --partial "fix:"
}
