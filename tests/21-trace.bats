#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What `usdt trace` sees, on programs whose firings are known. Each by its pid or as -c.

load helpers

setup() {
	kit_setup
	need_root
	need_bpf
	need_cmd jq
	cd "$BATS_TEST_TMPDIR" || return 1
	gcc -O1 -Wno-error -o burst "$KIT/tests/targets/burst.c"
	gcc -O2 -o shapes "$KIT/tests/targets/shapes.c"
}

# trace_burst COUNT [OPTION...] - a burst released once the tracer says "attached"
trace_burst() {
	local count=$1 target tracer
	shift
	mkfifo go
	./burst "$count" <go 3>&- &
	target=$!
	exec 7>go
	wait_for 5 is_program "$target" ./burst
	usdt trace "$@" -o events -F json -p "$target" 'hit' 2>talk 3>&- 7>&- &
	tracer=$!
	wait_for 10 -p "$tracer" grep -q '^attached' talk
	echo >&7
	exec 7>&-
	wait "$tracer"
	wait "$target"
}

for_each_backend() {
	local backend
	for backend in multi perf; do
		rm -f go events talk
		"$@" -B "$backend"
	done
}

exactly_500() {
	trace_burst 500 "$@"
	[ "$(wc -l <events)" = 500 ]
	jq -es 'map(.args) == [range(500) | [-., "some text"]]' events
	grep -qx '500 events, 0 lost' talk
}

@test "N firings after \"attached\" are N events with their values, both backends" {
	for_each_backend exactly_500
}

