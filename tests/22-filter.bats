#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Filters, counts, histograms and latencies: what the kernel lets through and sums up is
# what jq and awk make of the target's own log.

load helpers

setup() {
	kit_setup
	need_root
	need_bpf
	need_cmd jq
	cd "$BATS_TEST_TMPDIR" || return 1
	test_target mixed
	./mixed >log
}

# passes FILTER JQ - the hits that pass are those of which JQ is true, in the same order
passes() {
	usdt trace -f "$1" -F json -o events -c ./mixed hit >/dev/null 2>talk ||
		fail "$1: $(cat talk)"
	jq -c '.args' events >got
	jq -c "select($2) | [.n, .u, .d, .f, .s]" log >want
	diff want got >differ || fail "$1: $(head -n 5 differ)"
	grep -q "^$(wc -l <want) events\?, 0 lost$" talk
}

@test "filters: comparisons of every kind of argument" {
	passes 'arg0 > 10' '.n > 10'
	passes 'arg0 >= -3' '.n >= -3'
	passes 'arg0 == -0x1f' '.n == -31'
	passes 'arg0 != 7' '.n != 7'
	passes 'arg0 < -49' '.n < -49'
	passes 'arg1 > 18446744073709551000' '.i > 0 and .i % 3 == 0' # jq rounds such numbers
	passes 'arg1 > -1' 'true'
	passes 'arg1 < -1' 'false'
	passes 'arg2 <= -0.25' '.d <= -0.25'
	passes 'arg2 == 0' '.d == 0'
	passes 'arg2 > 1' '.d > 1'
	passes 'arg3 < 0.5' '.f < 0.5'
	passes 'arg3 == -1.5' '.f == -1.5'
	passes 'arg4 == "alpha"' '.s == "alpha"'
	passes 'arg4 != "alpha"' '.s != "alpha"'
	passes 'arg4 ^= "alp"' '.s | startswith("alp")'
	passes 'arg4 == ""' '.s == ""'
	passes 'arg4 ^= ""' 'true'
	passes 'arg4 == "a\"q\\b"' '.s == "a\"q\\b"'
	passes 'arg4 == "caf\xc3\xa9"' '.s == "caf\u00e9"'
}

@test "filters: and, or, not, brackets" {
	passes 'arg0 > 10 && arg0 < 20' '.n > 10 and .n < 20'
	passes 'arg0 < -40 || arg0 > 40 && arg4 == "beta"' '.n < -40 or (.n > 40 and .s == "beta")'
	passes '(arg0 < -40 || arg0 > 40) && arg4 == "beta"' '(.n < -40 or .n > 40) and .s == "beta"'
	passes '!(arg0 < 0 && arg4 ^= "a") || arg2 == 1' '((.n < 0 and (.s | startswith("a"))) | not) or .d == 1'
	passes '!!(arg0==3)||!(arg4!="beta")&&!(arg2<0)' '.n == 3 or (.s == "beta" and .d >= 0)'
	passes 'comm == "mixed" && pid > 1 && tid > 1' 'true'
	passes 'comm ^= "mix" && comm != "mix"' 'true'
	passes 'comm == "mix" || pid == 1 || tid < 0' 'false'
}

@test "filters: 32 comparisons and 64 bytes are taken, one more is not" {
	local long many
	long=$(printf 'x%.0s' {1..64})
	many=$(printf ' || arg0 == %d' {1..31})
	passes "arg4 == \"$long\"" 'false'
	passes "arg0 == 0$many" '.n >= 0 and .n <= 31'
	run usdt trace -f "arg4 == \"${long}x\"" -c ./mixed hit
	assert_failure 2
	run usdt trace -f "arg0 == 0$many || arg0 == 99" -c ./mixed hit
	assert_failure 2
}

# points FILTER COLUMN WORDS - refused, with a ^ below that column (from 0)
points() {
	run --separate-stderr usdt trace -f "$1" -c ./mixed hit
	assert_failure 2
	assert_regex "$stderr" "$3"
	assert_equal "${stderr_lines[1]}" "  $1"
	assert_equal "${stderr_lines[2]}" "$(printf '  %*s^' "$2" '')"
}

