#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The target sumd. Its witnesses: Apache Thrift's compiler and Python client
# (tests/sum_client.py), and a build that logs its own firings.

load helpers

FLAGS=(-std=gnu11 -D_GNU_SOURCE -g -O1 -fno-inline -I "$KIT/targets/lib")
LIB=("$KIT"/targets/lib/{sum,thrift}_*.c "$KIT"/targets/lib/{seed,heartbeat}.c)

setup_file() {
	export LOGGED=$BATS_FILE_TMPDIR/sumd
	gcc "${FLAGS[@]}" -include "$KIT/tests/sdt_log.h" -o "$LOGGED" "$KIT/targets/sumd.c" \
		"$BIN/libtarget.a"
	# A service of another mind: more fields, other types, a method that is not there.
	cat >"$BATS_FILE_TMPDIR/other.thrift" <<-'IDL'
		service OtherService {
		  i32 nonsense(1: i32 x),
		  i32 sum(1: i32 num1, 5: map<string, list<i64>> more, 2: i32 num2,
		          6: list<map<i32, set<string>>> most),
		  i32 divide(1: string num1, 2: i32 num2),
		  oneway void total(1: list<i32> numbers)
		}
	IDL
	cd "$BATS_FILE_TMPDIR" && ! command -v thrift >/dev/null ||
		{ thrift --gen py other.thrift && thrift --gen py "$KIT/targets/sum.thrift"; }
}

# begin [PROGRAM [SEED [OPTION...]]] - run it, by default with a seed whose slow method is
# one that is called here least; sets TARGET_PID, TCP, UNIX (its addresses)
begin() {
	local program=${1:-$BIN/sumd} seed=${2:-115} log=$BATS_TEST_TMPDIR/sumd.log
	SDT_LOG=$BATS_TEST_TMPDIR/firings "$program" "${@:3}" < <(echo "$seed") >/dev/null 2>"$log" 3>&- &
	TARGET_PID=$!
	ends_with_test "$TARGET_PID"
	listens() { [ "$(grep -c ' listens on ' "$log")" = 2 ]; }
	wait_for 10 -p "$TARGET_PID" listens
	TCP=$(sed -n 's/^sumd: listens on \(127.*\)/\1/p' "$log")
	UNIX=$(sed -n 's/^sumd: listens on \([@/].*\)/\1/p' "$log")
}

# client CHECK ADDRESS... - Apache Thrift's
client() {
	need_cmd thrift
	/usr/bin/python3 -c 'import thrift' 2>/dev/null || cannot "needs python3-thrift"
	(cd "$BATS_FILE_TMPDIR" && timeout 60 /usr/bin/python3 "$KIT/tests/sum_client.py" "$@")
}

# log_has PATTERN - in what the build that logs has fired so far
log_has() { grep -qE "$1" "$BATS_TEST_TMPDIR/firings" 2>/dev/null; }

# plays SEED... - at once, each until its third round; logs to firings.SEED
plays() {
	local seed pid log
	for seed; do
		log=$BATS_TEST_TMPDIR/firings.$seed
		SDT_LOG=$log "$LOGGED" < <(echo "$seed") >/dev/null 2>&1 3>&- &
		pid=$!
		ends_with_test $pid
		eval "PLAYS_$seed=$pid"
	done
	for seed; do
		pid=PLAYS_$seed
		wait_for 30 -p "${!pid}" grep -q '^round \[4\]' "$BATS_TEST_TMPDIR/firings.$seed"
		kill "${!pid}"
	done
}

# round N FILE - the firings of that round: NAME ARGUMENTS, without numbers of requests
# and addresses in memory, sorted
round() {
	sed -n "/^round \[$1\]/,/^round \[$(($1 + 1))\]/p" "$2" | grep -v '^round' |
		sed -E 's/^([a-z_]*) \[(.*)\] [a-z]* [0-9]* [0-9]* [0-9]*$/\1 \2/
			s/^(request_context[a-z_]*) .*/\1/
			s/^([cst][a-z_]*[a-z]) [0-9]{6,},([0-9]+)/\1 \2/; s/,[0-9]{12,}//' | sort
}

