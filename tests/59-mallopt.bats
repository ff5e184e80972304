#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The target mallopt, the library that its workers load, and how a target is judged together
# with its children. What is in the files readelf knows, who has what mapped /proc, what
# fires a build that logs its own firings.

load helpers
load labs

LIBRARY=$BIN/libminimalloc.so

setup_file() {
	export LOGGED=$BATS_FILE_TMPDIR/mallopt
	gcc "${CFLAGS[@]}" -include "$KIT/tests/sdt_log.h" -fPIC -shared \
		-o "$BATS_FILE_TMPDIR/libminimalloc.so" "$KIT/targets/shared/minimalloc.c"
	gcc "${CFLAGS[@]}" -include "$KIT/tests/sdt_log.h" -o "$LOGGED" \
		"$KIT/targets/mallopt.c" "$BIN/libtarget.a"
}

# log_rounds SEED ROUNDS - the log of the first rounds: ROUND NAME [ARGUMENTS] ... TID TIME
log_rounds() {
	local log=$BATS_TEST_TMPDIR/log.$1 pid
	SDT_LOG=$log "$LOGGED" < <(echo "$1") >/dev/null 3>&- &
	pid=$!
	ends_with_test "$pid"
	begun() { [ "$(grep -c '^round ' "$log")" -gt "$1" ]; }
	wait_for $((3 * $2 + 5)) -p "$pid" begun "$2"
	kill "$pid"
	awk -v last="$2" '$1 == "round" { round++; next } round && round <= last { print round, $0 }' "$log"
}

# workers PID - its children that run the program; the shell that fed the seed is none
workers() { pgrep -P "$1" mallopt | sort -n; }

# shape FILE - a line a probe: provider:name, how many arguments
shape() {
	by_readelf "$1" | awk '{ print $1, NF - 3 }' | sort -u
}

@test "the library's probes all have one provider, whoever compiles it" {
	need_cmd gcc clang
	for build in 'gcc -O0' 'gcc -O2' 'clang -O0' 'clang -O2' ''; do
		file=$LIBRARY
		if [ -n "$build" ]; then
			file=$BATS_TEST_TMPDIR/libminimalloc.so
			# shellcheck disable=SC2086
			$build -std=gnu11 -D_GNU_SOURCE -Wall -Werror -fPIC -shared -g \
				-I "$KIT/targets/lib" -o "$file" "$KIT/targets/shared/minimalloc.c"
		fi
		diff <(shape "$file") - <<-EOF || fail "$build"
			minimalloc:longjmp 3
			minimalloc:longjmp_target 3
			minimalloc:memory_arena_reuse 2
			minimalloc:memory_arena_reuse_free_list 1
			minimalloc:memory_arena_reuse_wait 3
			minimalloc:memory_heap_new 2
			minimalloc:memory_mallopt 2
			minimalloc:memory_mallopt_mxfast 2
			minimalloc:memory_sbrk_less 2
			minimalloc:setjmp 3
		EOF
	done
	diff <(shape "$BIN/mallopt") <(printf 'mallopt:%s 1\n' job round)
	# In no line of the source does the provider stand in front of a probe's name.
	run -1 grep -nE 'minimalloc *, *(memory|setjmp|longjmp)[a-z_]*[,)]' \
		<(sed '/^ \*/d' "$KIT/targets/shared/minimalloc.c")
}

@test "the four workers have the library mapped, who starts them has not" {
	start_target mallopt 3
	assert_equal "$(workers "$TARGET_PID" | wc -l)" 4
	run -1 grep -F libminimalloc "/proc/$TARGET_PID/maps"
	for worker in $(workers "$TARGET_PID"); do
		run -0 grep -F "$LIBRARY" "/proc/$worker/maps"
		run -0 usdt list -p "$worker"
		diff <(cut -d: -f3,4 <<<"$output" | sort) \
			<({ shape "$LIBRARY"; shape "$BIN/mallopt"; } | cut -d' ' -f1 | sort)
	done
	run -0 usdt list -p "$TARGET_PID"
	refute_output --partial minimalloc
}