@test "filters: an error points at the character" {
	points 'arg0 = 1' 5 'to compare, write =='
	points 'arg0 > ' 7 'a number or a "string" is missing'
	points 'arg0 > 5 and arg1 > 3' 9 '&& or .. is missing'
	points 'arg0 > 5 & arg1 > 3' 9 'and is &&'
	points '(arg0 > 5' 0 'this \( is not closed'
	points 'arg0 > 5)' 8 'closes nothing'
	points 'argo > 5' 0 "there is no 'argo'"
	points 'arg0 > 5 || arg12 == 1' 12 'arguments are arg0 to arg11'
	points 'arg4 == "x' 8 'no closing quote'
	points 'arg4 < "x"' 7 'strings are compared by'
	points 'arg0 ^= 5' 8 'wants a "string"'
	points 'pid == "x"' 7 'is a number'
	points 'comm == 5' 8 'is a name'
	points 'arg0 > 5 && arg5 == 1' 12 'no such argument'
	points 'arg0 == "x"' 0 'no pointer to a string'
	points 'arg1 == 1.5' 0 'whole number'
	points 'arg0 > 99999999999999999999' 7 'more than 64 bits'
	points 'arg0 > 0x' 7 'this is no number'
	points '' 0 'a comparison is missing'
	points "$(printf '(%.0s' {1..50})" 32 'nested too deeply'
	points 'comm == "größe" && argo > 5' 19 "there is no 'argo'" # columns, not bytes
	run --separate-stderr usdt trace -f $'\targ0 > 5 &&\narg1 = 2' -c ./mixed hit
	assert_equal "${stderr_lines[1]}" $'  \targ0 > 5 && arg1 = 2'
	assert_equal "${stderr_lines[2]}" $'  \t                 ^'
}

# counted KEY JQ - as the log has it: "HITS KEY" lines
counted() {
	usdt count -k "$1" -F json -c ./mixed hit 2>talk | grep '^{"path"' |
		jq -c '[.key, .hits]' | sort >got
	jq -c "$2" log | sort | uniq -c | awk '{ n = $1; sub(/^ *[0-9]+ /, ""); print "[" $0 "," n "]" }' |
		sort >want
	diff want got
}

@test "count: by an argument's number and string, as the log has them" {
	counted arg0 '.n'
	counted arg4 '.s'
	counted arg2 '.d'
	counted arg3 '.f'
	usdt count -k arg1 -F json -c ./mixed hit 2>/dev/null | grep -c '"hits":1}' >rows
	[ "$(cat rows)" = 400 ]
}

@test "count: what JSON has no number for, what text has to escape, columns" {
	cat >hard.c <<-'C'
		#include <math.h>
		#include <sys/sdt.h>
		int main(void) {
			volatile double d[] = {NAN, INFINITY, -INFINITY};
			for (int i = 0; i < 3; i++) { double x = d[i]; STAP_PROBE2(hard, real, x, (float)x); }
			const char *s[] = {"a\"b", "a\\nb", "a\nb"};
			for (int i = 0; i < 3; i++) { const char *x = s[i]; STAP_PROBE1(hard, text, x); }
			volatile double zeros[] = {0.0, -0.0};
			for (int i = 0; i < 2; i++) { double x = zeros[i]; STAP_PROBE2(hard, zero, x, (float)x); }
			STAP_PROBE1(hard, other, 5L);
			volatile unsigned long huge = ~0UL;
			STAP_PROBE1(hard, huge, huge);
			return 0;
		}
	C
	gcc -O1 -o hard hard.c
	usdt count -q -k arg0 -F json -c ./hard real >counted
	jq -c '.key // empty' counted | sort | diff - <(printf '%s\n' '"-inf"' '"inf"' '"nan"')
	usdt count -q -k arg1 -F json -c ./hard real >counted
	jq -c '.key // empty' counted | sort | diff - <(printf '%s\n' '"-inf"' '"inf"' '"nan"')
	usdt count -q -k arg0 -a arg0=hex -F json -c ./hard other >counted
	[ "$(jq -c '.key // empty' counted)" = 5 ]
	run -0 usdt trace -f 'arg0 == 0 && arg1 == -0.0' -c ./hard zero
	assert_line '2 events, 0 lost'
	usdt hist -q -F json -l -5:10:1 -c ./hard huge arg0 | jq -e '.bars[0].low == 10'
	run -0 usdt count -q -k arg0 -c ./hard '*t*'
	assert_line '           1  "a\"b"   hard:text'
	assert_line '           1  "a\\nb"  hard:text'
	assert_line '           1  "a\nb"   hard:text'
	assert_line '           1  5        hard:other'
}