@test "the fourteen probes, and the lab's own two, each in one place" {
	run readelf -n "$BIN/sumd"
	diff <(awk '/Provider:/ {p = $2} /Name:/ {print p ":" $2}' <<<"$output" | sort) - <<-'LIST'
		folly:request_context_switch_before
		testthrift:round
		testthrift:sum
		thrift:crochet_request_data_context
		thrift:strobelight_probe_data_destruct
		thrift:thrift_context_stack_async_complete
		thrift:thrift_context_stack_handler_error
		thrift:thrift_context_stack_handler_error_wrapped
		thrift:thrift_context_stack_on_read_data
		thrift:thrift_context_stack_on_write_data
		thrift:thrift_context_stack_post_read
		thrift:thrift_context_stack_post_write
		thrift:thrift_context_stack_pre_read
		thrift:thrift_context_stack_pre_write
		thrift:thrift_context_stack_user_exception
		thrift:thrift_context_stack_user_exception_wrapped
	LIST
}

@test "a generated client calls all four methods, by TCP and by the Unix socket" {
	begin
	client methods "$TCP" "$UNIX"
}

@test "declared exceptions arrive as such, others as TApplicationException" {
	begin
	client exceptions "$TCP" "$UNIX"
}

@test "unknown methods, unknown fields, fields of other types" {
	begin
	client unknown "$TCP" "$UNIX"
}

@test "oneway gets no answer; messages that only servers send are refused" {
	begin
	client oneway "$TCP"
	client kinds "$UNIX"
}

@test "64 connections at once" {
	begin
	client many "$TCP" "$UNIX"
}

@test "calls sent ahead, in pieces, are answered in order" {
	begin
	client ahead "$TCP"
	client ahead "$UNIX"
}

@test "malformed frames: an exception, the end of that connection, and of no other" {
	begin
	client malformed "$TCP" "$UNIX"
	client cut "$TCP" "$UNIX"
}

@test "a client that never reads keeps nobody else waiting" {
	begin
	client deaf "$TCP"
	client deaf "$UNIX"
}

@test "sanitizers have nothing to say about any of that" {
	local what
	# One worker's epoll_ctl() may not have returned when the next, which got the
	# connection by it, closes its descriptor: the kernel is fine with that.
	echo 'race:epoll_ctl' >"$BATS_TEST_TMPDIR/suppressed"
	export TSAN_OPTIONS=suppressions=$BATS_TEST_TMPDIR/suppressed
	for what in address,undefined thread; do
		gcc "${FLAGS[@]}" -fsanitize=$what -fno-sanitize-recover=all \
			-o "$BATS_TEST_TMPDIR/sumd" "$KIT/targets/sumd.c" "${LIB[@]}"
		begin "$BATS_TEST_TMPDIR/sumd"
		for check in methods exceptions unknown many malformed cut; do
			client $check "$TCP" "$UNIX"
		done
		client oneway "$TCP"
		client kinds "$TCP"
		client deaf "$TCP"
		kill "$TARGET_PID"
		wait_for 2 gone "$TARGET_PID"
		run cat "$BATS_TEST_TMPDIR/sumd.log"
		refute_output --partial ERROR
		refute_output --partial WARNING
	done
}