@test "every probe of the library fires, in every round as often" {
	log_rounds 4 3 >"$BATS_TEST_TMPDIR/rounds"
	cd "$BATS_TEST_TMPDIR"
	for round in 1 2 3; do
		awk -v round=$round '$1 == round { print $2 }' rounds | sort | uniq -c >"round.$round"
	done
	cmp round.1 round.2
	cmp round.1 round.3
	diff <(awk '{ print $2 }' round.1) <({ shape "$LIBRARY"; shape "$BIN/mallopt"; } |
		sed 's/.*:\([a-z_]*\) .*/\1/' | grep -vx round | sort)
	# Who takes the way out arrives, and who waits gets something.
	for pair in 'longjmp longjmp_target' 'memory_arena_reuse_wait memory_arena_reuse'; do
		# shellcheck disable=SC2086
		assert_equal "$(awk -v name="${pair% *}" '$2 == name { print $1 }' round.1)" \
			"$(awk -v name="${pair#* }" '$2 == name { print $1 }' round.1)"
	done
}

@test "all that a worker does in a round lies between two markers, and begins with its job" {
	log_rounds 5 3 >"$BATS_TEST_TMPDIR/rounds"
	# Each worker's first thread, in the order of time: its job comes first, once a round.
	awk '{ print $1, $2, $(NF - 1) }' "$BATS_TEST_TMPDIR/rounds" | awk '
		$2 == "job" { job[$3] = $1; jobs++; next }
		$3 in job && job[$3] != $1 { exit 1 }
		END { if (jobs != 12) exit 1 }'
}

# answers SEED - what is asked for, by the program's own log, a line each: WORD; LARGEST
# and BEFORE; VALUE; HEAPS
answers() {
	log_rounds "$1" 1 >"$BATS_TEST_TMPDIR/answers.$1"
	awk '{ split($3, arg, /[^-0-9a-z]+/); tid = $(NF - 1) }
		$2 == "job" { word[tid] = arg[2] }
		$2 == "memory_mallopt_mxfast" { setter = tid; n++
			if (arg[2] > largest) { largest = arg[2] + 0; before = arg[3] + 0 } }
		$2 == "memory_mallopt" && arg[2] == 1 { asked[tid, ++count[tid]] = arg[3] }
		$2 == "memory_heap_new" { heaps++ }
		END { for (tid in count) if (tid != setter) { refused++; value = asked[tid, 1] }
			if (n != 3 || refused != 1) exit 1
			print word[setter]; print largest, before; print value; print heaps }' \
		"$BATS_TEST_TMPDIR/answers.$1"
}

@test "one worker sets MXFAST three times, one is refused, and what is asked for is not kept" {
	for seed in 6 7; do
		run -0 answers $seed
		read -r largest _ <<<"${lines[1]}"
		[ "$largest" -gt 512 ] && [ "$largest" -le 1024 ] && [ "${lines[2]}" -gt 1024 ]
		# Each value comes with the one before, rounded down, and none is kept as it was.
		awk '$2 == "memory_mallopt_mxfast" { split($3, arg, /[^0-9]+/)
				if (n++ && arg[3] != int(was / 16) * 16) exit 1
				if (arg[2] % 16 == 0) exit 1
				was = arg[2] }' "$BATS_TEST_TMPDIR/answers.$seed"
	done
}

@test "of 20 seeds no live answer occurs more than three times" {
	jobs=()
	for seed in $(seq 20); do
		answers "$seed" >"$BATS_TEST_TMPDIR/all.$seed" 3>&- &
		jobs+=($!)
	done
	for job in "${jobs[@]}"; do wait "$job"; done
	# Without the process ids, of which there are only four.
	for line in 1 2 3 4; do
		for seed in $(seq 20); do
			sed -n "${line}p" "$BATS_TEST_TMPDIR/all.$seed"
		done | sort | uniq -c | sort -rn >"$BATS_TEST_TMPDIR/often"
		[ "$(awk '{ n += $1 } END { print n }' "$BATS_TEST_TMPDIR/often")" = 20 ]
		[ "$(awk 'NR == 1 { print $1 }' "$BATS_TEST_TMPDIR/often")" -le 3 ] ||
			fail "$line: $(cat "$BATS_TEST_TMPDIR/often")"
	done
}

