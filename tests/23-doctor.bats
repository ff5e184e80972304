#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load helpers

@test "as root: all is tried and works" {
	need_root
	need_bpf
	run usdt doctor
	assert_success
	refute_line --regexp '^NO'
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