# lives - of the requests on connections that were not there in the first round: a line a
# request, its probes in the order of the log, with the bytes they tell of
lives() {
	awk '
		{ name = $1; sub(/^thrift_context_stack_/, "", name); n = split($2, a, /[],[]/) }
		name == "round" { round = a[2]; next }
		name == "sum" { next }
		name ~ /^request/ {
			id = a[2] == 0 ? a[3] : a[2]
			if (id in life) life[id] = life[id] " " (a[2] == 0 ? "begin" : "end")
			next
		}
		round == 1 { old[a[3]] }
		a[3] in old { next }
		name ~ /^crochet/ { order[++count] = a[2]; life[a[2]] = "new"; next }
		name ~ /^(on|post)_/ { name = name "=" a[n - 1] }
		{ life[a[2]] = life[a[2]] " " name }
		END { for (i = 1; i <= count; i++) print life[order[i]] }
	' "$BATS_TEST_TMPDIR/firings"
}

@test "one request's probes, in their order, and the bytes as the client counted them" {
	begin "$LOGGED"
	wait_for 5 log_has '^round \[2\]'
	client lives "$TCP" >"$BATS_TEST_TMPDIR/kinds"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/kinds")" = 8 ]
	ended() { [ "$(lives | grep -c ' end$')" = 8 ]; }
	wait_for 5 ended
	while read -r kind sent got; do
		read="new begin pre_read on_read_data=$sent post_read=$sent "
		write="pre_write on_write_data=$got post_write=$got "
		end="async_complete strobelight_probe_data_destruct end"
		case $kind in
		returned) echo "$read$write$end" ;;
		declared) echo "${read}user_exception_wrapped user_exception $write$end" ;;
		failed) echo "${read}handler_error_wrapped handler_error $write$end" ;;
		oneway) echo "$read$end" ;;
		malformed) echo "${read% post*} handler_error_wrapped handler_error $write$end" ;;
		esac
	done <"$BATS_TEST_TMPDIR/kinds" | diff - <(lives)
}

@test "every round is the same, ends before the next begins, and takes a second or so" {
	plays 1 2 3
	for seed in 1 2 3; do
		log=$BATS_TEST_TMPDIR/firings.$seed
		[ "$(round 2 "$log" | wc -l)" -gt 700 ]
		diff <(round 2 "$log") <(round 3 "$log")
		# Whatever began in a round has ended in it.
		for what in crochet_request_data_context strobelight_probe_data_destruct; do
			sed -n "/^round \[2\]/,/^round \[3\]/s/^$what \[\([0-9]*\),.*/\1/p" "$log" |
				sort >"$BATS_TEST_TMPDIR/$what"
		done
		diff "$BATS_TEST_TMPDIR"/{crochet_request_data_context,strobelight_probe_data_destruct}
		awk '/^round/ { if (last && $NF - last > 2e9) exit 1; last = $NF }' "$log"
	done
	run cmp -s <(round 2 "$BATS_TEST_TMPDIR/firings.1") <(round 2 "$BATS_TEST_TMPDIR/firings.2")
	assert_failure
}

# witness SEED OTHER - what is right, by the log
witness() {
	local scratch=$BATS_TEST_TMPDIR/witness.$1
	mkdir "$scratch"
	TMP=$scratch "$KIT/labs/05-thrift/witness" "$@" >"$scratch/values"
}

# accepted - of lines "METHOD MILLISECONDS": how many of them one answer is right for, at
# worst, when it may be off by 10 percent
accepted() {
	awk '{ method[NR] = $1; ms[NR] = $2 }
		END {
			for (i in ms) for (way = 0.9; way < 1.2; way += 0.2) {
				count = 0
				for (j in ms)
					count += method[i] == method[j] && ms[i] * way >= ms[j] * 0.9 &&
						ms[i] * way <= ms[j] * 1.1
				most = count > most ? count : most
			}
			print most + 0
		}'
}