# bpftrace does not say when it is attached, so it is given time: it sees the later ones.
@test "the same firings as bpftrace sees, in the same order" {
	need_cmd bpftrace
	local target
	mkfifo go
	./burst 1500 5000 <go 3>&- &
	target=$!
	exec 7>go
	wait_for 5 is_program "$target" ./burst
	usdt trace -o events -F json -p "$target" hit 2>talk 3>&- 7>&- &
	timeout 60 bpftrace -B line -p "$target" -e "usdt:$PWD/burst:burst:hit
		{ printf(\"%d %s\\n\", (int32)arg0, str(arg1)); }" >peer 2>&1 3>&- 7>&- &
	wait_for 10 grep -q '^attached' talk
	echo >&7
	exec 7>&-
	wait
	jq -r '"\(.args[0]) \(.args[1])"' events >ours
	grep -E '^-?[0-9]+ some text$' peer >theirs
	[ "$(wc -l <ours)" = 1500 ]
	[ "$(wc -l <theirs)" -ge 100 ]
	tail -n "$(wc -l <theirs)" ours | diff theirs -
}

@test "300,000 firings as fast as they come: none lost" {
	trace_burst 300000
	[ "$(wc -l <events)" = 300000 ]
	grep -qx '300000 events, 0 lost' talk
}

@test "a reader that is held: seen and lost add up" {
	local target tracer
	mkfifo go
	./burst 100000 <go 3>&- &
	target=$!
	exec 7>go
	wait_for 5 is_program "$target" ./burst
	usdt trace -b 1 -o events -F json -p "$target" hit 2>talk 3>&- 7>&- &
	tracer=$!
	wait_for 10 -p "$tracer" grep -q '^attached' talk
	kill -STOP "$tracer"
	echo >&7
	exec 7>&-
	wait "$target"
	kill -CONT "$tracer"
	wait "$tracer"
	awk '/events/ { exit !($1 + $3 == 100000 && $3 > 0) }' talk
}

@test "every kind of operand, both backends" {
	local backend
	for backend in multi perf; do
		usdt trace -B "$backend" -o events -F json -c ./shapes 'shapes:*' 2>talk
		jq -c '[.name, .args]' events >got
		cat >want <<-'WANT'
			["widths",[136,30600,1432778632,1234605616436508552]]
			["places",[77,-55,{"hex":"010000000000000002000000000000000300000000000000"}]]
			["real",[1.5]]
			["cold",["across the edge"]]
			["bad",[20015998341120]]
		WANT
		grep -vE 'extremes|vector' got | sed 's/1234605616436508[0-9]*/1234605616436508552/' |
			diff - want
		grep -F '"args":[-9223372036854775808,18446744073709551615,-1]' events
		grep -F '"name":"vector"' events | grep -F '"error":' | grep -F ',7,66]'
	done
}

@test "a semaphore is up while traced, and down after a kill -9" {
	local target tracer
	mkfifo go
	./burst 1 <go 3>&- &
	target=$!
	exec 7>go
	wait_for 5 is_program "$target" ./burst
	usdt trace -p "$target" guarded >/dev/null 2>talk 3>&- 7>&- &
	tracer=$!
	wait_for 10 -p "$tracer" grep -q '^attached' talk
	usdt list -v -p "$target" guarded | grep 'now 1: somebody traces'
	kill -KILL "$tracer"
	released() { usdt list -v -p "$1" guarded | grep -q 'now 0'; }
	wait_for 2 released "$target"
	exec 7>&-
	wait
}

@test "-n, -d, -c with children, Ctrl-C, a full disk, a closed pipe" {
	echo x >one
	run usdt trace -n 2 -c './burst 5' hit <one
	assert_success
	assert_line "2 events, 0 lost"
	run timeout 10 usdt trace -d 0.3 "$PWD/burst:hit"
	assert_success
	assert_line "0 events, 0 lost"
	run usdt trace -c 'sh -c "./burst 3 <one; ./burst 4 <one"' "$PWD/burst:hit"
	assert_success
	assert_line "7 events, 0 lost"
	run usdt trace -o /dev/full -c './burst 5' hit <one
	assert_failure 1
	assert_output --partial "No space left"
	run bash -c "usdt trace -c './burst 3000' hit <one 2>talk | head -n 1"
	assert_success
	grep -q 'events\?, 0 lost' talk
	run bash -c "usdt trace -d 2 -c 'sh -c \"./burst 3 <one; sleep 1; ./burst 3 <one\"' '$PWD/burst:hit' 2>talk | head -n 1"
	assert_success
	! grep 'cannot write' talk || fail "$(cat talk)"
	run usdt trace -c './no-such-program' "$PWD/burst:hit"
	assert_failure 1
}

@test "a trace that ends first ends its command and what that started, and nothing else" {
	local marker=3141.$$
	run usdt trace -d 0.3 -c "sh -c \"sleep $marker >/dev/null; :\"" "$PWD/burst:hit"
	assert_success
	none() { ! pgrep -f "^sleep $marker"; }
	wait_for 3 none
	sleep "$marker" 3>&- &
	run usdt trace -c "sh -c \"exit 0\"" "$PWD/burst:hit"
	assert_success
	kill "$!"
}

@test "Ctrl-C: what was received is written, and counted" {
	local target tracer
	start_target usdt-passwd 42
	target=$TARGET_PID
	usdt trace -p "$target" -o events '*' 2>talk 3>&- &
	tracer=$!
	wait_for 10 test -s events
	kill -INT "$tracer"
	wait_for 5 grep -q lost talk
	[ "$(wc -l <events)" = "$(awk '/lost/ { print $1 }' talk)" ]
}

@test "Ctrl-C while a slow reader holds up the writing: no line is torn, none missing" {
	local tracer
	mkfifo pipe
	exec 8<>pipe 9<pipe 8>&- # it can be opened for writing, and nobody reads yet
	usdt trace -c './burst 100000' -F json hit <<<x >pipe 2>talk 3>&- 9<&- &
	tracer=$!
	ends_with_test "$tracer"
	held() { grep -q pipe_write "/proc/$tracer/stack"; }
	wait_for 10 -p "$tracer" held
	kill -INT "$tracer"
	cat <&9 >events &
	exec 9<&-
	wait
	[ "$(jq -c .args events | wc -l)" = "$(awk '/lost/ { print $1 }' talk)" ]
	[ "$(jq -r .path events | sort -u)" = "$PWD/burst" ]
}

@test "no privilege: 77 and what to try" {
	run setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$(public_bin)/usdt" trace -d 1 libstdc++:throw
	drop_public_bin
	assert_failure 77
	assert_output --partial "sudo"
}

@test "bad usage: one line and where to look" {
	run usdt trace
	assert_failure 2
	assert_output --partial "Try 'usdt trace --help'"
	run usdt trace -p 1 -c true x
	assert_failure 2
	run usdt trace --nonsense x
	assert_failure 2
	for command in list trace site doctor; do
		run usdt "$command" --help
		assert_success
	done
}
