#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The target stall. Its second witnesses are readelf, gdb and bpftrace.

load helpers

setup() {
	kit_setup
	cd "$BATS_TEST_TMPDIR"
}

# build COMPILER FLAG... - as ./stall
build() {
	need_cmd "$1"
	"$1" -std=gnu++17 -D_GNU_SOURCE -Wall -Wextra -g "${@:2}" -I "$KIT/targets/lib" \
		-o stall "$KIT/targets/stall.cc" "$BIN/libtarget.a"
}

# locations FILE PROBE - their addresses, in decimal
locations() {
	local address
	for address in $(readelf -n "$1" | awk -v name="$2" '$1 == "Name:" {is = $2 == name}
		is && /Location:/ {sub(",", "", $2); print $2; is = 0}'); do
		echo $((address))
	done
}

# within FILE SYMBOL PROBE - how many of its locations are in that function
within() {
	local at size location count=0
	read -r at size < <(nm -S "$1" | awk -v name="$2" '$4 == name {print "0x" $1, "0x" $2}')
	for location in $(locations "$1" "$3"); do
		((location < at || location >= at + size)) || count=$((count + 1))
	done
	echo $count
}

@test "eight notes or more, as readelf has them" {
	same_as_readelf "$BIN/stall"
	assert_equal "$(readelf -n "$BIN/stall" | awk '$1 == "Name:" {print $2}' | sort -u | xargs)" \
		"queue round rounded rung served weighed"
}

@test "whatever the compiler: weighed is in its function once, and elsewhere too" {
	for command in 'g++ -O1 -fno-inline' 'g++ -O0' 'clang++ -O1 -fno-inline' 'clang++ -O0'; do
		read -ra words <<<"$command"
		build "${words[@]}"
		assert_equal "$command $(within stall _ZN5Scale5weighEi weighed)" "$command 1"
		[ "$(locations stall weighed | wc -l)" -ge 3 ]
		assert_equal "$(within stall _ZN4Till4ringEi rung)" 1
		assert_equal "$(nm stall | grep -c ' _ZN4Till4sellI[0-9A-Za-z]*EEvi$')" 24
		assert_equal "$(nm stall | grep -cE ' _ZN4Till(7roundedEi|14rounded_probedEi|5closeEv)$')" 3
	done
}

@test "a probe costs more than its nop" {
	size() { readelf -sW "$BIN/stall" | awk -v name="$1" '$8 == name {print $3; exit}'; }
	[ $(($(size _ZN4Till14rounded_probedEi) - $(size _ZN4Till7roundedEi))) -gt 1 ]
}

@test "members of the till lie where the lab looks for them, by gdb" {
	need_cmd gdb
	run -0 gdb -batch -ex 'ptype /o Till' "$BIN/stall"
	assert_line --regexp '^/\* +16 +\| +4 \*/ +int sold_;'
	assert_line --regexp '^/\* +20 +\| +4 \*/ +int takings_;'
	grep -qF 'args: -4@20(%rdi) -4@16(%rdi) 8@%rdi' "$KIT/labs/10-uprobes/lab.yaml"
}

# first_rounds SEED... - what a program with each does in its first whole round, by
# bpftrace: "SEED FIRINGS TAKINGS CALLS SYMBOL" a line
first_rounds() {
	local seed pid
	declare -A seed_of=()
	for seed; do
		"$BIN/stall" < <(echo "$seed") >/dev/null 2>&1 3>&- &
		pid=$!
		ends_with_test $pid
		seed_of[$pid]=$seed
	done
	bpftrace -e "
		usdt:$BIN/stall:stall:round { @in[pid]++; }
		uprobe:$BIN/stall:_ZN5Scale5weighEi /@in[pid] == 1/ { @v[pid]++; }
		usdt:$BIN/stall:stall:weighed /@in[pid] == 1/ { @p[pid]++; }
		uprobe:$BIN/stall:_ZN4Till4sellI* /@in[pid] == 1/ { @s[pid, probe]++; }
		uprobe:$BIN/stall:_ZN4Till5closeEv /@in[pid] == 1/ { @t[pid] = *(int32 *)(arg0 + 20); }
		interval:s:4 { exit(); }" >said 2>talk
	for pid in "${!seed_of[@]}"; do
		kill "$pid"
		echo "${seed_of[$pid]} $(sed -n "s/^@[ptv]\[$pid\]: //p" said | xargs) $(
			sed -n "s/^@s\[$pid, uprobe:.*:\(.*\)\]: \(.*\)/\2 \1/p" said | sort -rn |
				awk 'NR == 1 {print $2}')"
	done
}

@test "of 20 seeds no live answer occurs more than three times; the same seed, the same" {
	need_root
	need_bpf
	need_cmd bpftrace
	first_rounds $(seq 20) 1 >all
	assert_equal "$(wc -l <all)" 21
	assert_equal "$(awk 'NF == 5' all | wc -l)" 21
	assert_equal "$(sort -u all | wc -l)" 20
	sort -u all >each
	most() { sort | uniq -c | sort -rn | awk 'NR == 1 {print $1}'; }
	for column in 2 3 4 5; do
		[ "$(cut -d' ' -f$column each | most)" -le 3 ] || fail "column $column: $(cat each)"
	done
}

@test "a round takes less than two seconds, and queues are as long as they say" {
	need_root
	need_bpf
	need_cmd jq
	start_target stall 3
	run -0 --separate-stderr usdt trace -p "$TARGET_PID" -n 4 -F json round
	jq -s 'map(.time) | [.[1:], .[:-1]] | transpose | map(.[0] - .[1]) | max < 2e9' -e <<<"$output"
	run -0 --separate-stderr usdt trace -p "$TARGET_PID" -n 300 -F json queue rung served
	jq -s -e 'map(.name) | join(" ") | split("queue ")[1] | split(" served")[0] | split(" ") | length' \
		<<<"$output" >length
	jq -s -e "[.[] | select(.name == \"queue\")][1].args[0] == $(cat length)" <<<"$output"
}

@test "the answers are not in argv, environ, maps, open files, the heartbeat or strings" {
	need_root
	need_bpf
	need_cmd bpftrace
	read -r _ _ takings _ < <(first_rounds 11)
	start_target stall 11
	proc=/proc/$TARGET_PID
	{
		strings -a "$BIN/stall"
		tr '\0' '\n' <"$proc/cmdline"
		tr '\0' '\n' <"$proc/environ"
		cat "$proc/maps" "$proc/status" "$proc/stat" "$proc/comm"
		ls -l "$proc/fd" "$proc/cwd" "$proc/exe"
		cat "$HEARTBEAT" "$BATS_TEST_TMPDIR/stall.log"
	} >seen
	[ "$takings" -gt 99999999 ]
	run -1 grep -i -e "$takings" -e "$(printf %x "$takings")" seen
}

@test "the heartbeat is one line that is rewritten, and SIGTERM ends it at once" {
	start_target stall 1
	first=$(cat "$HEARTBEAT")
	assert_regex "$first" '^days [0-9]{10}$'
	changed() { [ "$(cat "$HEARTBEAT")" != "$first" ]; }
	wait_for 5 -p "$TARGET_PID" changed
	assert_equal "$(wc -l <"$HEARTBEAT")" 1
	kill -TERM "$TARGET_PID"
	wait_for 1 gone "$TARGET_PID"
}
