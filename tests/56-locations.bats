#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The targets concat and waker: one probe at many locations. Their second witnesses are
# readelf and addr2line for where the probe stands, and for what is hit a build that logs
# its own firings.

load helpers
load labs

# Without the kit's -O1 -fno-inline
FLAGS=(-std=gnu11 -D_GNU_SOURCE -Wall -g -I "$KIT/targets/lib")

setup_file() {
	local program
	for program in concat waker; do
		gcc "${CFLAGS[@]}" -DSDT_LOG_ADDRESS -include "$KIT/tests/sdt_log.h" \
			-o "$BATS_FILE_TMPDIR/$program" "$KIT/targets/$program.c" "$BIN/libtarget.a"
	done
	export LOGGED=$BATS_FILE_TMPDIR
}

# in_all_builds PROGRAM CHECK - call CHECK for what gcc and clang make of it at -O0 and -O2
in_all_builds() {
	local compiler level file=$BATS_TEST_TMPDIR/$1
	need_cmd gcc clang
	for compiler in gcc clang; do
		for level in -O0 -O2; do
			"$compiler" "${FLAGS[@]}" $level -o "$file" "$KIT/targets/$1.c" "$BIN/libtarget.a"
			"$2" "$file" || fail "$compiler $level"
		done
	done
	"$2" "$BIN/$1"
}

# shape FILE - a line a probe: provider:name, how many locations, how many arguments
shape() {
	by_readelf "$1" | awk '{ places[$1]++; arguments[$1] = NF - 3 }
		END { for (p in places) print p, places[p], arguments[p] }' | sort
}

# places FILE PROBE - addresses, by readelf
places() {
	by_readelf "$1" | awk -v probe="$2" '$1 == probe { print $2 }'
}

# functions FILE ADDRESS... - the function each stands in; wake() is built into its callers
functions() {
	local address
	for address in "${@:2}"; do
		addr2line -fi -e "$1" "$address" | awk 'NR % 2 && $0 != "wake" { print; exit }'
	done
}

# log_rounds PROGRAM SEED ROUNDS - a line a firing in the first rounds, by the program's own
# log: ROUND NAME FUNCTION [ARGUMENTS]
log_rounds() {
	local log=$BATS_TEST_TMPDIR/$1.$2 pid address
	SDT_LOG=$log "$LOGGED/$1" < <(echo "$2") >/dev/null 3>&- &
	pid=$!
	ends_with_test "$pid"
	begun() { [ "$(grep -c '^round ' "$log")" -gt "$1" ]; }
	wait_for $((3 * $3 + 5)) -p "$pid" begun "$3"
	kill "$pid"
	for address in $(awk '{ print $NF }' "$log" | sort -u); do
		echo "$address $(functions "$LOGGED/$1" "$address")"
	done >"$log.functions"
	awk -v last="$3" 'NR == FNR { at[$1] = $2; next }
		$1 == "round" { round++; next }
		round && round <= last { print round, $1, at[$NF], $2 }' "$log.functions" "$log"
}

# lines FILE PROBE - how many locations each line of source has
lines() {
	places "$1" "$2" | addr2line -e "$1" | sed 's/ .*//' | sort | uniq -c |
		awk '{ print $1 }' | sort -n | xargs
}

# Seven locations have lines of their own, the other five one together.
twelve() {
	diff <(shape "$1") - <<-EOF && [ "$(lines "$1" libpthread:lll_futex_wake)" = '1 1 1 1 1 1 1 5' ]
		libpthread:lll_futex_wake 12 3
		libpthread:pthread_create 1 4
		libpthread:pthread_start 1 3
		waker:round 1 1
	EOF
}

family() {
	diff <(shape "$1") - <<-EOF && [ "$(lines "$1" text:cow_concat)" = '1 1 1 1 1' ]
		text:cow_concat 5 2
		text:round 1 1
	EOF
}

@test "waker: the wake probe at twelve locations with three arguments, whoever compiles it" {
	in_all_builds waker twelve
}

@test "concat: one probe in a family of five functions, whoever compiles it" {
	in_all_builds concat family
	# shellcheck disable=SC2046
	assert_equal "$(functions "$BIN/concat" $(places "$BIN/concat" text:cow_concat) | sort | xargs)" \
		'concat_is concat_s3 concat_s4 concat_si concat_ss'
}