@test "hist: bars that line up, numbers of 64 bits, no floats" {
	run -0 usdt hist -q -l -9000000000000000000:9000000000000000000:9000000000000000000 -c ./mixed hit arg0
	assert_line --regexp '^-9000000000000000000 to -1 +[0-9]+ \|'
	assert_line --regexp '^ *0 to 8999999999999999999 +[0-9]+ \|'
	usdt hist -q -c ./mixed hit arg1 >bars
	[ "$(grep '|' bars | sed 's/|.*//' | awk '{ print length }' | sort -u | wc -l)" = 1 ]
	run usdt hist -c ./mixed hit arg2
	assert_failure 1
	assert_output --partial 'arg2 is a floating-point number'
}

@test "count: by probe, place, process, thread, name; with a filter; in all" {
	local key
	for key in probe location pid tid comm; do
		run -0 --separate-stderr usdt count -k $key -f 'arg0 > 0' -c ./mixed hit
		assert_line --regexp "^ +$(jq -c 'select(.n > 0)' log | wc -l)  in all$"
	done
	run -0 --separate-stderr usdt count -F json -c './mixed 5' 'mixed:*'
	assert_line --regexp '"name":"hit","hits":400}'
	assert_line --regexp '"name":"start","hits":11}'
	assert_line --regexp '"name":"end","hits":11}'
	assert_line '{"hits":422,"unreadable":0,"no_room":0}'
}

@test "count: by each of many places" {
	test_target family
	usdt count -k location -F json -c ./family '*' 2>/dev/null >counted
	usdt trace -F json -o events -c ./family '*' 2>/dev/null >/dev/null
	jq -r '.location' events | sort | uniq -c | awk '{ print $2, $1 }' | sort >want
	jq -r 'select(.location) | "\(.location) \(.hits)"' counted | sort >got
	diff want got
}

@test "count: more keys than there is room for are told of, to the number" {
	cat >wide.c <<-'C'
		#include <sys/sdt.h>
		int main(void) { for (long i = 0; i < 12000; i++) STAP_PROBE1(wide, hit, i); return 0; }
	C
	gcc -O1 -o wide wide.c
	usdt count -k arg0 -F json -c ./wide hit 2>/dev/null | tail -n 1 >last
	jq -e '.hits + .no_room == 12000 and .no_room > 0' last
}

# Four texts of one hash are told apart; of more, it is known how many hits there were.
@test "count: strings of the same hash, each by itself" {
	test_target alike
	usdt count -k arg0 -F json -c ./alike hit 2>/dev/null | grep "^{" >counted
	./alike | head -n 4 >want
	jq -r 'select(.key) | "\(.hits) \(.key)"' counted | sort >got
	diff want got
	jq -es 'last == {hits: 10, unreadable: 0, no_room: 11}' counted
}

@test "hist: powers of two and bars of one width, as the log has them" {
	usdt hist -F json -c ./mixed hit arg0 2>/dev/null >got
	jq -s 'map(.n)' log >values
	jq -e --slurpfile v values '.hits == 400 and ([.bars[] | . as $b |
		($v[0] | map(select(. >= $b.low and . <= $b.high)) | length) == $b.hits] | all)' got
	jq -e '[.bars[].hits] | add == 400' got
	usdt hist -l -40:40:15 -F json -c ./mixed hit arg0 2>/dev/null >got
	jq -e --slurpfile v values '([.bars[] | . as $b |
		($v[0] | map(select(. >= $b.low and . <= $b.high)) | length) == $b.hits] | all)' got
	jq -e '[.bars[].hits] | add == 400' got
	jq -e '.bars[1] | .low == -40 and .high == -26' got
	run -0 --separate-stderr usdt hist -c ./mixed hit arg0
	assert_line --regexp '^ +in all +400$'
	assert_line --regexp '^ +32 to 63 +[0-9]+ \|#+ *\|$'
}

# By number, inner and outer pairs are told apart; by thread each start forgets the last.
@test "latency: as the target's own clock has it, and the halves that lack the other" {
	local times
	usdt latency -k arg0 -F json -o got -c './mixed 40' start end >times 2>talk
	sort -k 2n times | awk '{ print $2 }' >sorted
	times=$(jq '.count' got)
	assert_equal "$times" 80
	jq -e '.unmatched_starts == 1 and .unmatched_ends == 1' got
	# Its clock stands outside both probes: never less, and a little more at most.
	jq -e --argjson most "$(tail -n 1 sorted)" '.max <= $most and .max > $most / 2' got
	jq -e --argjson half "$(sed -n 40p sorted)" '.p50 <= $half * 1.07 and .p50 > $half / 2' got
	jq -e '[.bars[].hits] | add == 80' got
	usdt latency -F json -o got -c './mixed 40' start end >times 2>talk
	# The start of -1 is ended by the end of -2, as both are of one thread.
	jq -e '.count == 41 and .unmatched_starts == 40 and .unmatched_ends == 40' got
	run -0 --separate-stderr usdt latency -k arg0 -c './mixed 5' start end
	assert_line --regexp '^10 times  p50 .* ms  p90 .* ms  p99 .* ms  longest .* ms$'
	assert_line 'without their other half: 1 starts, 1 ends'
}