@test "of 20 seeds no answer is right more than three times" {
	need_cmd jq
	for seed in $(seq 41 2 59); do
		witness $seed $((seed + 1)) 3>&- &
		pids+=" $!"
	done
	for pid in $pids; do
		wait "$pid"
	done
	cat "$BATS_TEST_TMPDIR"/witness.*/values | sed 's/^other-//' >"$BATS_TEST_TMPDIR/all"
	# Of each question: its parts together, as often as the most frequent.
	part() { sed -n "s/^$1=//p" "$BATS_TEST_TMPDIR/all"; }
	for question in 'most bytes' 'fails exception text' 'num1 num2' 'always'; do
		for name in $question; do part "$name" >"$BATS_TEST_TMPDIR/part.$name"; done
		(cd "$BATS_TEST_TMPDIR" && paste $(printf 'part.%s ' $question)) |
			sort | uniq -c | sort -rn >"$BATS_TEST_TMPDIR/counted"
		assert_equal "$(awk '{ sum += $1 } END { print sum }' "$BATS_TEST_TMPDIR/counted")" 20
		[ "$(awk 'NR == 1 { print $1 }' "$BATS_TEST_TMPDIR/counted")" -le 3 ]
	done
	paste <(part slow) <(part slow-ms) >"$BATS_TEST_TMPDIR/slow"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/slow")" = 20 ]
	[ "$(accepted <"$BATS_TEST_TMPDIR/slow")" -le 3 ]
	# What makes each question have one answer.
	assert_equal "$(part errors | sort -u)" 1
	assert_equal "$(part always-count | sort -u)" 1
	assert_equal "$(paste <(part always) <(part often) | awk '$1 == $2' | wc -l)" 0
	assert_equal "$(part always | awk '$1 <= 8' | wc -l)" 0
}

@test "the tracer sees in a round what the program logs of it" {
	need_root
	need_bpf
	need_cmd jq
	begin "$LOGGED" 5
	wait_for 10 -p "$TARGET_PID" log_has '^round \[2\]'
	usdt trace -p "$TARGET_PID" -d 4 -F json -o "$BATS_TEST_TMPDIR/events" '*' \
		2>"$BATS_TEST_TMPDIR/talk"
	run tail -n 1 "$BATS_TEST_TMPDIR/talk"
	assert_output --partial ' 0 lost'
	# The same form as the log's, so that the same round can be cut out of both.
	jq -r '"\(.name) \(.args | tojson) x 0 0 0"' "$BATS_TEST_TMPDIR/events" >"$BATS_TEST_TMPDIR/seen"
	n=$(sed -n 's/^round \[\([0-9]*\)\].*/\1/p' "$BATS_TEST_TMPDIR/seen" | sed -n 2p)
	diff <(round "$n" "$BATS_TEST_TMPDIR/firings") <(round "$n" "$BATS_TEST_TMPDIR/seen")
}

@test "bpfhol status says where it listens" {
	bpfhol start thrift >/dev/null
	two() { [ "$(bpfhol status | grep -c '^  listens on ')" = 2 ]; }
	wait_for 5 two
	run bpfhol status
	assert_line --regexp '^  listens on 127\.0\.0\.1:[0-9]+$'
	assert_line --regexp '^  listens on @sumd\.[0-9]+$'
	client methods "$(sed -n 's/^  listens on //p' <<<"$output" | tail -n 1)"
}

@test "the lab's own client" {
	need_cmd thrift
	begin
	run -0 "$KIT/labs/05-thrift/call" "$TCP" total 1 2 -4
	assert_output -- -1
	run -0 "$KIT/labs/05-thrift/call" "$UNIX" divide 84 2
	assert_output 42
	run -1 "$KIT/labs/05-thrift/call" "$TCP" divide 1 0
	assert_output --regexp '^DivideByZero: 1 cannot be shared by [a-z]+$'
	run -1 "$KIT/labs/05-thrift/call" "$TCP" lookup nothing
	assert_output --regexp '^NotFound: nothing was never seen by [a-z]+$'
	run -1 "$KIT/labs/05-thrift/call" 127.0.0.1:1 sum 1 2
	assert_output --partial 'TTransportException: Could not connect'
	run -1 "$KIT/labs/05-thrift/call" "$TCP" nonsense 1
	assert_output --partial 'usage: call ADDRESS'
	run -1 "$KIT/labs/05-thrift/call" "$TCP" sum one two
	assert_output --partial 'call: '
	refute_output --partial Traceback
}