@test "every round has the same firings, in another order" {
	for program in concat waker; do
		log_rounds $program 3 3 >"$BATS_TEST_TMPDIR/rounds"
		# The threads are others in each round, and so are some of waker's arguments.
		[ $program = concat ] || sed -i 's/ \[.*//' "$BATS_TEST_TMPDIR/rounds"
		for round in 1 2 3; do
			sed -n "s/^$round //p" "$BATS_TEST_TMPDIR/rounds" >"$BATS_TEST_TMPDIR/round.$round"
		done
		cd "$BATS_TEST_TMPDIR"
		[ "$(wc -l <round.1)" -ge 40 ]
		cmp <(sort round.1) <(sort round.2)
		cmp <(sort round.1) <(sort round.3)
		run ! cmp -s round.1 round.2
	done
}

@test "a round takes about a second" {
	for program in concat waker; do
		log_rounds $program 4 4 >/dev/null
		awk '$1 == "round" { if (last) print ($6 - last) / 1e6; last = $6 }' \
			"$BATS_TEST_TMPDIR/$program.4" | sort -n >"$BATS_TEST_TMPDIR/ms"
		awk 'NR == 1 && ($1 < 900 || $1 > 2000) { exit 1 }' "$BATS_TEST_TMPDIR/ms" ||
			fail "$(cat "$BATS_TEST_TMPDIR/ms")"
	done
}

@test "one location is never hit and one most, which ones the seed says" {
	for program in concat:cow_concat:5 waker:lll_futex_wake:12; do
		IFS=: read -r program probe all <<<"$program"
		for seed in 1 2 3; do
			log_rounds "$program" "$seed" 1 | awk -v probe="$probe" '$2 == probe { print $3 }' |
				sort | uniq -c | sort -rn >"$BATS_TEST_TMPDIR/hits.$seed"
			[ "$(wc -l <"$BATS_TEST_TMPDIR/hits.$seed")" = $((all - 1)) ]
			awk 'NR == 1 { most = $1 } NR == 2 && most < $1 + 7 { exit 1 }' \
				"$BATS_TEST_TMPDIR/hits.$seed"
		done
		run ! cmp -s "$BATS_TEST_TMPDIR/hits.1" "$BATS_TEST_TMPDIR/hits.2"
	done
}

@test "concat: both sizes together are the size of the string that comes out, by gdb" {
	need_root
	need_cmd gdb
	start_target concat 3
	cd "$BATS_TEST_TMPDIR"
	echo 'break -probe-stap text:cow_concat' >script
	for _ in $(seq 12); do
		printf '%s\n' continue 'printf "sizes %d %d\n", $_probe_arg0, $_probe_arg1' finish
	done >>script
	run -0 gdb -batch -p "$TARGET_PID" -x script
	awk '/^sizes/ { sum = $2 + $3; n++ }
		/^Value returned/ { match($0, /size = [0-9]+/)
			if (substr($0, RSTART + 7, RLENGTH - 7) != sum) exit 1 }
		END { exit n != 12 }' <<<"$output" || fail "$output"
	[ "$(grep -c '^Value returned' <<<"$output")" = 12 ]
}

@test "waker: threads sleep on futexes and are woken, in one round after the other" {
	need_cmd strace
	need_root
	start_target waker 5
	strace -f -e trace=futex -o "$BATS_TEST_TMPDIR/calls" -p "$TARGET_PID" 3>&- 2>/dev/null &
	tracer=$!
	ends_with_test "$tracer"
	woken() { [ "$(grep -c 'FUTEX_WAKE_PRIVATE, 1.*= 1$' "$BATS_TEST_TMPDIR/calls")" -ge "$1" ]; }
	wait_for 15 -p "$TARGET_PID" woken 100
	kill "$tracer"
	wait_for 5 gone "$tracer"
	[ "$(awk '/FUTEX_WAKE/ { print $1 }' "$BATS_TEST_TMPDIR/calls" | sort -u | wc -l)" -ge 6 ]
}

@test "the tracer sees by location what the program's own log says" {
	need_root
	need_bpf
	need_cmd jq
	for program in concat waker; do
		start_target $program 6
		cd "$BATS_TEST_TMPDIR"
		usdt trace -p "$TARGET_PID" -F json -o events '*' 2>talk 3>&- &
		tracer=$!
		ends_with_test "$tracer"
		rounds() { [ "$(grep -c '"name":"round"' events)" -ge 3 ]; }
		wait_for 20 -p "$tracer" rounds
		kill -INT "$tracer"
		wait_for 5 gone "$tracer"
		kill "$TARGET_PID"
		awk '/"name":"round"/ { round++; next } round == 2' events |
			jq -r '"\(.name) \(.location)" + if .name == "cow_concat" then " \(.args)" else "" end' |
			while read -r name address arguments; do
				echo "$name $(functions "$BIN/$program" "$address") $arguments"
			done | sed 's/ *$//' | sort >seen
		log_rounds $program 6 1 | sed 's/^1 //' | sort >logged
		[ $program = concat ] || sed -i 's/ \[.*//' logged
		cmp seen logged
	done
}