@test "nor of any other 20, by the target's own plan" {
	cat >"$BATS_TEST_TMPDIR/plan.c" <<-'EOF'
		#define main main_of_mallopt
		#include "mallopt.c"
		#undef main
		int main(void)
		{
			for (uint64_t seed = 0; seed < 10000; seed++) {
				struct job jobs[WORKERS];
				unsigned int blocks = 0, i;

				write_jobs(jobs, seed);
				for (i = 0; i < WORKERS; i++)
					blocks += jobs[i].blocks;
				printf("%s %d,%d %d %u\n", jobs[0].word, jobs[0].settings[2].value,
				       jobs[0].settings[1].value / 16, jobs[1].settings[0].value, blocks);
			}
		}
	EOF
	gcc "${CFLAGS[@]}" -I "$KIT/targets" -o "$BATS_TEST_TMPDIR/plan" \
		"$BATS_TEST_TMPDIR/plan.c" "$BIN/libtarget.a"
	"$BATS_TEST_TMPDIR/plan" | awk '
		{ for (i = 1; i <= NF; i++) if (++often[i, $i] > 3) { print "seed " NR - 1 ": " $i; bad = 1 } }
		NR % 20 == 0 { split("", often) }
		END { exit bad || NR != 10000 }'
}

@test "the library keeps to what C defines" {
	need_cmd clang
	cd "$BATS_TEST_TMPDIR"
	flags=(-fsanitize=undefined -fno-sanitize-recover=all)
	clang "${CFLAGS[@]}" "${flags[@]}" -fPIC -shared -o libminimalloc.so \
		"$KIT/targets/shared/minimalloc.c"
	clang "${CFLAGS[@]}" "${flags[@]}" -o mallopt "$KIT/targets/mallopt.c" "$BIN/libtarget.a"
	run -124 timeout 3 ./mallopt < <(echo 14)
	refute_output --partial 'runtime error'
}

@test "the tracer sees in all workers together what the program's own log says" {
	need_root
	need_bpf
	need_cmd jq
	start_target mallopt 8
	cd "$BATS_TEST_TMPDIR"
	usdt trace -F json -o events "$BIN/mallopt:*" "$LIBRARY:minimalloc:*" 2>talk 3>&- &
	tracer=$!
	ends_with_test "$tracer"
	# Others may run the program, too.
	ours() { jq -c "select(.pid as \$p | [$(workers "$TARGET_PID" | paste -sd,), $TARGET_PID] |
		index(\$p))" events; }
	rounds() { [ "$(ours | grep -c '"name":"round"')" -ge 3 ]; }
	wait_for 20 -p "$tracer" rounds
	kill -INT "$tracer"
	wait_for 5 gone "$tracer"
	ours | awk '/"name":"round"/ { round++; next } round == 2' |
		jq -r '.name + if (.name | test("^(job|memory_mallopt|memory_mallopt_mxfast)$"))
			then " \(.args)" else "" end' | sort >seen
	log_rounds 8 2 | awk '$1 == 2 { if ($2 !~ /^(job|memory_mallopt(_mxfast)?)$/) $3 = ""
		print $2, $3 }' | sed 's/ *$//' | sort >logged
	[ "$(wc -l <logged)" -gt 50 ]
	cmp seen logged
}

@test "no answers in argv, environ, maps, open files, names, the heartbeat or strings" {
	look() {
		for pid in $1 $(workers "$1"); do
			tr '\0' ' ' <"/proc/$pid/cmdline"
			tr '\0' '\n' <"/proc/$pid/environ"
			cat "/proc/$pid/comm"
			awk '{ print $2, $6 }' "/proc/$pid/maps" | sort -u
			find "/proc/$pid/fd" -printf '%f %l\n' | sed 's/\[[0-9]*\]//' | sort
		done
	}
	start_target mallopt 9
	assert_regex "$(cat "$HEARTBEAT")" '^rounds [0-9]{10}$'
	one=$TARGET_PID
	look "$one" >"$BATS_TEST_TMPDIR/one"
	kill "$one"
	start_target mallopt 10
	look "$TARGET_PID" >"$BATS_TEST_TMPDIR/two"
	diff "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/two"
	word=$(answers 10 | sed 's/ .*//;q')
	run -1 grep -F "$word" "$BATS_TEST_TMPDIR/two" "$BATS_TEST_TMPDIR/mallopt.log" \
		<(strings -a "$BIN/mallopt" "$LIBRARY")
}