@test "the answers are not in strings, argv, environ, maps, open files or the heartbeat" {
	need_cmd jq
	witness 31 32
	start_target sumd 31
	proc=/proc/$TARGET_PID
	{
		strings -a "$BIN/sumd"
		tr '\0' '\n' <"$proc/cmdline"
		tr '\0' '\n' <"$proc/environ"
		cat "$proc/maps" "$proc/status" "$proc/stat" "$proc"/task/*/comm
		ls -l "$proc/fd" "$proc/cwd" "$proc/exe"
		cat "$HEARTBEAT" "$BATS_TEST_TMPDIR/sumd.log"
	} >"$BATS_TEST_TMPDIR/seen"
	grep -q 'listens on' "$BATS_TEST_TMPDIR/seen"
	for name in bytes text num1 num2 always slow-us; do
		value=$(sed -n "s/^$name=-\?//p" "$BATS_TEST_TMPDIR/witness.31/values")
		[ -n "$value" ]
		run grep -wF "$value" "$BATS_TEST_TMPDIR/seen"
		assert_failure 1
	done
}

@test "little of a processor; the heartbeat is one line; SIGTERM ends it at once" {
	start_target sumd 1
	beat() { grep -q "^rounds 000000000$1$" "$HEARTBEAT"; }
	wait_for 8 -p "$TARGET_PID" beat 4
	assert_equal "$(wc -l <"$HEARTBEAT")" 1
	# In hundredths of a second: user and system time of some four seconds.
	[ "$(awk '{ print $14 + $15 }' "/proc/$TARGET_PID/stat")" -lt 40 ]
	kill -TERM "$TARGET_PID"
	wait_for 1 gone "$TARGET_PID"
}

@test "started by hand: a port, a socket's path, and what is wrong with them" {
	local path=$BATS_TEST_TMPDIR/socket
	begin "$BIN/sumd" 115 -u "$path"
	port=${TCP#*:}
	client methods "$TCP" "$path"
	run -1 timeout 5 "$BIN/sumd" -p "$port" </dev/null
	assert_output --partial "sumd: cannot listen on 127.0.0.1, port $port: Address already in use"
	run -1 timeout 5 "$BIN/sumd" -u "$path" </dev/null
	assert_output --partial "sumd: cannot listen on '$path': Address already in use"
	kill "$TARGET_PID"
	wait_for 1 gone "$TARGET_PID"
	# The port is the one wanted, and the path left behind is used again.
	begin "$BIN/sumd" 115 -p "$port" -u "$path"
	assert_equal "$TCP" "127.0.0.1:$port"
	assert_equal "$UNIX" "$path"
	client methods "$TCP" "$path"
	run -1 timeout 5 "$BIN/sumd" -u /nonexistent/socket </dev/null
	assert_output --partial "cannot listen on '/nonexistent/socket': No such file or directory"
	run -1 timeout 5 "$BIN/sumd" -u "$(printf 'x%.0s' {1..200})" </dev/null
	assert_output --partial 'File name too long'
	for wrong in '-p 0' '-p 65536' '-p 12x' '-p' '-x' 'word'; do
		# shellcheck disable=SC2086
		run -2 timeout 5 "$BIN/sumd" $wrong </dev/null
		assert_output --partial 'usage: sumd [-p PORT] [-u SOCKET]'
	done
	run -0 --separate-stderr "$BIN/sumd" -h
	assert_output --partial 'usage: sumd'
}

@test "a path that is no socket is left alone" {
	echo kept >"$BATS_TEST_TMPDIR/file"
	run -1 timeout 5 "$BIN/sumd" -u "$BATS_TEST_TMPDIR/file" </dev/null
	assert_equal "$(cat "$BATS_TEST_TMPDIR/file")" kept
}