@test "no answers in strings, argv, environ, maps, open files or the heartbeat" {
	for program in concat waker; do
		start_target $program 8
		proc=/proc/$TARGET_PID
		assert_equal "$(tr '\0' ' ' <"$proc/cmdline")" "$BIN/$program "
		run grep -c . "$HEARTBEAT"
		assert_output 1
		assert_regex "$(cat "$HEARTBEAT")" '^rounds [0-9]{10}$'
		# Nothing is mapped or open that another seed would not have, too.
		look() {
			awk '{ print $2, $6 }' "/proc/$1/maps" | sort -u
			find "/proc/$1/fd" -printf '%f %l\n' | sed '/pipe:/d' | sort
			tr '\0' '\n' <"/proc/$1/environ"
		}
		one=$TARGET_PID
		look "$one" >"$BATS_TEST_TMPDIR/one"
		kill "$one"
		start_target $program 9
		look "$TARGET_PID" >"$BATS_TEST_TMPDIR/two"
		kill "$TARGET_PID"
		diff "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/two"
	done
}

@test "SIGTERM ends them at once, and until then they hardly work" {
	for program in concat waker; do
		start_target $program 1
		third() { [ "$(tail -c 2 "$HEARTBEAT")" -ge 3 ]; }
		wait_for 10 -p "$TARGET_PID" third
		# User and system time in hundredths of a second, of three seconds.
		used=$(awk '{ print $14 + $15 }' "/proc/$TARGET_PID/stat")
		[ "$used" -le 30 ]
		kill -TERM "$TARGET_PID"
		wait_for 1 gone "$TARGET_PID"
	done
}

# answers SEED OTHER - what the lab's witness says of the programs that run
answers() {
	TMP=$BATS_TEST_TMPDIR "$KIT/labs/04-locations/witness" "$1" "$2" "$CONCAT" "$WAKER"
}

start_both() {
	start_target concat "$1"
	CONCAT=$TARGET_PID
	start_target waker "$1"
	WAKER=$TARGET_PID
}

@test "of 20 seeds no live answer of the lab occurs more than three times" {
	start_both 1
	answers 1 2 >"$BATS_TEST_TMPDIR/values.1" # and compiles what the others use, too
	jobs=()
	for seed in $(seq 2 20); do
		answers "$seed" 1 >"$BATS_TEST_TMPDIR/values.$seed" 3>&- &
		jobs+=($!)
	done
	for job in "${jobs[@]}"; do
		wait "$job"
	done
	cd "$BATS_TEST_TMPDIR"
	for answer in busiest:busiest-hits silent:loudest bytes:bytes; do
		for seed in $(seq 20); do
			sed -n "s/^${answer%:*}=//p; s/^${answer#*:}=//p" "values.$seed" | xargs
		done | sort | uniq -c | sort -rn >often
		[ "$(awk '{ n += $1 } END { print n }' often)" = 20 ]
		[ "$(awk 'NR == 1 { print $1 }' often)" -le 3 ] || fail "$answer: $(cat often)"
	done
}

# typed FILE - its answers as lines for grade, with this kit's values; cases go to 5
typed() {
	local question answer words pid
	while IFS='|' read -r question answer words; do
		question=$(trim "$question") answer=$(fill "$(trim "$answer")") pid=$WAKER
		[[ $question != busiest && $question != bytes ]] || pid=$CONCAT
		ask locations "$question" "$answer" "\"pid\":$pid"
		echo "$question '$answer'|$2|$(trim "$words")" >&5
	done < <(grep -v '^#' "$1")
}