@test "however it ends, its workers end with it, and it with any of them" {
	for signal in TERM KILL HUP; do
		start_target mallopt 1
		mapfile -t pids < <(workers "$TARGET_PID")
		kill -s $signal "$TARGET_PID"
		for pid in "$TARGET_PID" "${pids[@]}"; do
			wait_for 5 gone "$pid"
		done
	done
	start_target mallopt 1
	mapfile -t pids < <(workers "$TARGET_PID")
	kill "${pids[2]}"
	for pid in "$TARGET_PID" "${pids[@]}"; do
		wait_for 3 gone "$pid"
	done
	assert_equal "$(cat "$BATS_TEST_TMPDIR/mallopt.log")" 'mallopt: a worker has ended'
}

@test "about a round a second, and hardly any work" {
	start_target mallopt 1
	fourth() { [ "$(grep -oE '[1-9][0-9]*$' "$HEARTBEAT")" -ge 4 ]; }
	wait_for 10 -p "$TARGET_PID" fourth
	used=0
	for pid in $TARGET_PID $(workers "$TARGET_PID"); do
		# User and system time in hundredths of a second, of three seconds.
		used=$((used + $(awk '{ print $14 + $15 }' "/proc/$pid/stat")))
	done
	[ "$used" -le 30 ]
	log_rounds 1 4 >/dev/null
	awk '$1 == "round" { if (last) print ($NF - last) / 1e6; last = $NF }' \
		"$BATS_TEST_TMPDIR/log.1" | sort -n | awk 'NR == 1 && ($1 < 900 || $1 > 2000) { exit 1 }'
}

# judge QUESTION ANSWER [PID]
judge() {
	run grade < <(ask library "$1" "$2" "\"pid\":${3:-$TARGET_PID}")
}

@test "the children are watched too, and what stops one of them is named" {
	need_root
	need_bpf
	need_cmd gdb
	start_target mallopt 11
	heaps=$(answers 11 | tail -n 1)
	judge heaps "$heaps"
	assert_success
	# What was seen does not tell the answer to who gave a wrong one.
	judge heaps 1
	assert_failure 1
	refute_output --regexp "(^|[^0-9])$heaps([^0-9]|$)"
	worker=$(workers "$TARGET_PID" | tail -n 1)
	kill -STOP "$worker"
	judge heaps "$heaps"
	assert_failure 77
	assert_output --partial "mallopt (PID $worker) is stopped; try: kill -CONT $worker"
	kill -CONT "$worker"
	mkfifo "$BATS_TEST_TMPDIR/typed"
	gdb -q -nx -p "$worker" <"$BATS_TEST_TMPDIR/typed" >/dev/null 2>&1 3>&- &
	debugger=$!
	ends_with_test "$debugger"
	exec 7>"$BATS_TEST_TMPDIR/typed"
	held() { grep -q '^State:.t' "/proc/$worker/status"; }
	wait_for 15 -p "$debugger" held
	judge heaps "$heaps"
	assert_failure 77
	assert_output --partial "mallopt (PID $worker) is held by a debugger (PID $debugger)"
	exec 7>&-
	wait_for 15 gone "$debugger"
	judge heaps "$heaps"
	assert_success
}

@test "who else has the library mapped is not counted" {
	need_root
	need_bpf
	start_target mallopt 12
	heaps=$(answers 12 | tail -n 1)
	# The same program beside it fires the same probes of the same file.
	beside=$TARGET_PID
	start_target mallopt 13
	other=$(answers 13 | tail -n 1)
	[ "$heaps" != "$other" ]
	judge heaps "$heaps" "$beside"
	assert_success
	judge heaps "$other"
	assert_success
	judge heaps "$((heaps + other))"
	assert_failure 1
}