@test "latency: many threads, and starts whose threads end before" {
	cat >pairs.c <<-'C'
		#include <pthread.h>
		#include <sys/sdt.h>
		#include <unistd.h>
		static void *forever(void *unused) {
			for (;;) { STAP_PROBE1(pairs, start, 7); STAP_PROBE1(pairs, end, 7); }
		}
		static void *once(void *half) {
			STAP_PROBE1(pairs, begin, 1);
			if (!half) STAP_PROBE1(pairs, done, 1);
			return NULL;
		}
		int main(int argc, char *argv[]) {
			pthread_t t;
			for (int i = 0; argc > 1 && i < 4; i++) pthread_create(&t, NULL, forever, NULL);
			if (argc > 1) pause();
			for (int i = 0; i < 12000; i++) { pthread_create(&t, NULL, once, argv); pthread_join(t, NULL); }
			for (int i = 0; i < 100; i++) { pthread_create(&t, NULL, once, NULL); pthread_join(t, NULL); }
			return 0;
		}
	C
	gcc -O1 -o pairs pairs.c
	usdt latency -q -F json -c ./pairs begin done >got # there is room for 10240 at a time
	jq -e '.count == 100 and .unmatched_ends == 0 and .no_room == 0' got
	./pairs threads 3>&- &
	ends_with_test $!
	wait_for 5 is_program $! ./pairs
	usdt latency -q -F json -d 1 -p $! start end >got
	jq -e '.count > 1000 and .unmatched_starts <= 4 and .unmatched_ends <= 4' got
	usdt latency -q -F json -k arg0 -d 1 -p $! start end >got # they take each other's
	jq -e '.no_room == 0 and .max < 1000000000 and .p50 >= 0' got
	kill $!
}

@test "a line a second, of what is new" {
	start_target usdt-passwd 42
	usdt count -i 0.5 -d 2.2 -p "$TARGET_PID" passwdfound 2>talk >lines
	[ "$(grep -cE '^[0-9:]{8} +[0-9]+ hits$' lines)" -ge 3 ]
	[ "$(awk '/ hits$/ { n += $2 } END { print n }' lines)" -le "$(awk '/in all/ { print $1 }' lines)" ]
	usdt count -i 0.5 -d 1.2 -F json -p "$TARGET_PID" passwdfound 2>talk >lines
	jq -es 'length >= 3' lines
}

@test "on a terminal the table is drawn over the last one" {
	need_cmd script
	start_target usdt-passwd 42
	script -qc "$BIN/usdt count -d 2.5 -p $TARGET_PID passwdfound" /dev/null </dev/null >drawn 3>&-
	grep -q $'\033\\[3A' drawn
}

# A line that goes on below could not be drawn over: the last drawing would stay.
@test "on a small terminal it is cut to what fits, and whole at the end" {
	need_cmd script
	local rows
	start_target usdt-passwd 42
	script -qc "stty rows 4 cols 20; $BIN/usdt count -q -d 2.5 -k arg0 -p $TARGET_PID passwdfound" \
		/dev/null </dev/null 3>&- | tr -d '\r' >drawn
	rows=$(grep -n $'\033' drawn | tail -n 1 | cut -d: -f1)
	[ "$(head -n $((rows - 1)) drawn | sed 's/\x1b\[[0-9]*[A-Z]//g' | wc -L)" -le 20 ]
	run ! grep $'\033\\[[4-9]A' drawn
	grep -q $'\033\\[3A' drawn
	grep -qE '^ +[0-9]+  in all$' drawn
}

@test "what they do not take" {
	run usdt latency -p 1 start
	assert_failure 2
	assert_output --partial 'a START and an END'
	run usdt hist -p 1 hit
	assert_failure 2
	assert_output --partial 'which argument'
	run usdt hist -p 1 hit pid
	assert_failure 2
	run usdt count -k nonsense -p 1 hit
	assert_failure 2
	run usdt hist -l 5:1:1 -p 1 hit arg0
	assert_failure 2
	run usdt latency -c ./mixed hit hit
	assert_failure 2
	assert_output --partial 'both the start and the end'
	run usdt hist -c ./mixed hit arg9
	assert_failure 1
	assert_output --partial 'arg9'
}