@test "the lab's answers are judged alike, whoever compiled the programs" {
	need_root
	need_bpf
	need_cmd gcc clang
	lab=$KIT/labs/04-locations copy=$BATS_TEST_TMPDIR/kit
	mkdir -p "$copy/bin"
	cp "$BIN/grade" "$BIN/libtarget.a" "$copy/bin/"
	cp -rL "$KIT/labs" "$copy/"
	BIN=$copy/bin
	declare -A VALUE
	for build in 'gcc -O0' 'gcc -O2' 'clang -O0' 'clang -O2'; do
		for program in concat waker; do
			${build% *} "${FLAGS[@]}" "${build#* }" -o "$BIN/$program" \
				"$KIT/targets/$program.c" "$BIN/libtarget.a"
		done
		start_both 31
		while IFS='=' read -r name value; do
			VALUE[$name]=$value
		done < <(answers 31 32)
		{
			typed "$lab/solution/answers" pass
			typed "$lab/wrong/answers" wrong
		} 5>"$BATS_TEST_TMPDIR/cases" >"$BATS_TEST_TMPDIR/in"
		judge_cases "$BATS_TEST_TMPDIR/cases" "$BATS_TEST_TMPDIR/in" || fail "$build"
		kill "$CONCAT" "$WAKER"
	done
}

# revealed QUESTION COMMAND - what that command of the reveal prints, run as it stands there
revealed() {
	# Lines that were too wide are whole again, so that a command is found.
	bpfhol reveal "locations.$1" | sed -e ':a' -e '/ \\$/{N;s/ \\\n */ /;ta' -e '}' |
		awk -v command="$2" 'index($0, command) { on = 1 } /^[^ ]/ { on = 0 } on' |
		sed 's/sudo //' >"$BATS_TEST_TMPDIR/how"
	bash "$BATS_TEST_TMPDIR/how" 2>"$BATS_TEST_TMPDIR/said"
}

@test "what is revealed leads to the right answers" {
	need_root
	need_bpf
	run -0 bpfhol start locations
	assert_equal "$(bpfhol pid locations | xargs)" \
		"$(bpfhol pid locations concat) $(bpfhol pid locations waker)"
	for question in 'wake 1 1' 'one-line 1' 'busiest 1 1' 'silent 1 1' 'bytes 1'; do
		# shellcheck disable=SC2086
		run -1 bpfhol answer locations.$question
	done
	all=$(revealed wake 'usdt list -v' | grep -c 'address')
	arguments=$(revealed wake 'usdt list -v' | grep -c ' arg')
	run -0 bpfhol answer locations.wake $all $((arguments / all))

	revealed one-line 'usdt list -v' | sed -n 's/.*address \(0x[^,]*\),.* \([^ ]*:[0-9]*\)$/\2 \1/p' |
		sort >"$BATS_TEST_TMPDIR/lines"
	run -0 bpfhol answer locations.one-line "$(awk '{ n[$1]++; at[$1] = at[$1] " " $2 }
		END { for (line in n) if (n[line] > 1) print at[line] }' "$BATS_TEST_TMPDIR/lines")"

	revealed busiest 'usdt trace' | sort -rn >"$BATS_TEST_TMPDIR/round"
	read -r hits at <"$BATS_TEST_TMPDIR/round"
	run -0 bpfhol answer locations.busiest "$at" "$hits"

	revealed silent 'usdt count' | grep -o '0x[0-9a-f]*' >"$BATS_TEST_TMPDIR/hit"
	silent=$(cut -d' ' -f2 "$BATS_TEST_TMPDIR/lines" | grep -vxFf "$BATS_TEST_TMPDIR/hit")
	run -0 bpfhol answer locations.silent "$silent" "$(head -n 1 "$BATS_TEST_TMPDIR/hit")"

	run -0 bpfhol answer locations.bytes "$(revealed bytes 'usdt trace')"
	run -0 bpfhol check locations
}

@test "bpftrace, as it is revealed, says the same as the kit's tracer" {
	need_root
	need_bpf
	need_cmd bpftrace
	bpfhol start locations
	for question in 'busiest 1 1' 'bytes 1'; do
		# shellcheck disable=SC2086
		run -1 bpfhol answer locations.$question
	done
	revealed bytes 'bpftrace -p' | sed -n 's/^@bytes\[[1-9][0-9]*\]: //p' >"$BATS_TEST_TMPDIR/bytes"
	# Its maps come in any order: a whole round is what several have.
	run -0 bpfhol answer locations.bytes "$(sort "$BATS_TEST_TMPDIR/bytes" | uniq -d)"
	revealed busiest 'bpftrace -p' | sed -n 's/^@hits.*: //p' >"$BATS_TEST_TMPDIR/hits"
	at=$(revealed busiest 'usdt count' | grep -o '0x[0-9a-f]*' | head -n 1)
	run -0 bpfhol answer locations.busiest "$at" "$(sort -n "$BATS_TEST_TMPDIR/hits" | tail -n 1)"
}