# revealed QUESTION COMMAND - what that command of the reveal prints, run as it stands there
revealed() {
	# Lines that were too wide are whole again, so that a command is found.
	bpfhol reveal "library.$1" | sed -e ':a' -e '/ \\$/{N;s/ \\\n */ /;ta' -e '}' |
		awk -v command="$2" '
			index($0, command) { on = 1 } /^[^ ]/ { on = 0 } on' |
		sed "s/sudo //; s/-p PID/-p $3/" >"$BATS_TEST_TMPDIR/how"
	bash "$BATS_TEST_TMPDIR/how" 2>"$BATS_TEST_TMPDIR/said"
}

@test "what is revealed leads to the right answers" {
	need_root
	need_bpf
	run -0 bpfhol start library
	for question in 'listing 1 1' 'who 1 x' 'set 1 1' 'refused 1 1' 'heaps 1'; do
		# shellcheck disable=SC2086
		run -1 bpfhol answer library.$question
	done
	all=$(revealed listing 'usdt list' | head -n 1)
	three=$(revealed listing 'usdt list -v')
	run -0 bpfhol answer library.listing "$all" "$three"

	mine=$(workers "$(bpfhol pid library)")
	who=$(revealed who 'usdt count' | awk '{ print $2 }' | grep -xF "$mine")
	word=$(revealed who 'usdt trace' "$who" | sed 's/.*"\(.*\)".*/\1/')
	run -0 bpfhol answer library.who "$who" "$word"

	revealed set 'usdt trace' "$who" | sed -n 's/.*arg0=\([0-9]*\) arg1=\([0-9]*\).*/\1 \2/p' |
		sort -n | tail -n 1 >"$BATS_TEST_TMPDIR/largest"
	run -0 bpfhol answer library.set "$(cat "$BATS_TEST_TMPDIR/largest")"

	revealed refused 'usdt trace' | awk -v mine="$mine" 'BEGIN { while (split(mine, m, "\n") && ++i in m) ok[m[i]] }
		/mxfast/ { fine[$2] } /memory_mallopt +arg0=1 / && $2 in ok { value[$2] = $NF }
		END { for (pid in value) if (!(pid in fine)) { sub(/.*=/, "", value[pid]); print pid, value[pid] } }' \
		>"$BATS_TEST_TMPDIR/refused"
	run -0 bpfhol answer library.refused "$(cat "$BATS_TEST_TMPDIR/refused")"

	# One worker after the other: others may run the program meanwhile.
	run -0 bpfhol answer library.heaps "$(revealed heaps 'for pid' |
		awk '{ sum += $1 } END { print sum }')"
	run -0 bpfhol check library
}

@test "bpftrace, as it is revealed, says the same as the kit's tracer" {
	need_root
	need_bpf
	need_cmd bpftrace
	bpfhol start library
	for question in 'who 1 x' 'set 1 1' 'refused 1 1'; do
		# shellcheck disable=SC2086
		run -1 bpfhol answer library.$question
	done
	mine=$(workers "$(bpfhol pid library)")
	who=$(revealed who 'usdt count' | awk '{ print $2 }' | grep -xF "$mine")
	run -0 bpfhol answer library.who "$who" "$(revealed who 'bpftrace -p' "$who" | grep -xE '[a-z]{6,9}')"
	run -0 bpfhol answer library.set "$(revealed set 'bpftrace -p' "$who" |
		grep -E '^[0-9]+ [0-9]+$' | sort -n | tail -n 1)"
	revealed refused 'cd ' | grep -wF "$mine" |
		awk '$2 ~ /mxfast$/ { fine[$1] } $3 == 1 { value[$1] = $4 }
			END { for (pid in value) if (!(pid in fine)) print pid, value[pid] }' \
		>"$BATS_TEST_TMPDIR/refused"
	run -0 bpfhol answer library.refused "$(cat "$BATS_TEST_TMPDIR/refused")"
}
